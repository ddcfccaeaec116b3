"""A pair as two people look at it: both records beside each other, and why it was proposed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ledger import kinds
from matching import weights as w
from matching.proposing import alike, compare
from registry import claims
from registry.adjudication_acts import key_of
from registry.adjudication_cases import (
    DIFFERENT,
    SAME,
    UNLINKED,
    UNSURE,
    WITHDRAWN,
    State,
    fold_case,
    match_id,
    pair,
)
from registry.stations import stations
from registry.weighing import profile_of, with_households
from resources.i18n import translation
from workspace import telling
from workspace.errors import RefusedError
from workspace.linked import records_of, standing_number
from workspace.past import user_name
from workspace.people import person_page
from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime

    from db.store import Reader
    from ledger.views import PersonView
    from registry.adjudication_cases import Case
    from registry.claims import Owner
    from values.identifiers import EntryHash, OfficeId, PersonId
    from workspace.people import PersonPage
    from workspace.session import Session


def _(text: str) -> str:
    """Marks a source string for the catalogues."""
    return text


SENTENCES: Final = {
    w.NAME_SAME: _("The names are the same, as far as spelling goes"),
    w.NAME_ALIKE: _("The names sound alike"),
    w.NAME_NEAR: _("The names are much alike"),
    w.NAME_PARTLY: _("The names have a part in common"),
    w.NAME_OTHER: _("The names are different"),
    w.BIRTH_SAME: _("Born on the same day"),
    w.BIRTH_TURNED: _("Day and month of birth may have changed places"),
    w.BIRTH_NEAR: _("The dates of birth differ in one part"),
    w.BIRTH_WITHIN: _("What is known of the births fits"),
    w.BIRTH_YEAR: _("Born within a year of each other"),
    w.BIRTH_APART: _("Born some years apart"),
    w.BIRTH_FAR: _("Born many years apart"),
    w.SEX_SAME: _("The same sex"),
    w.SEX_OTHER: _("Another sex"),
    w.FATHER_SAME: _("The fathers' names are alike"),
    w.FATHER_OTHER: _("The fathers' names are different"),
    w.MOTHER_SAME: _("The mothers' names are alike"),
    w.MOTHER_OTHER: _("The mothers' names are different"),
    w.DOCUMENT_SAME: _("A document has the same number"),
    w.DOCUMENT_OTHER: _("Documents of one kind have different numbers"),
    w.PHONE_SAME: _("The same telephone number"),
    w.HOUSEHOLD_SAME: _("Both belong, or belonged, to one household"),
}

DECISIONS: Final = {
    SAME: _("The same person"),
    DIFFERENT: _("Two persons"),
    UNSURE: _("Cannot tell"),
    UNLINKED: _("The link was taken back"),
    WITHDRAWN: _("Took their word back"),
}

NUMBER: Final = _("Number")
PERMANENT: Final = _("Permanent number")
HEAVIEST: Final = 90
"""Tenths: the weightiest reason there is, for which a bar is full."""
EVENTS: Final = 6

AGREES, NEAR, DIFFERS, ONE_SIDE = "agrees", "near", "differs", "one_side"


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of both. `standing`: `agrees`, `near`, `differs`, or `one_side` says nothing."""

    name: str
    label: str
    values: tuple[str, str] = field(repr=False)
    standing: str


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for or against. `share` from -1 to 1 of the weightiest there is."""

    code: str
    sentence: str
    share: float


@dataclass(frozen=True, slots=True)
class Word:
    """What a registrar said of the pair. `counts`: not taken back, nor said of other answers."""

    by: str
    at: datetime
    decision: str
    what: str
    reason: str
    own: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """One of the two. `page` is everything a person's page shows; `station` took them in.
    `permanent` is the record's own number, whether or not it stands."""

    person: PersonId
    page: PersonPage
    permanent: str
    station: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class CaseShown:
    """Everything about a pair.

    Attributes:
        seen: the last entry about it, to be named when deciding.
        score: thousandths.
        may_undo: the reader said something that can be taken back.
        second: somebody else said `same`, and this reader's word would link the two.
        permanent: the number that stands, or would stand, for both.
    """

    key: str
    sides: tuple[Beside, Beside]
    lines: tuple[Line, ...]
    reasons: tuple[Why, ...]
    told: tuple[Word, ...]
    state: State
    score: int
    seen: EntryHash | None
    owner: Owner | None
    may_undo: bool
    second: bool
    again: bool
    permanent: str


def case(session: Session, one: PersonId, other: PersonId, *, language: str = "en") -> CaseShown:
    """A pair to look at. Raises `RefusedError` when it was never proposed."""
    require(session, Right.REGISTER)
    first, second = pair(one, other)
    with session.store.read() as reader:
        known = reader.match_case(first, second)
        views = reader.person(first), reader.person(second)
        if known is None or views[0] is None or views[1] is None:
            raise RefusedError("no_case", "These two were not proposed as one person.")
        told = fold_case(reader.entries_of(kinds.MATCH, match_id(first, second)))
        codes = {station.id: station.code for station in stations(reader)}
        origins = [_origin(reader, codes, view) for view in (views[0], views[1])]
        owner = claims.owners(session, reader).get(key_of(first, second))
        reasons = _reasons(reader, views[0], views[1], language)
        records = {r.id: r for view in (views[0], views[1]) for r in records_of(reader, view.id)}
        permanent = standing_number(reader, records.values())
        words = _words(session, reader, told, language)
    pages = [person_page(session, person, language=language) for person in (first, second)]
    sides = (
        Beside(first, pages[0], views[0].permanent or "", *origins[0]),
        Beside(second, pages[1], views[1].permanent or "", *origins[1]),
    )
    mine = next((word for word in told.standing if word.author == session.user.id), None)
    return CaseShown(
        key=key_of(first, second),
        sides=sides,
        lines=tuple(_lines(session, sides, (views[0], views[1]), language)),
        reasons=reasons,
        told=words,
        state=State(known.state),
        score=known.score,
        seen=told.heads[0] if told.heads else None,
        owner=owner,
        may_undo=told.last_of(session.user.id) is not None,
        second=told.state is State.SECOND and (mine is None or mine.decision != SAME),
        again=bool(known.details.get("again")),
        permanent=permanent,
    )


def _origin(reader: Reader, codes: dict[OfficeId, str], view: PersonView) -> tuple[str, datetime]:
    first = reader.entries_of(kinds.PERSON, view.id)[0].header
    return codes.get(first.office, "—"), first.device_time


def _reasons(reader: Reader, one: PersonView, other: PersonView, language: str) -> tuple[Why, ...]:
    """Weighed anew: what speaks for it and against it by what both records say now."""
    made = compare(*with_households(reader, profile_of(one), profile_of(other)))
    say = translation(language).gettext
    return tuple(
        Why(
            reason.code,
            say(SENTENCES[reason.code]),
            max(-1.0, min(1.0, reason.weight * 10 / HEAVIEST)),
        )
        for reason in (made.reasons if made else ())
    )


def _words(session: Session, reader: Reader, told: Case, language: str) -> tuple[Word, ...]:
    say = translation(language).gettext
    counted = {word.entry for word in told.standing}
    return tuple(
        Word(
            by=user_name(session, reader, word.author),
            at=word.at,
            decision=word.decision,
            what=say(DECISIONS.get(word.decision, word.decision)),
            reason=telling.reason_text(word.reason, language),
            own=word.author == session.user.id,
            counts=word.entry in counted,
        )
        for word in told.told
    )


def _lines(
    session: Session,
    sides: tuple[Beside, Beside],
    views: tuple[PersonView, PersonView],
    language: str,
) -> list[Line]:
    """Every answer that one of the two gave, those that tell persons apart first."""
    form = session.catalogue.form("person")
    facts = [{one.field: one.value_text for one in side.page.facts} for side in sides]
    for side, told in zip(sides, facts, strict=True):
        told["name"] = side.page.name
        if side.page.name_latin != side.page.name:
            told["name_latin"] = side.page.name_latin
    order = [name for name in _FIRST if any(name in told for told in facts)]
    order += [one.name for one in form.fields() if one.name not in _FIRST]
    lines = []
    for name in order:
        values = facts[0].get(name, ""), facts[1].get(name, "")
        if any(values):
            label = telling.field_text(form, name, language)
            lines.append(Line(name, label, values, _standing(name, values, views)))
    return lines


_FIRST: Final = (
    "name",
    "name_latin",
    "sex",
    "birth",
    "birth_place",
    "father_name",
    "mother_name",
    "documents",
    "nationality",
    "phone",
)
_NAMES: Final = ("name", "name_latin", "father_name", "mother_name", "grandfather_name")


def _standing(name: str, values: tuple[str, str], views: tuple[PersonView, PersonView]) -> str:
    if not all(values):
        return ONE_SIDE
    if values[0] == values[1]:
        return AGREES
    if name in _NAMES and alike([values[0]], [values[1]]) >= 0.85:
        return NEAR
    if name == "birth":
        births = [profile_of(view).birth for view in views]
        one, other = births
        if one and other and one.earliest <= other.latest and other.earliest <= one.latest:
            return NEAR
    return DIFFERS
