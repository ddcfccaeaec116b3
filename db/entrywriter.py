"""How entries get into the tables: collected, numbered, put in their place, heads kept in step."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from db.bulk import add, copies, merge
from db.card import POSTGRESQL
from db.codec import millis
from db.errors import PlaceTakenError, UnknownEntryError
from db.models import ChainRow, EntryRow, ForkRow
from db.plain import shown
from db.records import EntryState, Lost
from db.statements import RELEASED
from db.upsert import execute_many, upsert
from db.viewrows import table
from ledger.chain import Head
from ledger.entry import Entry
from ledger.fields import EPOCH_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy import Connection

    from db.behind import Behind
    from db.sealing import BodyCodec
    from values.identifiers import OfficeId

Chain = tuple[bytes, bytes]
"""Office and epoch."""


class EntryWriter:
    """The entries of one unit of work that are not in the tables yet, and their chains."""

    def __init__(
        self,
        behind: Behind,
        codec: BodyCodec,
        *,
        next_arrival: Callable[[], int],
        next_batch: Callable[[], int],
    ) -> None:
        self._behind = behind
        self._engine = behind.connection.dialect.name
        self._codec = codec
        self._next_arrival = next_arrival
        self._next_batch = next_batch
        self._rows: dict[bytes, dict[str, Any]] = {}
        self._about: dict[tuple[str, UUID], list[Entry]] = defaultdict(list)
        self.stored: dict[tuple[str, UUID], list[Entry]] = {}
        """What the tables hold about subjects asked for; forgotten whenever they change."""
        self.unasked: set[tuple[str, UUID]] = set()
        """Subjects collected here whose entries in the tables nobody has asked for yet."""
        self._heads: dict[Chain, Head | None] = {}
        self._begun: dict[Chain, int] = {}
        self._fresh_alone = True

    @property
    def _connection(self) -> Connection:
        return self._behind.connection

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, hash_: bytes) -> bool:
        return hash_ in self._rows

    def about(self, subject_type: str, subject_id: UUID) -> list[Entry]:
        """The admitted entries about a subject that are collected here."""
        return self._about.get((subject_type, subject_id), [])

    def head(
        self, office: OfficeId, epoch: bytes, stored: Callable[[OfficeId, bytes], Head | None]
    ) -> Head | None:
        """A chain's head, collected entries included; `stored` asks the tables once."""
        chain = (office.bytes, epoch)
        if chain not in self._heads:
            self._heads[chain] = stored(office, epoch)
        return self._heads[chain]

    def add(
        self,
        entry: Entry,
        state: EntryState,
        reason: str | None,
        head: Head | None,
        *,
        fresh: bool = False,
    ) -> None:
        """Collect an entry; `head` is its chain's, as `head` gives it. A `fresh` one is not in the
        tables, and nor is another at its place."""
        self._fresh_alone = self._fresh_alone and fresh
        header = entry.header
        arrival = self._next_arrival()
        self._rows[entry.hash] = entry_row(entry, arrival, state, reason, self._body(entry))
        if state is EntryState.ADMITTED:
            subject = (header.subject.type, header.subject.id)
            self._about[subject].append(entry)
            if subject not in self.stored:
                self.unasked.add(subject)
        if state is not EntryState.HELD and (head is None or header.sequence > head.sequence):
            chain = (header.office.bytes, header.epoch)
            self._heads[chain] = Head.of(entry)
            self._begun.setdefault(chain, arrival)

    def flush(self) -> None:
        """Write what was collected, and the heads that moved. Raises `PlaceTakenError`."""
        if self._rows:
            self._forget()
            rows = list(self._rows.values())
            self._rows.clear()
            self._about.clear()
            fresh, self._fresh_alone = self._fresh_alone, True
            # Few of them as well: whoever knows that they are new brings many.
            if fresh and self._engine == POSTGRESQL:
                self._behind.run(lambda at: add(at, _TABLE, rows))
            elif copies(self._engine, _TABLE, rows):
                # A place that another entry holds stops the merge: no entry is left out.
                batch = self._next_batch()
                self._behind.run(lambda at: merge(at, _TABLE, rows, batch=batch, keep=True))
            else:
                execute_many(self._connection, _INSERT, self._fresh(rows))
        if self._begun:
            begun, self._begun = self._begun, {}
            chains = [
                _chain_row(chain, head, arrival)
                for chain, arrival in begun.items()
                if (head := self._heads[chain]) is not None
            ]
            statement = upsert(self._engine, ChainRow, except_=("begun",))
            self._behind.run(lambda at: at.execute(statement, chains))

    def set_state(self, hash_: bytes, state: EntryState, reason: str | None) -> bool:
        """Change what was decided about a stored entry; False when it is not among them.

        An entry that waited for others and turns out to continue another branch does not stand
        in the chain: put aside, it leaves its place and goes among the forks.
        """
        self._forget()
        if state is EntryState.QUARANTINED:
            row = self._connection.execute(_HELD, {"hash": hash_}).first()
            if row is not None:
                body = None if row.body is None else self._codec.open(row.body, row.hash)
                entry = Entry(row.header, row.signature, body)
                if not self._linked(entry):
                    self.displace(entry, reason)
                    return True
        values = {"b_hash": hash_, "b_state": state.value, "b_reason": reason}
        return self._connection.execute(_SET_STATE, values).rowcount > 0

    def decide(self, decided: list[tuple[Entry, EntryState, str | None]]) -> None:
        """Change what was decided about stored entries, and keep their signature and body as they
        came now. Raises `UnknownEntryError`."""
        self._forget()
        rows = [
            {
                "b_hash": entry.hash,
                "b_office": entry.header.office.bytes,
                "b_state": state.value,
                "b_reason": reason,
                "b_signature": entry.signature,
                "b_body": self._body(entry),
                "b_lost": (Lost.PRUNED if entry.body_bytes is None else Lost.NOTHING).value,
            }
            for entry, state, reason in decided
        ]
        execute_many(self._connection, _DECIDE, rows)
        chains = {(one.header.office, one.header.epoch): one for one, _, _ in decided}
        for entry in chains.values():
            self.recompute(entry)

    def fork(self, entry: Entry, reason: str | None) -> None:
        """Keep an entry apart whose place another one holds."""
        header = entry.header
        row = {
            "hash": entry.hash,
            "office_id": header.office.bytes,
            "epoch": header.epoch,
            "sequence": header.sequence,
            "reason": reason,
            "header": entry.header_bytes,
            "signature": entry.signature,
            "body": self._body(entry),
        }
        self._connection.execute(upsert(self._engine, ForkRow, keep=True), row)

    def set_fork_reason(self, hash_: bytes, reason: str | None) -> None:
        """Note another reason with a forked entry. Raises `UnknownEntryError`."""
        done = self._connection.execute(_FORK_REASON, {"b_hash": hash_, "b_reason": reason})
        if done.rowcount == 0:
            raise UnknownEntryError

    def graft(self, entry: Entry, state: EntryState) -> None:
        """Keep a forked entry among the entries, beside the one that holds its place.

        Its row names the beginning of its own hash for an epoch, so that it is in no chain. Among
        the forks it leaves its mark, for whatever goes on from it belongs to the same branch.
        """
        self._forget()
        row = entry_row(entry, self._next_arrival(), state, None, self._body(entry))
        self._connection.execute(_INSERT, {**row, "epoch": entry.hash[:EPOCH_BYTES]})
        self._connection.execute(_GRAFTED, {"b_hash": entry.hash, "b_reason": RELEASED})

    def displace(self, entry: Entry, reason: str | None) -> None:
        """Move a stored entry from its place to the forks."""
        self._forget()
        self._connection.execute(_DELETE, {"b_hash": entry.hash})
        self.fork(entry, reason)

    def lose_bodies(self, hashes: list[bytes], lost: Lost) -> int:
        """Drop bodies; returns how many were there."""
        self._forget()
        values = {"b_hashes": hashes, "b_lost": lost.value}
        return self._connection.execute(_LOSE, values).rowcount

    def mend(self, entry: Entry) -> bool:
        """Replace signature and body of a stored entry; False when it is not among them."""
        values = {
            "b_hash": entry.hash,
            "b_signature": entry.signature,
            "b_body": self._body(entry),
            "b_lost": (Lost.PRUNED if entry.body_bytes is None else Lost.NOTHING).value,
        }
        return self._connection.execute(_MEND, values).rowcount > 0

    def recompute(self, entry: Entry) -> None:
        """Find the head of an entry's chain anew after a decision changed what stands in it."""
        chain = (entry.header.office.bytes, entry.header.epoch)
        place = {"office": chain[0], "epoch": chain[1]}
        self._heads.pop(chain, None)
        last = self._connection.execute(_LAST, place).first()
        if last is None:
            self._connection.execute(_DELETE_CHAIN, {"b_office": chain[0], "b_epoch": chain[1]})
            return
        begun = self._connection.execute(_BEGUN, place).scalar()
        row = {
            "office_id": chain[0],
            "epoch": chain[1],
            "begun": begun,
            "sequence": last.sequence,
            "head": last.hash,
        }
        self._connection.execute(upsert(self._engine, ChainRow), row)

    def _forget(self) -> None:
        self.stored.clear()
        self.unasked.clear()

    def _linked(self, entry: Entry) -> bool:
        """Whether the entry before it in its chain stands here and is the one it names."""
        header = entry.header
        place = {"office": header.office.bytes, "epoch": header.epoch}
        sequence = header.sequence - 1
        before = self._connection.execute(_TAKEN, {**place, "low": sequence, "high": sequence})
        row = before.first()
        if row is None:
            return header.sequence == 1
        return bool(row.hash == header.previous and row.state != EntryState.HELD.value)

    def _body(self, entry: Entry) -> bytes | None:
        body = entry.body_bytes
        return None if body is None else self._codec.seal(body, entry.hash)

    def _fresh(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows that are not stored yet; raises when a place holds another entry."""
        sequences: dict[Chain, list[int]] = defaultdict(list)
        for row in rows:
            sequences[(row["office_id"], row["epoch"])].append(row["sequence"])
        stored: dict[tuple[bytes, bytes, int], bytes] = {}
        for (office, epoch), wanted in sequences.items():
            values = {"office": office, "epoch": epoch, "low": min(wanted), "high": max(wanted)}
            for standing in self._connection.execute(_TAKEN, values):
                stored[(office, epoch, standing.sequence)] = standing.hash
        here: dict[tuple[bytes, bytes, int], bytes] = {}
        fresh = []
        for row in rows:
            place = (row["office_id"], row["epoch"], row["sequence"])
            if stored.get(place, row["hash"]) != row["hash"]:
                raise PlaceTakenError
            if here.setdefault(place, row["hash"]) != row["hash"]:
                raise PlaceTakenError
            if place not in stored:
                fresh.append(row)
        return fresh


def entry_row(
    entry: Entry, arrival: int, state: EntryState, reason: str | None, body: bytes | None
) -> dict[str, Any]:
    """The row of an entry; `body` as it is stored."""
    header = entry.header
    return {
        "hash": entry.hash,
        "arrival": arrival,
        "entry_id": header.entry_id.bytes,
        "office_id": header.office.bytes,
        "epoch": header.epoch,
        "sequence": header.sequence,
        "kind": shown(header.kind),
        "subject_type": shown(header.subject.type),
        "subject_id": header.subject.id.bytes,
        "group_id": header.group.id.bytes,
        "author_id": header.author.bytes,
        "device_time": millis(header.device_time),
        "state": state.value,
        "reason": reason,
        # An entry that comes without its body was pruned or erased where it comes from.
        "lost": (Lost.PRUNED if entry.body_bytes is None else Lost.NOTHING).value,
        "header": entry.header_bytes,
        "signature": entry.signature,
        "body": body,
    }


def _chain_row(chain: Chain, head: Head, arrival: int) -> dict[str, Any]:
    return {
        "office_id": chain[0],
        "epoch": chain[1],
        "begun": arrival,
        "sequence": head.sequence,
        "head": head.hash,
    }


_TABLE = table(EntryRow)
_INSERT = insert(EntryRow)
_SET_STATE = (
    update(EntryRow)
    .where(EntryRow.hash == bindparam("b_hash"))
    .values(state=bindparam("b_state"), reason=bindparam("b_reason"))
)
_DECIDE = (
    update(EntryRow)
    .where(EntryRow.hash == bindparam("b_hash"), EntryRow.office_id == bindparam("b_office"))
    .values(
        state=bindparam("b_state"),
        reason=bindparam("b_reason"),
        signature=bindparam("b_signature"),
        body=bindparam("b_body"),
        lost=bindparam("b_lost"),
    )
)
_MEND = (
    update(EntryRow)
    .where(EntryRow.hash == bindparam("b_hash"))
    .values(signature=bindparam("b_signature"), body=bindparam("b_body"), lost=bindparam("b_lost"))
)
_LOSE = (
    update(EntryRow)
    .where(EntryRow.hash.in_(bindparam("b_hashes", expanding=True)), EntryRow.body.is_not(None))
    .values(body=None, lost=bindparam("b_lost"))
)
_DELETE = delete(EntryRow).where(EntryRow.hash == bindparam("b_hash"))
_FORK_REASON = (
    update(ForkRow).where(ForkRow.hash == bindparam("b_hash")).values(reason=bindparam("b_reason"))
)
_GRAFTED = (
    update(ForkRow)
    .where(ForkRow.hash == bindparam("b_hash"))
    .values(reason=bindparam("b_reason"), body=None)
)
_DELETE_CHAIN = delete(ChainRow).where(
    ChainRow.office_id == bindparam("b_office"), ChainRow.epoch == bindparam("b_epoch")
)
_OF_CHAIN = (EntryRow.office_id == bindparam("office"), EntryRow.epoch == bindparam("epoch"))
_HELD = select(EntryRow.hash, EntryRow.header, EntryRow.signature, EntryRow.body).where(
    EntryRow.hash == bindparam("hash"), EntryRow.state == EntryState.HELD.value
)
_TAKEN = select(EntryRow.sequence, EntryRow.hash, EntryRow.state).where(
    *_OF_CHAIN, EntryRow.sequence.between(bindparam("low"), bindparam("high"))
)
_LAST = (
    select(EntryRow.sequence, EntryRow.hash)
    .where(*_OF_CHAIN, EntryRow.state != EntryState.HELD.value)
    .order_by(EntryRow.sequence.desc())
    .limit(1)
)
_BEGUN = select(func.min(EntryRow.arrival)).where(*_OF_CHAIN)
