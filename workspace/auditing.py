"""Who did what: the audit (readings of what is sealed, exports, and other acts that leave no entry)
and, where it is asked for, the acts that were signed. Ids and codes, never a registered person's
name; a list for the page, and a file for whoever has to look through all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from ledger import kinds
from ledger.views import DocumentView, HouseholdView, PersonView, RegistrationView
from values.identifiers import UserId
from workspace import telling
from workspace.act import VIEWED
from workspace.errors import RefusedError
from workspace.reasons import reason as said_why
from workspace.rights import Right, require
from workspace.tabular import Column, Form, Table, write_file

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from db.doings import Doing
    from db.store import Reader
    from workspace.session import Session
    from workspace.tabular import Row

EXPORTED: Final = "audit.exported"
HERE: Final = "—"
"""In the place of a station's code: this office itself, or one that has none."""

_COLUMNS: Final = (
    Column("at", "#date +reported"),
    Column("user", "#contact +user +name"),
    Column("station", "#loc +station +code"),
    Column("act", "#activity +code"),
    Column("about", "#meta +subject"),
    Column("number", "#affected +id"),
    Column("why", "#description +reason"),
    Column("signed", "#status +signed"),
)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what, when, to whom: ids and codes, never a registered person's name."""

    at: datetime
    user: str
    act: str
    subject: str
    detail: str
    number: str = ""
    """What it was about, as people call it: a number on papers, a station's code, a login name."""
    station: str = HERE
    signed: bool = False
    """Whether it is an entry of a chain, and no line of the audit."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which acts: from a moment, before another, of one user (login name), of one station (code),
    of one kind. Empty means all. `signed`: those that were signed too."""

    since: datetime | None = None
    until: datetime | None = None
    user: str = ""
    station: str = ""
    act: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be asked for here."""

    users: tuple[str, ...]
    stations: tuple[str, ...]
    acts: tuple[str, ...]


EVERYTHING: Final = Asked()


def read(session: Session, *, limit: int = 500, asked: Asked = EVERYTHING) -> list[AuditRow]:
    """The newest lines first."""
    require(session, Right.AUDIT)
    with session.store.read() as reader:
        told = _Telling(session, reader)
        lines = islice(_audited(reader, told, asked), limit)
        signed = islice(_signed(reader, told, asked), limit) if asked.signed else ()
        found = sorted(chain(lines, signed), key=lambda one: one.at, reverse=True)
        return [told.row(one) for one in found[:limit]]


def choices(session: Session) -> Choices:
    """The users, stations and kinds of act that a reader can choose from."""
    require(session, Right.AUDIT)
    with session.store.read() as reader:
        told = _Telling(session, reader)
        return Choices(
            users=tuple(
                sorted(
                    {
                        *(one.name for one in reader.users() if one.name),
                        *told.founders.values(),
                    }
                )
            ),
            stations=tuple(sorted(told.codes.values())),
            acts=tuple(reader.audited_kinds()),
        )


def titles(acts: Iterable[str], language: str) -> dict[str, str]:
    """What the signed ones of these kinds of act did, in words."""
    return {act: telling.kind_text(act, language) for act in acts if act in telling.KIND_TITLES}


def export(
    session: Session, path: Path, form: Form, *, asked: Asked = EVERYTHING, reason: str
) -> int:
    """Write all that was asked for to a file, once the export itself is in the audit.

    Returns the rows. Raises `NotAllowedError`, `RefusedError` without a reason, and `OSError`.
    """
    require(session, Right.AUDIT)
    told = said_why(reason)
    if not told:
        raise RefusedError("reason", "Say why the audit leaves; it stands in the audit.")
    with session.store.write() as unit:
        unit.audit(
            at=session.clock.now(),
            user=session.user.id,
            act=EXPORTED,
            detail=f"{form.value}: {told}",
        )
    with session.store.read() as reader:
        return write_file(
            path, Table("audit", _COLUMNS, lambda: _rows(session, reader, asked)), form
        )


def _rows(session: Session, reader: Reader, asked: Asked) -> Iterator[Row]:
    told = _Telling(session, reader)
    lines: Iterator[Doing] = _audited(reader, told, asked)
    if asked.signed:
        lines = chain(lines, _signed(reader, told, asked))
    for one in lines:
        row = told.row(one)
        yield [
            row.at, row.user, row.station, row.act, row.subject, row.number, row.detail, row.signed
        ]  # fmt: skip


def _audited(reader: Reader, told: _Telling, asked: Asked) -> Iterator[Doing]:
    if asked.station:
        return iter(())  # whoever reads sealed answers or exports sits in this office
    return reader.audited(
        since=asked.since, until=asked.until, users=told.named(asked.user), act=asked.act
    )


def _signed(reader: Reader, told: _Telling, asked: Asked) -> Iterator[Doing]:
    office = told.office(asked.station)
    if asked.station and office is None:
        return iter(())
    return reader.signed(
        since=asked.since,
        until=asked.until,
        users=told.named(asked.user),
        office=office,
        act=asked.act,
    )


class _Telling:
    """Names of users and codes of stations, each looked up once."""

    def __init__(self, session: Session, reader: Reader) -> None:
        self._reader = reader
        self.founders = session.office.first_users()
        self._names: dict[UUID, str] = {}
        self.codes: dict[UUID, str] = {
            entry.header.subject.id: str(entry.body["code"])
            for entry in reader.entries_of_kind(kinds.STATION_ENROLLED, "station")
            if entry.body is not None
        }

    def named(self, name: str) -> list[UUID] | None:
        """Everybody of a login name; None where nobody was named."""
        if not name:
            return None
        found = [one.subject_id for one in self._reader.certificates() if one.name == name]
        return found + [user for user, told in self.founders.items() if told == name]

    def office(self, code: str) -> UUID | None:
        """The station of a code."""
        wanted = code.strip().upper()
        return next((one for one, told in self.codes.items() if told == wanted), None)

    def row(self, one: Doing) -> AuditRow:
        """One act in words and codes."""
        if one.user not in self._names:
            user = UserId(one.user)
            name = self._reader.user_name(user) or self.founders.get(user)
            self._names[one.user] = name or str(one.user)
        return AuditRow(
            at=one.at,
            user=self._names[one.user],
            act=one.act,
            subject=f"{one.subject[0]} {one.subject[1]}" if one.subject else "",
            detail=one.detail,
            number=self._called(one.subject),
            station=self.codes.get(one.office, HERE) if one.office else HERE,
            signed=one.office is not None,
        )

    def _called(self, subject: tuple[str, UUID] | None) -> str:
        if subject is None:
            return ""
        kind, id_ = subject
        if kind in ("station", "office"):
            return self.codes.get(id_, "")
        if kind == "user":
            return self._reader.user_name(UserId(id_)) or ""
        view = self._reader.view(kind, id_) if kind in VIEWED else None
        if isinstance(view, RegistrationView):
            view = self._reader.household(view.household)
        if isinstance(view, PersonView):
            return view.permanent or view.number
        return view.number if isinstance(view, HouseholdView | DocumentView) else ""
