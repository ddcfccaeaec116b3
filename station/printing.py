"""What is printed for whom: the queue, and the targets of a run.

Making the pages and their entries is `station.issuing`, withdrawing them `workspace.papers`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from documents.templates.model import About, Template
from station import pages, reading
from station.blanks import blank_sheets as blank_sheets
from station.event_pages import event_of, holder_of
from station.issuing import IssuedDocument as IssuedDocument
from station.issuing import Skipped as Skipped
from station.issuing import preview as preview
from station.making import Target as Target
from station.withheld import dead, refused, unasked
from values.identifiers import HouseholdId, PersonId
from values.numbers import NumberError, parse_any
from workspace import templates
from workspace.clocks import clock_doubt as clock_doubt
from workspace.clocks import confirm_clock as confirm_clock
from workspace.errors import RefusedError
from workspace.rights import Right, require
from workspace.search import readable
from workspace.stubs import is_stub

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from db.store import Reader
    from ledger.views import PersonView
    from workspace.session import Session

QUEUE_LENGTH = 500
"""Persons in the print queue at once: more than a desk registers in a day."""


@dataclass(frozen=True, slots=True)
class PrintRow:
    """One person in the print queue, with the day of the last document, if any, and its end.

    `shelter` is the number of the household's shelter: a queue is printed block by block.
    `unasked`: what the person says to a document is not recorded.
    """

    person: PersonId
    number: str
    name: str
    household: HouseholdId | None
    household_number: str
    last_issued: date | None
    ends: date | None = None
    shelter: str = ""
    unasked: bool = False


def printable(session: Session, *, also: Iterable[PersonId] = ()) -> list[PrintRow]:
    """Those whose registration stands and was not returned, the newest registration first; without
    the dead, and whoever does not want a document.

    As long as a day's work: the newest persons without a document, the newest at all, and those
    named in `also`. For anybody else there is the search.
    """
    require(session, Right.PRINT)
    rows: list[PrintRow] = []
    with session.store.read() as reader:
        found = {
            view.id: view
            for views in (
                reader.newest_persons(QUEUE_LENGTH, unprinted=True),
                reader.newest_persons(QUEUE_LENGTH),
                reader.persons(list(also)),
            )
            for view in views
        }
        newest = sorted(found.values(), key=lambda one: (one.first_at, one.number), reverse=True)
        for view in newest:
            if not _stands(reader, view) or refused(view):
                continue
            household = reader.household_of(view.id)
            standing = [one for one in reader.documents_of(person=view.id) if one.revoked is None]
            issued = [one.issued for one in standing]
            shelter = household.values.get("shelter_number") if household else None
            rows.append(
                PrintRow(
                    person=view.id,
                    number=view.number,
                    name=reading.name_of(view),
                    household=household.id if household else None,
                    household_number=household.number if household else "",
                    last_issued=date.fromisoformat(max(issued)) if issued else None,
                    ends=max((date.fromisoformat(one.expires) for one in standing), default=None),
                    shelter=shelter if isinstance(shelter, str) else "",
                    unasked=unasked(view),
                )
            )
    return rows


def targets_for_all(session: Session) -> list[Target]:
    """Every household with its attestation first, then each member's registration document.

    Without the dead, those who were voided or erased, and registrations that were returned.
    """
    require(session, Right.PRINT)
    found: list[Target] = []
    with session.store.read() as reader:
        for household in reader.households():
            present = [
                one
                for one in pages.present_members(household)
                if (person := reader.person(one)) is not None and _stands(reader, person)
            ]
            if not present or household.voided:
                continue
            found.append(Target("household", household.id))
            found.extend(Target("registration", person) for person in present)
        return found


def _stands(reader: Reader, person: PersonView) -> bool:
    """Whether papers are printed for somebody in the ordinary run of work."""
    registration = reader.registration_of(person.id)
    returned = registration is not None and registration.status == "returned"
    return not (person.voided or returned or dead(person) or is_stub(person))


def target_of(
    session: Session, number: str, type_: str, *, said: Mapping[str, str] | None = None
) -> Target:
    """The target for a person's number as typed: of a document about an event, the latest event of
    that person that stands. Raises `RefusedError`."""
    number = readable(number)
    with suppress(NumberError):
        # As it is printed, however it was typed.
        number = str(parse_any(number))
    with session.store.read() as reader:
        template = _known(reader, type_)
        asked = tuple(sorted((said or {}).items()))
        persons = reader.persons_by_number(number)
        if len(persons) > 1:
            raise RefusedError(
                "number_shared",
                "Two persons have that number. Print from the person's page; tell the registry.",
            )
        if persons:
            person = persons[0]
            if template.about is About.PERSON:
                return Target(type_, person.id, said=asked)
            if template.about is About.EVENT:
                today = session.clock.now().date()
                event = event_of(session, reader, template, person, today)
                holder = holder_of(reader, template, event)
                return Target(type_, holder.id, event=event.id, said=asked)
            household = reader.household_of(person.id)
            if household is not None:
                return Target(type_, household.id, said=asked)
            raise RefusedError(
                "no_household",
                "This person belongs to no household now. Give the number of the household, or of "
                "somebody who belongs to it.",
            )
        by_number = reader.household_by_number(number)
        if by_number is not None and template.about is About.HOUSEHOLD:
            return Target(type_, by_number.id, said=asked)
    raise RefusedError(
        "unknown_number", "No person here has that number. Check it against the paper."
    )


def known_type(session: Session, type_: str) -> Template:
    """The template of a type of document. Raises `RefusedError` for one that does not exist."""
    with session.store.read() as reader:
        return _known(reader, type_)


def _known(reader: Reader, type_: str) -> Template:
    library = templates.library(reader)
    found = library.get(type_)
    if found is None or not found.coded:
        raise RefusedError(
            "document_type",
            f"There is no document {type_!r}. Choose one of: "
            f"{', '.join(one.id for one in library.printed())}.",
        )
    return found
