"""Writing the store: everything between `Store.write()` and its end is one commit, or nothing.

Entries and views are collected and written in batches, so that the household of one act, or a
thousand households of a bulk load, cost a handful of statements. Reading inside the unit sees
what it has written.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, update

from db import statements as q
from db.behind import Behind
from db.codec import millis
from db.entrywriter import EntryWriter
from db.errors import UnknownEntryError
from db.keptreader import notice_place
from db.models import (
    AuditRow,
    BundleRow,
    CertificateRow,
    CounterRow,
    DraftRow,
    FindingRow,
    MatchCaseRow,
    NoticeRow,
    ReceiptRow,
    SettingRow,
)
from db.plain import shown
from db.reader import Reader
from db.records import Changes, EntryState, Lost
from db.statements import parts
from db.upsert import execute_many, upsert
from db.viewrows import subject_type
from db.viewwriter import ViewWriter
from ledger.certificate import Certificate
from ledger.errors import CertificateError
from ledger.kinds import CERTIFICATE_ISSUED, CERTIFICATE_REVOKED, USER
from values import cbor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Executable

    from db.numbering import Blocks
    from db.records import BundleRecord, Finding, MatchCase
    from db.sealing import BodyCodec
    from ledger.chain import Head, Receipt
    from ledger.entry import Entry
    from ledger.views import View
    from values.identifiers import BundleId, OfficeId, UserId

PORTION = 300
"""Views written at once where they are written behind the work: while some are, others are made."""

BATCH = 2000
"""Rows collected before they are written: enough to make statements few, little in memory."""

ARRIVALS = "store:entries"
ORDINALS = "store:persons"
AUDIT = "store:audit"
BATCHES = "store:batches"
"""Counters of the store's own. Series of offices do not begin so."""

PREFETCH = 400
"""Subjects asked for at once, well under what one statement may name."""


class UnitOfWork(Reader):
    """One writing transaction. Made by `Store.write()`, which commits or rolls back."""

    def __init__(
        self, connection: Connection, codec: BodyCodec, *, blocks: Blocks | None = None
    ) -> None:
        """`blocks` gives the store's own numbers where several programs write at once."""
        self._behind = Behind(connection, threaded=blocks is not None)
        super().__init__(connection, codec)
        self.changes = Changes()
        """What was touched so far; trustworthy once the store has committed."""
        self.once_committed: list[Callable[[], None]] = []
        """What is to be done when this is committed, before anybody else of this program writes.
        May not fail: what was written stands."""
        self._engine = connection.dialect.name
        self._portion = BATCH if blocks is None else PORTION
        self._settings: dict[str, bytes | None] = {}
        self._counters: dict[str, int] = {}
        self._counted: set[str] = set()
        self._blocks = blocks
        number = blocks.next if blocks else self.next_counter
        self._number: Callable[[str], int] = number
        batch = (lambda: blocks.next(BATCHES)) if blocks else (lambda: 0)
        self._entries = EntryWriter(
            self._behind, codec, next_arrival=lambda: number(ARRIVALS), next_batch=batch
        )
        self._views = ViewWriter(
            self._behind, next_ordinal=lambda: number(ORDINALS), next_batch=batch
        )

    @property
    def _connection(self) -> Connection:
        """The transaction, when nothing is being written on it behind the work."""
        return self._behind.connection

    # -- entries ------------------------------------------------------------------------------

    def append(
        self,
        entry: Entry,
        *,
        state: EntryState | str = EntryState.ADMITTED,
        reason: str | None = None,
        aside: bool = False,
    ) -> None:
        """Store an entry with what was decided about it. Known entries are left as they are.

        A quarantined entry whose place another one holds is kept among the forks, and so is one
        that the caller says belongs to such a branch (`aside`): the place it claims stays free
        for the chain that stands. Any other entry at a taken place raises `PlaceTakenError`, at
        the latest when the unit ends.
        """
        state = EntryState(state)
        header = entry.header
        if entry.hash in self._entries:
            return
        if state is not EntryState.ADMITTED and self.standing(entry.hash) is not None:
            return
        self.changes.entries += 1
        if state is EntryState.QUARANTINED:
            standing = self.at(header.office, header.epoch, header.sequence)
            if aside or standing is not None:
                self._entries.fork(entry, reason)
                return
        self._entries.add(entry, state, reason, self.head(header.office, header.epoch))
        if state is EntryState.ADMITTED and header.subject.type == USER:
            self._index_certificate(entry)
        if len(self._entries) >= BATCH:
            self._entries.flush()

    def append_new(
        self,
        entry: Entry,
        *,
        state: EntryState | str = EntryState.ADMITTED,
        reason: str | None = None,
        aside: bool = False,
    ) -> None:
        """`append`, for whoever knows that the entry is not here, and whether its place is taken:
        nothing is asked. One that comes twice is left as it is."""
        state = EntryState(state)
        if entry.hash in self._entries:
            return
        self.changes.entries += 1
        if aside:
            self._entries.fork(entry, reason)
            return
        header = entry.header
        head = self.head(header.office, header.epoch)
        self._entries.add(entry, state, reason, head, fresh=True)
        if state is EntryState.ADMITTED and header.subject.type == USER:
            self._index_certificate(entry)
        if len(self._entries) >= BATCH:
            self._entries.flush()

    def expect(self, entries: int, persons: int) -> None:
        """About so many new ones will come: their numbers are taken at once."""
        if self._blocks is not None:
            self._blocks.expect({ARRIVALS: entries, ORDINALS: persons})

    def decide(self, decided: Iterable[tuple[Entry, EntryState | str, str | None]]) -> None:
        """`mend` and `set_state` for many entries that lie here in their places."""
        made = [(entry, EntryState(state), reason) for entry, state, reason in decided]
        if not made:
            return
        self._entries.flush()
        self._entries.decide(made)
        for entry, state, _ in made:
            if state is EntryState.ADMITTED and entry.header.subject.type == USER:
                self._index_certificate(entry)
        self.changes.entries += len(made)

    def set_state(
        self, hashes: Iterable[bytes], state: EntryState | str, reason: str | None = None
    ) -> None:
        """Decide anew about entries: admit what was held or quarantined, or the reverse.

        A forked entry that is admitted stands beside the one that holds its place: it counts for
        records, and is part of no chain here. Raises `UnknownEntryError`. The caller refolds the
        subjects concerned.
        """
        state = EntryState(state)
        self._entries.flush()
        for hash_ in hashes:
            if not self._entries.set_state(hash_, state, reason):
                self._decide_fork(hash_, state, reason)
            entry = self.entry(hash_)
            assert entry is not None  # noqa: S101 - it was found above
            self._entries.recompute(entry)
            if state is EntryState.ADMITTED and entry.header.subject.type == USER:
                self._index_certificate(entry)
            self.changes.entries += 1

    def displace(self, hash_: bytes, reason: str | None) -> None:
        """Move an entry that waited for others to the forks: its place belongs to another one.

        Raises `UnknownEntryError`.
        """
        self._entries.flush()
        entry = self.entry(hash_)
        if entry is None:
            raise UnknownEntryError
        self._entries.displace(entry, reason)
        self._entries.recompute(entry)
        self.changes.entries += 1

    def mend(self, entry: Entry) -> None:
        """Keep this signature and body in place of those stored under the same header.

        For an entry that came damaged or bare and now came again; what it was decided to be stays.
        Raises `UnknownEntryError`.
        """
        self._entries.flush()
        if not self._entries.mend(entry):
            raise UnknownEntryError
        self.changes.entries += 1

    def lose_bodies(self, hashes: Iterable[bytes], lost: Lost | str) -> int:
        """Drop bodies that were pruned or erased; header and signature stay. Returns how many.

        The entry that says so, and dropping the photos, are the caller's.
        """
        wanted = Lost(lost)
        if wanted is Lost.NOTHING:
            raise ValueError("say how the bodies are lost")
        self._entries.flush()
        return sum(self._entries.lose_bodies(part, wanted) for part in parts(hashes))

    def head(self, office: OfficeId, epoch: bytes) -> Head | None:
        """See `Reader.head`; kept in memory while the unit runs."""
        return self._entries.head(office, epoch, super().head)

    def entries_of(self, subject_type: str, subject_id: UUID) -> list[Entry]:
        """See `Reader.entries_of`; entries of this unit come as they were appended."""
        pending = self._entries.about(subject_type, subject_id)
        return self._stored_entries(subject_type, subject_id) + pending

    def _stored_entries(self, subject_type: str, subject_id: UUID) -> list[Entry]:
        """Those in the tables. One question answers it for every subject of an act, since an
        act folds all its subjects one after the other."""
        stored = self._entries.stored
        subject = (subject_type, subject_id)
        if subject not in stored:
            wanted = {subject, *islice(self._entries.unasked, PREFETCH)}
            self._entries.unasked -= wanted
            for one in wanted:
                stored[one] = []
            ids = [one[1].bytes for one in wanted]
            types = sorted({shown(one[0]) for one in wanted})
            for row in Reader._all(self, q.OF_SUBJECTS, types=types, ids=ids):
                found = (row.subject_type, UUID(bytes=row.subject_id))
                if found in wanted:
                    stored[found].append(self._entry(row))
        return stored[subject]

    # -- views --------------------------------------------------------------------------------

    def put_view(
        self,
        view: View,
        search_keys: Iterable[str] = (),
        *,
        stub: bool = False,
        fresh: bool = False,
    ) -> None:
        """Store a view in place of the former one. `search_keys` count for persons only.

        `stub` marks what is left of a pruned person, which `clear_views` keeps. `fresh`: there is
        no former one, so nothing of it has to be looked for.
        """
        self._views.put(view, search_keys, stub=stub, fresh=fresh)
        self._note_view(subject_type(view), view.id)
        if len(self._views) >= self._portion:
            self._flush_views()

    def delete_view(self, subject_type: str, subject_id: UUID) -> None:
        """Remove a view: nothing about the subject is admitted any more."""
        self._flush_views()
        self._views.delete(subject_type, subject_id)
        self._note_view(subject_type, subject_id)
        self.changes.conflicts = True

    def clear_views(self) -> None:
        """Remove every view and what is derived from views, stubs excepted: before a rebuild."""
        self._views.clear()
        self.changes.queue = self.changes.conflicts = True

    # -- kept beside the ledger ---------------------------------------------------------------

    def save_draft(self, draft_id: str | UUID, at: datetime, data: bytes) -> None:
        """Keep a draft, replacing the former one of that id."""
        row = {
            "id": str(draft_id),
            "at": millis(at),
            "data": self._seal(data, f"draft/{draft_id}"),
        }
        self._connection.execute(upsert(self._engine, DraftRow), row)
        self.changes.drafts = True

    def delete_draft(self, draft_id: str | UUID) -> None:
        """Throw a draft away; nothing happens when it is gone already."""
        self._connection.execute(_DELETE_DRAFT, {"b_id": str(draft_id)})
        self.changes.drafts = True

    def put_setting(self, key: str, value: bytes) -> None:
        """Keep a setting, replacing the former value."""
        row = {"key": key, "value": self._seal(value, f"setting/{key}")}
        self._connection.execute(upsert(self._engine, SettingRow), row)
        self._settings[key] = value
        self.changes.settings = True

    def delete_setting(self, key: str) -> None:
        """Remove a setting."""
        self._connection.execute(_DELETE_SETTING, {"b_key": key})
        self._settings[key] = None
        self.changes.settings = True

    def setting(self, key: str) -> bytes | None:
        """See `Reader.setting`; kept in memory while the unit runs."""
        if key not in self._settings:
            self._settings[key] = super().setting(key)
        return self._settings[key]

    def next_counter(self, series: str) -> int:
        """The next number of a series, from 1. A rolled back unit gives its numbers back."""
        value = self.counter(series) + 1
        self._counters[series] = value
        self._counted.add(series)
        return value

    def counter(self, series: str) -> int:
        """See `Reader.counter`; kept in memory while the unit runs."""
        if series not in self._counters:
            self._counters[series] = super().counter(series)
        return self._counters[series]

    def raise_counter(self, series: str, value: int) -> None:
        """Make sure that a series goes on after `value`; it never goes back."""
        if value > self.counter(series):
            self._counters[series] = value
            self._counted.add(series)

    def add_receipt(self, receipt: Receipt, *, notice: int = 0) -> None:
        """Keep the registry's word about a chain; a known receipt is left as it is."""
        row = {
            "office_id": receipt.office.bytes,
            "epoch": receipt.epoch,
            "sequence": receipt.sequence,
            "head": receipt.hash,
            "notice": notice,
        }
        self._connection.execute(upsert(self._engine, ReceiptRow, keep=True), row)
        self.changes.receipts = True

    def put_bundle(self, bundle: BundleRecord) -> None:
        """Note a bundle, or its new state."""
        row = {
            "id": bundle.id.bytes,
            "office_id": bundle.office.bytes,
            "epoch": bundle.epoch,
            "first": bundle.first,
            "last": bundle.last,
            "state": bundle.state,
            "at": millis(bundle.at),
            "details": cbor.encode(dict(bundle.details)),
        }
        self._connection.execute(upsert(self._engine, BundleRow), row)
        self.changes.bundles = True

    def put_findings(self, bundle: BundleId, findings: Iterable[Finding]) -> None:
        """Keep what is to be told about an import; the latest word about an entry counts."""
        rows = [
            {
                "bundle_id": bundle.bytes,
                "hash": one.hash,
                "group_id": one.group.bytes,
                "outcome": one.outcome,
                "code": one.code,
                "position": one.position,
            }
            for one in findings
        ]
        execute_many(self._connection, upsert(self._engine, FindingRow), rows)

    def drop_findings(self, bundle: BundleId) -> None:
        """Forget what was to be told: it is said."""
        self._connection.execute(_DELETE_FINDINGS, {"b_bundle": bundle.bytes})

    def put_notice(self, station: OfficeId, number: int, at: datetime, data: bytes) -> None:
        """Keep a notice's bytes under its number; replaces what was kept there."""
        row = {
            "office_id": station.bytes,
            "number": number,
            "at": millis(at),
            "data": self._seal(data, notice_place(station.bytes, number)),
        }
        self._connection.execute(upsert(self._engine, NoticeRow), row)
        self.changes.notices = True

    def put_certificate(self, certificate: Certificate) -> None:
        """Keep a certificate; those of admitted entries are kept by themselves."""
        row = {
            "hash": certificate.hash,
            "subject_kind": certificate.subject_kind.value,
            "subject_id": certificate.subject_id.bytes,
            "office_id": certificate.office.bytes,
            "role": certificate.role.value if certificate.role else None,
            "name": shown(certificate.name) if certificate.name else certificate.name,
            "not_before": millis(certificate.not_before),
            "not_after": millis(certificate.not_after),
            "revoked": None,
            "certificate": certificate.data,
        }
        self._connection.execute(upsert(self._engine, CertificateRow, keep=True), row)
        self.changes.certificates = True

    def revoke_certificate(self, hash_: bytes, reason: str) -> None:
        """Mark a certificate as revoked; the entry that says so is the caller's."""
        self._connection.execute(_REVOKE, {"b_hash": hash_, "b_reason": shown(reason)})
        self.changes.certificates = True

    def audit(
        self,
        *,
        at: datetime,
        user: UserId,
        act: str,
        subject: tuple[str, UUID] | None = None,
        detail: str = "",
    ) -> None:
        """Write a line of the audit: identifiers and codes, never names."""
        row = {
            "position": self._number(AUDIT),
            "at": millis(at),
            "user_id": user.bytes,
            "act": act,
            "subject_type": subject[0] if subject else None,
            "subject_id": subject[1].bytes if subject else None,
            "detail": shown(detail),
        }
        self._connection.execute(_INSERT_AUDIT, row)

    def put_match_case(self, case: MatchCase) -> None:
        """Note a pair, or what was decided about it; the order of the two does not matter."""
        self.put_match_cases([case])

    def put_match_cases(self, cases: Iterable[MatchCase]) -> None:
        """The same for many pairs, each given once."""
        rows = [
            {
                "first_id": min(case.first.bytes, case.second.bytes),
                "second_id": max(case.first.bytes, case.second.bytes),
                "state": case.state,
                "score": case.score,
                "at": millis(case.at),
                "details": cbor.encode(dict(case.details)),
            }
            for case in cases
        ]
        if rows:
            self._connection.execute(upsert(self._engine, MatchCaseRow), rows)
            self.changes.matches = True

    # -- how ----------------------------------------------------------------------------------

    def flush_entries(self) -> None:
        """Begin to write the entries that were collected; views are made meanwhile."""
        self._entries.flush()

    def close(self) -> None:
        """Write nothing any more. The store's; whoever has the unit need not."""
        self._behind.close()

    def flush(self) -> None:
        """Write what was collected. The commit is the store's; callers need this only to time
        it, or to meet a constraint's refusal at a known point."""
        self._entries.flush()
        self._flush_views()
        if self._counted:
            rows = [{"series": one, "value": self._counters[one]} for one in sorted(self._counted)]
            self._counted.clear()
            self._connection.execute(upsert(self._engine, CounterRow), rows)
        self._behind.wait()

    def _all(self, statement: Executable, **parameters: Any) -> Any:
        self.flush()
        return super()._all(statement, **parameters)

    def _one(self, statement: Executable, **parameters: Any) -> Any:
        # Settings, drafts and heads are written at once or kept in memory, so asking for one
        # flushes nothing: an act begins with a few of these, and a bulk load consists of acts.
        if not any(statement is one for one in _NOT_COLLECTED):
            self.flush()
        return super()._one(statement, **parameters)

    def _scalar(self, statement: Executable, **parameters: Any) -> Any:
        self.flush()
        return super()._scalar(statement, **parameters)

    def _seal(self, plain: bytes, about: str) -> bytes:
        return self._codec.seal(plain, about.encode())

    def _decide_fork(self, hash_: bytes, state: EntryState, reason: str | None) -> None:
        if state is EntryState.QUARANTINED:
            self._entries.set_fork_reason(hash_, reason)
            return
        row = self._one(q.FORK_BY_HASH, hash=hash_)
        if row is None:
            raise UnknownEntryError
        self._entries.graft(self._entry(row), state)

    def _index_certificate(self, entry: Entry) -> None:
        """Keep the certificates of admitted entries where `users` and `certificate` find them."""
        body = entry.body or {}
        value = body.get("certificate")
        if not isinstance(value, bytes):
            return
        if entry.header.kind == CERTIFICATE_ISSUED:
            try:
                certificate = Certificate.from_bytes(value)
            except CertificateError:
                # Admission judges entries; an unreadable certificate certifies nobody.
                return
            self.put_certificate(certificate)
        elif entry.header.kind == CERTIFICATE_REVOKED:
            self.revoke_certificate(value, str(body.get("reason", "")))

    def _note_view(self, kind: str, subject: UUID) -> None:
        getattr(self.changes, f"{kind}s").add(subject)
        if kind == "registration":
            self.changes.queue = True

    def _flush_views(self) -> None:
        if self._views.flush():
            self.changes.conflicts = True


_NOT_COLLECTED = (q.SETTING, q.DRAFT, q.HEAD, q.COUNTER)
_INSERT_AUDIT = insert(AuditRow)
_DELETE_DRAFT = delete(DraftRow).where(DraftRow.id == bindparam("b_id"))
_DELETE_SETTING = delete(SettingRow).where(SettingRow.key == bindparam("b_key"))
_DELETE_FINDINGS = delete(FindingRow).where(FindingRow.bundle_id == bindparam("b_bundle"))
_REVOKE = (
    update(CertificateRow)
    .where(CertificateRow.hash == bindparam("b_hash"))
    .values(revoked=bindparam("b_reason"))
)
