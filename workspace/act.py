"""One act, one commit: entries signed, chained, folded into views and stored together.

An act is what a person did in one go: registering a family, approving a batch, printing. Its
entries form one group of the chain. Either all of it is in the store, with its views, or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from ledger import entry as entries
from ledger.entry import FormRef, Group, Subject
from ledger.fold import fold_subject
from ledger.views import PersonView
from matching.search_keys import keys_for
from values.identifiers import EntryHash, EntryId, uuid7
from values.numbers import ControlNumber
from workspace import reasons, stubs, waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from db.store import UnitOfWork
    from ledger.entry import Entry
    from ledger.views import View
    from workspace.session import Session

EPOCH = "epoch"
"""The setting with the epoch that the store is written in. Nothing else says which: what a session
remembers of it is what it was at its last act."""
EPOCH_TAG = "epoch_tag"
VIEWED = frozenset({"person", "household", "event", "registration", "document"})
"""Subjects that have a view; entries about offices, users and bundles are read as they are."""


@dataclass(frozen=True, slots=True)
class _Said:
    kind: str
    subject: Subject
    values: dict[str, Any]
    form: FormRef | None
    base: tuple[EntryHash, ...]
    blobs: tuple[bytes, ...]


def number(session: Session, unit: UnitOfWork, series: str) -> str:
    """The next control number of a series; one that was given is never given again."""
    tag = unit.setting(EPOCH_TAG)
    assert tag is not None  # noqa: S101 - an enrolled station has begun an epoch
    return str(
        ControlNumber(
            operation=session.office.operation.code,
            station=session.office.code,
            epoch=tag.decode("ascii"),
            series=series,
            counter=unit.next_counter(f"number/{series}/{tag.decode('ascii')}"),
        )
    )


class Act:
    """Collects what is said, then signs and stores it as one group when the block ends.

    Use it as a context manager; leaving by an exception stores nothing. `unit` is the open
    transaction, for reads that must agree with what is written. Handed one, the act joins it and
    leaves the commit to whoever opened it: so a benchmark fills a store in reasonable time.
    """

    def __init__(self, session: Session, *, unit: UnitOfWork | None = None) -> None:
        self._session = session
        self._said: list[_Said] = []
        self._transaction: AbstractContextManager[UnitOfWork] | None = None
        self._joined = unit
        self.unit: UnitOfWork
        self.id = uuid7(session.clock.now(), session.env.entropy)
        """The group's id. A registration goes by the id of the act that submitted it."""
        self.entries: tuple[Entry, ...] = ()

    def __enter__(self) -> Self:
        self._transaction = (
            nullcontext(self._joined) if self._joined is not None else self._session.store.write()
        )
        self.unit = self._transaction.__enter__()
        try:
            # Another session on this store may have begun an epoch: nobody goes on in the former.
            self._session.epoch = self.unit.setting(EPOCH) or self._session.epoch
        except BaseException as failure:
            self._transaction.__exit__(type(failure), failure, failure.__traceback__)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._transaction is not None  # noqa: S101 - a block that was never entered
        try:
            if kind is None:
                self._append()
                self._mark()
        except BaseException as failure:
            self._transaction.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._transaction.__exit__(kind, error, trace)

    def _mark(self) -> None:
        """Have this machine remember how far it has got: in the order of the commits, so that the
        mark of one act never replaces that of a later one."""
        if self.entries and self._joined is None:
            last = self.entries[-1].header
            self.unit.once_committed.append(lambda: self._session.committed(last))

    def new_id(self) -> UUID:
        """A fresh UUIDv7 (RFC 9562)."""
        return uuid7(self._session.clock.now(), self._session.env.entropy)

    def number(self, series: str) -> str:
        """The next control number of a series: P person, H household, D document."""
        return number(self._session, self.unit, series)

    def say(
        self,
        kind: str,
        subject: Subject,
        values: dict[str, Any],
        *,
        form: str | None = None,
        base: Iterable[EntryHash] = (),
        blobs: Sequence[bytes] = (),
    ) -> None:
        """Add one entry. `base` holds the heads that the author saw; `form` is a form's id.

        Raises `RefusedError` for a reason, or another text, that cannot be signed as it is.
        """
        reference = self._session.form_reference(form) if form else None
        told = reasons.signed(values)
        self._said.append(_Said(kind, subject, told, reference, tuple(base), tuple(blobs)))

    def _append(self) -> None:
        session = self._session
        epoch = self.unit.setting(EPOCH) or session.epoch
        head = self.unit.head(session.office.id, epoch)
        now = session.clock.now()
        written: list[Entry] = []
        previous = head.hash if head else None
        sequence = head.sequence if head else 0
        for index, said in enumerate(self._said):
            sequence += 1
            entry = entries.write(
                entry_id=EntryId(uuid7(now, session.env.entropy)),
                office=session.office.id,
                office_type=session.office.type,
                epoch=epoch,
                sequence=sequence,
                previous=previous,
                device_time=now,
                monotonic_delta=session.monotonic_delta(),
                doubt=session.clock_in_doubt,
                author=session.user.id,
                certificate=session.own_certificate.hash,
                kind=said.kind,
                form=said.form,
                group=Group(self.id, index, len(self._said)),
                subject=said.subject,
                base=said.base,
                blobs=said.blobs,
                values=said.values,
                key=session.signing_key,
                entropy=session.env.entropy,
            )
            previous = entry.hash
            written.append(entry)
        for entry in written:
            self.unit.append(entry)
        refold(session, self.unit, {said.subject for said in self._said})
        self.entries = tuple(written)


def refold(
    session: Session,
    unit: UnitOfWork,
    subjects: Iterable[Subject],
    *,
    known: Callable[[Subject], list[Entry]] | None = None,
    fresh: Callable[[Subject], bool] = lambda subject: False,
) -> dict[Subject, View]:
    """Fold these subjects anew from what is admitted, and store the views with their keys.

    `known` gives the admitted entries about a subject, for whoever has them at hand; `fresh` says
    that nothing was admitted about it before.
    """
    views: dict[Subject, View] = {}
    # Persons first: their rows take a database longest, and it is at work while others are folded.
    in_order = sorted(subjects, key=lambda one: (one.type != "person", one.type, one.id.bytes))
    for subject in in_order:
        if subject.type not in VIEWED:
            continue
        entries_ = known(subject) if known else unit.entries_of(subject.type, subject.id)
        view = fold_subject(subject.type, entries_, session.conflict_sets)
        if view is None:
            stored = unit.view(subject.type, subject.id)
            if stubs.is_stub(stored):
                stubs.keep(unit, stored, entries_)
            else:
                unit.delete_view(subject.type, subject.id)
            continue
        keys = search_keys(view) if isinstance(view, PersonView) else frozenset()
        unit.put_view(view, keys, fresh=fresh(subject))
        waiting.note(unit, view, entries_)
        views[subject] = view
    return views


def search_keys(view: PersonView) -> frozenset[str]:
    """What finds a person by name: their own names in each script, former ones and aliases too,
    never their parents'."""
    names = [view.values.get("name"), view.values.get("name_latin")]
    others = view.values.get("other_names")
    for row in others if isinstance(others, list | tuple) else ():
        names.append(row.get("name") if isinstance(row, Mapping) else None)
    return keys_for([name for name in names if isinstance(name, str) and name])
