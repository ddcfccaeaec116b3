"""Whether a document is printed again or issued anew.

A person has one standing document of a type, whatever paper and language it is on. Printing it on
another paper, or in another language, is a copy of it: same number, same place in the status list.
What withdraws the number withdraws every copy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from documents.templates.model import About
from station import stock
from station.life import JUST_PRINTED, Handed
from station.making import Making, also_said, making, printed_last, with_portrait
from workspace import papers
from workspace.papers import day_of, expired

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Any

    from db.store import Reader
    from ledger.views import DocumentView
    from station.making import Target
    from workspace.session import Session


@dataclass(frozen=True, slots=True)
class Manner:
    """How papers are asked for.

    Attributes:
        language: of the page; without one, the holder's own.
        reason, handed: why one is printed again, and who fetched it.
        fresh: a new document is issued, whatever stands.
        once: what was printed here the same day already is left out.
    """

    language: str | None = None
    reason: str = ""
    handed: Handed = JUST_PRINTED
    fresh: bool = False
    once: bool = False

    @property
    def anew(self) -> bool:
        """A new document is issued: it is asked for, or the one before must not be used."""
        return self.fresh or self.handed.gone


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of a target.

    Attributes:
        standing: what a new document would replace. last: the newest of them.
        said: what was said when that was printed last.
        again: the last is printed again. Otherwise a new document is issued.
    """

    made: Making
    standing: Sequence[DocumentView]
    last: DocumentView | None
    said: Mapping[str, Any]
    again: bool


def decide(session: Session, reader: Reader, target: Target, manner: Manner) -> Decided:
    """A document that still says what is known today is printed again; otherwise, or when asked
    for `anew`, another is issued.

    Without a paper, it is that of the last print; without a language, a copy has that of the last
    print, and a new document the holder's own. Raises `RefusedError`, as `making.making`.
    """
    made = making(session, reader, target, manner.language)
    standing = _standing(reader, made)
    last = max(standing, key=lambda one: (one.issued, one.number), default=None)
    if last is None:
        return Decided(made, standing, None, {}, again=False)
    said = printed_last(reader, last)
    before = str(said.get("paper") or "")
    if not target.paper and before in made.template.papers:
        target = replace(target, paper=before)
        made = replace(made, target=replace(made.target, paper=before))
    again = (
        not manner.anew
        and says_the_same(made, last, said, day_of(session.clock.now()))
        and not _on_spoiled_sheet(session, reader, said)
        # Another office's number is not ours to sign.
        and (last.office == session.office.id or signs_the_same(session, made, said))
    )
    if again and manner.language is None and said["language"] != made.language:
        made = making(session, reader, target, said["language"])
    return Decided(made, standing, last, said, again=again)


def _on_spoiled_sheet(session: Session, reader: Reader, said: Mapping[str, Any]) -> bool:
    """Whether its code says a sheet that was thrown away: whoever finds that must not have a paper
    in force, so another number takes its place."""
    serial = str(said.get("serial") or "")
    return bool(serial) and stock.spoiled_on(session, reader, serial) is not None


def says_the_same(made: Making, last: DocumentView, said: Mapping[str, Any], today: date) -> bool:
    """Whether a document can be printed again: nothing that it said last has changed."""
    also = also_said(made)
    return (
        said.get("drawn_from") == made.heads
        and not expired(last, today)
        and all(said.get(key) == also.get(key) for key in ("said", "facts"))
    )


def signs_the_same(session: Session, made: Making, said: Mapping[str, Any]) -> bool:
    """Whether a copy can bear the code of the print before. The portrait has no room in a card's,
    and the number of pre-numbered paper stands in it."""
    before = str(said.get("paper") or made.template.papers[0])
    return (
        with_portrait(session, made, before) == with_portrait(session, made, made.paper)
        and str(said.get("serial") or "") == made.target.serial
    )


def _standing(reader: Reader, made: Making) -> list[DocumentView]:
    """The documents of this kind, about this event or this errand, that stand now. Two slips that
    say different things are two papers, and both count."""
    target = made.target
    of_household = made.template.about is About.HOUSEHOLD
    return papers.standing(
        reader,
        type_=target.type,
        person=None if of_household else made.person.id,
        household=made.household.id if of_household and made.household else None,
        event=target.event.bytes if target.event is not None else None,
        said=dict(target.said) or None,
    )
