"""Whom to print for: a part of the people, by where they live and by what papers they hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from documents.templates.model import About
from station import making, printing, reading
from station.making import Target
from values.identifiers import HouseholdId, PersonId
from values.numbers import NumberError, parse_any
from workspace import papers
from workspace.errors import RefusedError
from workspace.papers import day_of, expired
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.store import Reader
    from ledger.views import DocumentView, HouseholdView
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Which:
    """Whom to print for. Everything that is given has to hold; nothing given means everybody.

    Attributes:
        type: the id of a document about persons or households that asks for nothing; empty for the
            registration and the attestation.
        shelter: code of the kind of shelter. place: how the shelter's number begins (a block or
            section such as `B-`), in any case.
        households: numbers of households.
        unprinted: only what has no standing document. within: only what expires in so many days.
    """

    type: str = ""
    shelter: str = ""
    place: str = ""
    households: tuple[str, ...] = ()
    unprinted: bool = False
    within: int | None = None


def targets(session: Session, which: Which) -> list[Target]:
    """What would be printed, each household's attestation before its members' papers.

    Raises `RefusedError` for a household number that nobody has.
    """
    require(session, Right.PRINT)
    kind = _in_bulk(session, which.type)
    today = day_of(session.clock.now())
    found: list[Target] = []
    with session.store.read() as reader:
        only = _households(reader, which.households)
        for target in printing.targets_for_all(session):
            if which.type:
                if target.type != kind:
                    continue
                target = replace(target, type=which.type)
            household = _household_of(reader, target)
            if only and (household is None or household.id not in only):
                continue
            if not _lives_in(household, which):
                continue
            standing = _standing(reader, target)
            if which.unprinted and any(not expired(one, today) for one in standing):
                continue
            if which.within is not None and not _ends_within(standing, today, which.within):
                continue
            found.append(target)
    return found


def _in_bulk(session: Session, type_: str) -> str:
    """Whom a type of document is for: all who get that type of paper. Raises `RefusedError` for one
    that is made for one person at a time."""
    if not type_:
        return ""
    template = printing.known_type(session, type_)
    if template.about is About.HOUSEHOLD:
        return "household"
    if template.about is About.PERSON and not template.asks:
        return "registration"
    raise RefusedError(
        "one_by_one", "This document is made for one person at a time. Name the person."
    )


def as_printed(number: str) -> str:
    """A control number as it is printed, however it was typed."""
    try:
        return str(parse_any(number))
    except NumberError:
        raise RefusedError(
            "number", "That is no control number. Type all of it, as it stands on the sheet."
        ) from None


def target_of(reader: Reader, number: str) -> Target | None:
    document = reader.document_by_number(number)
    if document is None:
        return None
    return making.as_printed(reader, document)


def replaceable(reader: Reader, document: DocumentView) -> tuple[Target | None, str]:
    """What is printed in place of a document, and in which language: as it was printed last, but on
    a sheet of its own.

    Raises `RefusedError` when it was replaced already: what stands now is not for an old number to
    withdraw.
    """
    after = papers.replaced_by(reader, document)
    if after:
        raise RefusedError(
            "replaced",
            f"The document {document.number} was replaced by {after}. If that one is to be "
            "replaced, give its number.",
        )
    target = making.as_printed(reader, document)
    language = making.printed_last(reader, document).get("language") or document.language
    return (replace(target, serial="") if target else None), str(language)


def number_of(reader: Reader, target: Target) -> str:
    """The number of the person whom a target is for; of a household without a head, its own."""
    if target.type == "household":
        household = reader.household(HouseholdId(target.subject))
        head = reading.head_of(reader, household)
        return head.number if head else (household.number if household else "")
    person = reader.person(PersonId(target.subject))
    return person.number if person else ""


def _households(reader: Reader, numbers: Iterable[str]) -> frozenset[HouseholdId]:
    found = set()
    for number in numbers:
        view = reader.household_by_number(as_printed(number))
        if view is None:
            raise RefusedError("unknown_household", "No household here has that number.")
        found.add(view.id)
    return frozenset(found)


def _household_of(reader: Reader, target: Target) -> HouseholdView | None:
    if target.type == "household":
        return reader.household(HouseholdId(target.subject))
    return reader.household_of(PersonId(target.subject))


def _lives_in(household: HouseholdView | None, which: Which) -> bool:
    if not which.shelter and not which.place:
        return True
    if household is None:
        return False
    number = household.values.get("shelter_number")
    begins = str(number if isinstance(number, str) else "").casefold()
    return (not which.shelter or household.values.get("shelter") == which.shelter) and (
        begins.startswith(which.place.strip().casefold())
    )


def _standing(reader: Reader, target: Target) -> list[DocumentView]:
    household = HouseholdId(target.subject) if target.type == "household" else None
    person = None if target.type == "household" else PersonId(target.subject)
    return [
        one
        for one in reader.documents_of(person=person, household=household)
        if one.type == target.type and one.revoked is None
    ]


def _ends_within(standing: Iterable[DocumentView], today: date, days: int) -> bool:
    """Whether there is a standing document, and the last of them ends within so many days.

    One that is over already counts too: its holder has nothing else.
    """
    ends = [date.fromisoformat(one.expires[:10]) for one in standing]
    return bool(ends) and max(ends) <= today + timedelta(days=days)
