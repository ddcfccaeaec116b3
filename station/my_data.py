"""My data: everything that is recorded about a person, printed for that person.

Sensitive answers are counted and not told: a paper is read by whoever finds it. Nor are words
about others, though they stand in an event in which the person took part, nor the numbers of the
family: whoever holds one can ask about its bearer. The printing is written
to the audit; it is no entry, because it changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from documents.page_data import Record, Section
from documents.pages import render_record
from documents.wording import Words
from forms.written import written
from resources import i18n
from resources.i18n import translation
from station.languages import printed_in
from station.pages import issuer_of
from values.text import isolate
from workspace import people
from workspace.rights import Right, require
from workspace.search import text as search_text

if TYPE_CHECKING:
    from values.identifiers import PersonId
    from workspace.people import PersonPage, TimelineRow
    from workspace.session import Session


_CHANGED = " \u203a "
"""Between what was and what is: unlike an arrow it is in the faces of papers, and turns with text
that runs from the right."""


_ONE_LINE = 40
"""Letters of a name that fit on a line beside a label."""


def _(text: str) -> str:
    """Marks a source string for the catalogues."""
    return text


def print_my_data(
    session: Session, person: PersonId, *, language: str, otherwise: str = ""
) -> bytes:
    """The record as a PDF in the person's language, or, where there are no words in it, in the one
    that is named `otherwise`: one of the two who look at it should be able to read it.

    Raises `RefusedError` for a person who is not here, or a language that cannot be printed.
    """
    made = preview(session, person, language=language, otherwise=otherwise).pdf
    with session.store.write() as unit:
        unit.audit(
            at=session.clock.now(),
            user=session.user.id,
            act="my_data.printed",
            subject=("person", person),
        )
    return made


@dataclass(frozen=True, slots=True)
class Preview:
    """A record before it is printed. `language`: the one that it is told in. `wordless`: the code
    of the person's own where the record cannot be told in it; else empty."""

    language: str
    wordless: str
    pdf: bytes = field(repr=False)


def preview(
    session: Session, person: PersonId, *, language: str = "", otherwise: str = ""
) -> Preview:
    """What would be printed, without saying that it was. No `language`: the person's own.

    Raises `RefusedError`, as `print_my_data`.
    """
    require(session, Right.PRINT)
    spoken = ""
    if not language:
        with session.store.read() as reader:
            view = reader.person(person)
        spoken = search_text(view, "language") if view is not None else ""
    tag = told_in(session, language or spoken, otherwise)
    wordless = spoken if spoken and written(spoken) != tag else ""
    page = people.person_page(session, person, language=tag, for_them=True)
    now = session.clock.now()
    record = Record(
        language=tag,
        number=page.permanent or page.number,
        made=now.date(),
        made_by=session.user.name,
        issuer=issuer_of(session),
        name=page.name,
        sections=_sections(page, tag),
        training=session.office.training,
    )
    return Preview(tag, wordless, render_record(record, created=now))


def told_in(session: Session, language: str, otherwise: str = "") -> str:
    """The tag of the language in which somebody's record is told: fewer than papers have, because
    it takes every word of the forms. `otherwise`, or the authority's, where there are none."""
    for one in (language, otherwise, session.office.operation.language):
        if one and i18n.has(tag := printed_in(session, one)) and written(one):
            return tag
    return i18n.SOURCE_LANGUAGE


def _sections(page: PersonPage, language: str) -> tuple[Section, ...]:
    text = translation(language).gettext
    words = Words(language)
    who = [
        (text(_("Name")), _whole(page.name)),
        (text(_("Name in Latin letters")), _whole(page.name_latin)),
        (text(_("Number")), page.number),
        (text(_("Registry number")), page.permanent),
    ]
    facts = [(fact.label, fact.value_text) for fact in page.facts]
    household = page.household
    family = [
        (member.relation_text, isolate(_whole(member.name)))
        for member in (household.members if household else ())
    ]

    def told(row: TimelineRow) -> str:
        return row.detail.replace(" → ", _CHANGED)

    events = [
        (row.title, " · ".join(filter(None, (_part(row, tag=language), told(row) or day))))
        for row in page.timeline
        if (day := words.day(row.at.date()))
    ]
    papers = [
        (
            one.type_text,
            " · ".join(
                (
                    isolate(one.number),
                    f"{words.say('issued')}: {words.day(date.fromisoformat(one.issued[:10]))}",
                    f"{words.say('expires')}: {words.day(date.fromisoformat(one.expires[:10]))}",
                )
            ),
        )
        for one in page.documents
    ]
    changes = [
        (row.label, _CHANGED.join(isolate(part) for part in (row.old, row.new) if part))
        for row in page.history
        if row.old
    ]
    found = (
        (text(_("You")), [line for line in who if line[1]] + facts),
        (text(_("Your household")), family),
        (text(_("What happened")), events),
        (text(_("Documents made for you")), papers),
        (text(_("What was changed")), changes),
    )
    return tuple(Section(heading, tuple(lines)) for heading, lines in found if lines)


def _whole(name: str) -> str:
    """A name that lines do not part where it fits on one: a surname alone reads as another's."""
    return name.replace(" ", "\u00a0") if len(name) <= _ONE_LINE else name


def _part(row: TimelineRow, *, tag: str) -> str:
    """What the person was in an event, in words."""
    return (
        translation(tag).gettext(_("Your part: {part}")).format(part=row.role) if row.role else ""
    )
