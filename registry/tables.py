"""Tables for other programs: persons, households, events, documents, stations, queues.

An export is an act of somebody who answers for it: the reason comes first, and stands in the audit
before the first row is written. What is sealed, and what is most likely to harm, is left out unless
a registrar asks for it in so many words. With a purpose, only who said yes to it is in the table,
with those answers alone that may go further for it. `docs/formats/tables.md` names every column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

from ledger import kinds
from ledger.facts import writes_of
from ledger.views import DocumentView, EventView, HouseholdView, PersonView
from registry import oversight
from sync.seal import unseal
from values import cbor
from values.dates import DateError, PartialDate
from workspace import tabular
from workspace.errors import NotAllowedError, RefusedError
from workspace.reasons import reason as said_why
from workspace.rights import Right, require
from workspace.tabular import Column, Form, Table, Written

if TYPE_CHECKING:
    from pathlib import Path

    from db.store import Reader
    from forms.definition import Form as Asked
    from registry.oversight import Figures
    from values.secret import Secret
    from workspace.session import Session
    from workspace.tabular import Cell, Row

    Progress = Callable[[int, int], None]

PERSONS: Final = "persons"
HOUSEHOLDS: Final = "households"
EVENTS: Final = "events"
DOCUMENTS: Final = "documents"
STATIONS: Final = "stations"
QUEUES: Final = "queues"
TABLES: Final = (PERSONS, HOUSEHOLDS, EVENTS, DOCUMENTS, STATIONS, QUEUES)
FOR_PURPOSE: Final = frozenset({PERSONS, STATIONS, QUEUES})
"""What is written for a purpose: other tables cannot leave out who said no."""

ACT: Final = "tables.exported"
SENSITIVE: Final = ("needs", "legal_status", "statelessness", "uasc_status")
"""Answers that most likely harm whoever is known by them; with them goes what is sealed."""
PURPOSES: Final = (
    "registration", "document", "assistance", "tracing", "host_state", "third_state", "statistics",
)  # fmt: skip
_BATCH: Final = 500
_SEALED: Final = "needs_sealed"

T = TypeVar("T")

# Hashtags of HXL 1.1, https://hxlstandard.org/standard/1-1final/: those of its core, refined by
# attributes; `+v_` names the vocabulary that codes are of.
_ANSWERS: Final = (
    ("name", "#affected +name +ind"),
    ("name_latin", "#affected +name +ind +alt"),
    ("father_name", "#affected +name +father"),
    ("mother_name", "#affected +name +mother"),
    ("sex", "#affected +sex +code"),
    ("birth", "#date +birth"),
    ("birth_place", "#loc +birth +name"),
    ("nationality", "#country +nationality +code +v_iso3"),
    ("language", "#affected +language +code +v_iso639_3"),
    ("marital_status", "#affected +marital +code"),
    ("phone", "#contact +phone"),
)
_SENSITIVE_TAGS: Final = {
    "needs": "#need +code +list",
    "legal_status": "#status +legal +code",
    "statelessness": "#status +stateless +code",
    "uasc_status": "#status +uasc +code",
}
_PERSON_ENDS: Final = (
    Column("share_with_origin", "#status +consent +origin"),
    Column("first_recorded", "#date +reported +start"),
    Column("last_recorded", "#date +updated"),
    Column("voided", "#status +voided"),
)
_HOUSEHOLD: Final = (
    Column("number", "#affected +hh +id"),
    Column("members", "#affected +ind +num"),
    Column("arrival", "#date +arrival"),
    Column("origin_country", "#country +origin +code +v_iso3"),
    Column("origin_place", "#loc +origin +name"),
    Column("origin_code", "#loc +origin +code"),
    Column("cause", "#cause +code"),
    Column("hazard", "#cause +hazard +code"),
    Column("shelter", "#status +shelter +code"),
    Column("first_recorded", "#date +reported +start"),
    Column("last_recorded", "#date +updated"),
    Column("voided", "#status +voided"),
)
_EVENT: Final = (
    Column("event", "#event +id"),
    Column("type", "#event +type +code"),
    Column("date", "#date +occurred"),
    Column("household", "#affected +hh +id"),
    Column("participants", "#affected +ind +id +list"),
    Column("first_recorded", "#date +reported +start"),
    Column("last_recorded", "#date +updated"),
    Column("voided", "#status +voided"),
)
_DOCUMENT: Final = (
    Column("number", "#item +document +id"),
    Column("type", "#item +document +type +code"),
    Column("person", "#affected +ind +id"),
    Column("household", "#affected +hh +id"),
    Column("language", "#meta +language +code"),
    Column("issued", "#date +issued"),
    Column("expires", "#date +end"),
    Column("reprints", "#item +reprints +num"),
    Column("revoked", "#status +revoked +code"),
)
_STATION: Final = (
    Column("code", "#loc +station +code"),
    Column("name", "#loc +station +name"),
    Column("standing", "#status +station +code"),
    Column("last_contact", "#date +reported"),
    Column("entries", "#meta +entries +num"),
    Column("missing", "#meta +missing +num"),
    Column("unfinished_bundles", "#meta +unfinished +num"),
    Column("families", "#affected +hh +num"),
)
_QUEUE: Final = (
    Column("queue", "#meta +queue +code"),
    Column("waiting", "#indicator +waiting +num"),
    Column("oldest", "#date +start"),
    Column("under_1_day", "#indicator +waiting +days_0_1 +num"),
    Column("under_3_days", "#indicator +waiting +days_1_3 +num"),
    Column("under_7_days", "#indicator +waiting +days_3_7 +num"),
    Column("under_30_days", "#indicator +waiting +days_7_30 +num"),
    Column("longer", "#indicator +waiting +days_30_up +num"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported. `purpose`: only who said yes to it; empty for everybody."""

    tables: tuple[str, ...] = TABLES
    form: Form = Form.CSV
    sensitive: bool = False
    purpose: str = ""


def export(
    session: Session,
    out: Path,
    wanted: Wanted,
    *,
    reason: str,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Written]:
    """Write the tables into the new folder ``out``, after the act and its reason are in the audit.

    Raises `NotAllowedError`, `RefusedError` (no such table or purpose, something at ``out``, no
    reason, stopped) and `OSError`; then there is no folder.
    """
    require(session, Right.TABLES)
    told = said_why(reason)
    if not told:
        raise RefusedError("reason", "Say why the tables leave; it stands in the audit.")
    tables = _chosen(wanted)
    identity = _vault(session) if wanted.sensitive else None
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise RefusedError("exists", f"There is something at {out} already. Name a new folder.")
    figures = oversight.figures(session)
    with session.store.write() as unit:
        unit.audit(
            at=session.clock.now(), user=session.user.id, act=ACT, detail=_detail(wanted, told)
        )
    with session.store.read() as reader:
        writing = _Writing(session, reader, wanted, identity, figures)
        made = [writing.table(name) for name in tables]
        return tabular.write(out, made, wanted.form, progress=progress, cancelled=cancelled)


def _chosen(wanted: Wanted) -> tuple[str, ...]:
    unknown = [one for one in wanted.tables if one not in TABLES]
    if unknown or not wanted.tables:
        raise RefusedError("table", f"Name tables among these: {', '.join(TABLES)}.")
    if wanted.purpose and wanted.purpose not in PURPOSES:
        raise RefusedError("purpose", f"Name one of these purposes: {', '.join(PURPOSES)}.")
    chosen = tuple(one for one in TABLES if one in wanted.tables)
    if wanted.purpose:
        chosen = tuple(one for one in chosen if one in FOR_PURPOSE)
        if not chosen:
            raise RefusedError(
                "purpose",
                "For a purpose there are the tables persons, stations and queues: the others "
                "cannot leave out who said no.",
            )
    return chosen


def _vault(session: Session) -> Secret:
    require(session, Right.SEALED)
    if session.vault_identity is None:
        raise NotAllowedError(session.user.role.value, "registrar")
    return session.vault_identity


def _detail(wanted: Wanted, reason: str) -> str:
    parts = [wanted.form.value, " ".join(_chosen(wanted))]
    if wanted.sensitive:
        parts.append("sensitive")
    if wanted.purpose:
        parts.append(f"for {wanted.purpose}")
    return f"{', '.join(parts)}: {reason}"


class _Writing:
    """One export: its reading, and what every table needs."""

    def __init__(
        self,
        session: Session,
        reader: Reader,
        wanted: Wanted,
        identity: Secret | None,
        figures: Figures,
    ) -> None:
        self._reader = reader
        self._identity = identity
        self._purpose = wanted.purpose
        self._figures = figures
        self._role = session.user.role.value
        self._form: Asked = session.catalogue.form("person")
        self._household: Asked = session.catalogue.form("household")
        self._answers = tuple((name, tag) for name, tag in _ANSWERS if self._may(self._form, name))
        self._sensitive = (
            tuple(name for name in SENSITIVE if self._may(self._form, name)) if identity else ()
        )
        self._sealed = identity is not None and not wanted.purpose

    def table(self, name: str) -> Table:
        """One of `TABLES`."""
        about = self._figures.totals.get(name, 0)
        if name == PERSONS:
            return Table(name, self._person_columns(), self._persons, about)
        columns, rows = {
            HOUSEHOLDS: (_HOUSEHOLD, self._households),
            EVENTS: (_EVENT, self._events),
            DOCUMENTS: (_DOCUMENT, self._documents),
            STATIONS: (_STATION, self._stations),
            QUEUES: (_QUEUE, self._queues),
        }[name]
        return Table(name, columns, rows, about)

    def _may(self, form: Asked, name: str) -> bool:
        """Whether an answer is for this reader, and may go further for the purpose."""
        field = form.field(name) if name in form else None
        if field is None or field.sensitive or not field.seen_by(self._role):
            return False
        return not self._purpose or self._purpose in field.shared

    # persons ---------------------------------------------------------------------------------

    def _person_columns(self) -> tuple[Column, ...]:
        purposes = (self._purpose,) if self._purpose else PURPOSES
        found = [
            Column("number", "#affected +ind +id"),
            Column("permanent_number", "#affected +ind +id +permanent"),
            Column("household", "#affected +hh +id"),
            Column("registration", "#status +registration +code"),
        ]
        for name, tag in self._answers:
            found.append(Column(name, tag))
            if name == "birth":
                found.append(Column("birth_earliest", "#date +birth +start"))
                found.append(Column("birth_latest", "#date +birth +end"))
        found += [Column(name, _SENSITIVE_TAGS[name]) for name in self._sensitive]
        if self._sealed:
            found.append(Column(_SEALED, "#need +code +list +sealed"))
        found += [Column(f"consent_{one}", f"#status +consent +{one}") for one in purposes]
        return (*found, *_PERSON_ENDS)

    def _persons(self) -> Iterator[Row]:
        for views in _batches(self._reader.views("person")):
            people: list[PersonView] = [one for one in views if self._agreed(one)]
            places = self._reader.whereabouts([one.id for one in people])
            for one in people:
                yield self._person(one, *places[one.id])

    def _agreed(self, view: PersonView) -> bool:
        """Whether the person said yes to the purpose. Silence is no yes."""
        if not self._purpose:
            return True
        return view.voided is None and _consent(view).get(self._purpose) == "yes"

    def _person(self, view: PersonView, household: str, status: str) -> list[Cell]:
        row: list[Cell] = [view.number, view.permanent, household, status]
        for name, _tag in self._answers:
            value = view.values.get(name)
            if name == "birth":
                row += _birth(value)
            else:
                row.append(_shown(value))
        row += [_shown(view.values.get(name)) for name in self._sensitive]
        if self._sealed:
            row.append(" ".join(self._needs(view)))
        consent = _consent(view)
        purposes = (self._purpose,) if self._purpose else PURPOSES
        row += [_shown(consent.get(one)) for one in purposes]
        row += [_shown(view.values.get("share_with_origin")), view.first_at, view.last_at]
        row.append(view.voided)
        return row

    def _needs(self, view: PersonView) -> list[str]:
        """Every need that was ever sealed, as where it is read on the person's page."""
        if self._identity is None or view.values.get(_SEALED) is None:
            return []
        said = [writes_of(one).get(_SEALED) for one in self._reader.entries_of("person", view.id)]
        return sorted(
            {
                str(code)
                for sealed in said
                if isinstance(sealed, bytes)
                for code in cbor.decode(unseal(sealed, [self._identity]))
            }
        )

    # the others ------------------------------------------------------------------------------

    def _households(self) -> Iterator[Row]:
        names = [one.name for one in _HOUSEHOLD[2:9]]
        may = {name: self._may(self._household, name) for name in names}
        view: HouseholdView
        for view in self._reader.views("household"):
            answers = [_shown(view.values.get(name)) if may[name] else None for name in names]
            yield [
                view.number, len(view.present()), *answers, view.first_at, view.last_at, view.voided
            ]  # fmt: skip

    def _events(self) -> Iterator[Row]:
        for views in _batches(self._reader.views("event")):
            events: list[EventView] = [one for one in views if one.type != kinds.CORRECTION]
            people = self._reader.numbers_of_persons(
                {who.person.bytes for one in events for who in one.participants}
            )
            homes = self._reader.numbers_of_households(
                {one.household.bytes for one in events if one.household}
            )
            for one in events:
                who = " ".join(
                    f"{who.role}:{people.get(who.person.bytes, '')}" for who in one.participants
                )
                home = homes.get(one.household.bytes) if one.household else None
                yield [
                    str(one.id), one.type, _birth(one.date)[0], home, who, one.first_at,
                    one.last_at, one.voided,
                ]  # fmt: skip

    def _documents(self) -> Iterator[Row]:
        for views in _batches(self._reader.views("document")):
            papers: list[DocumentView] = views
            people = self._reader.numbers_of_persons(
                {one.person.bytes for one in papers if one.person}
            )
            homes = self._reader.numbers_of_households(
                {one.household.bytes for one in papers if one.household}
            )
            for one in papers:
                yield [
                    one.number, one.type, people.get(one.person.bytes) if one.person else None,
                    homes.get(one.household.bytes) if one.household else None, one.language,
                    one.issued, one.expires, len(one.reprints),
                    None if one.revoked is None else one.revoked_code or "yes",
                ]  # fmt: skip

    def _stations(self) -> Iterator[Row]:
        for one in self._figures.stations:
            yield [
                one.code, one.name, one.standing.value, one.last_contact, one.entries, one.missing,
                one.unfinished, one.families,
            ]  # fmt: skip

    def _queues(self) -> Iterator[Row]:
        for one in self._figures.queues:
            yield [one.queue.value, one.number, one.oldest, *one.ages]


def _batches(views: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(views, _BATCH)):
        yield batch


def _consent(view: PersonView) -> Mapping[str, Any]:
    found = view.values.get("consent")
    return found if isinstance(found, Mapping) else {}


def _birth(value: Any) -> Sequence[Cell]:
    """A date as it was said, in the Gregorian calendar, and the days between which it lies."""
    if not isinstance(value, Mapping) or "edtf" not in value:
        return [_shown(value), None, None]
    try:
        said = PartialDate.from_body(value)
        return [said.gregorian, said.earliest, said.latest]
    except DateError:
        return [_shown(value.get("edtf")), None, None]


def _shown(value: Any) -> Cell:
    """An answer in one cell. What was not said is told as ``(unknown)`` or ``(refused)``."""
    match value:
        case None | str() | int() | float():
            return value
        case {"missing": why}:
            return f"({why})"
        case {"edtf": _}:
            return _birth(value)[0]
        case list() | tuple():
            return " ".join(str(_shown(one)) for one in value)
        case UUID():
            return str(value)
        case {}:
            return None
        case _:
            return None
