"""How views get into the tables: collected, then written with their side tables, search keys and
conflicts in a few statements however many they are."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from db.bulk import add, add_keys, copies, merge
from db.card import POSTGRESQL
from db.codec import millis
from db.models import ConflictRow, PersonRow, SearchKeyRow
from db.plain import indexed
from db.statements import parts
from db.upsert import execute_many, execute_tuples, upsert
from db.viewrows import BETWEEN_KEYS, VIEWS, person_keys, subject_type, table, view_row
from ledger.views import PersonView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from sqlalchemy import Connection, Delete, Table

    from db.behind import Behind
    from ledger.views import View

PERSON = "person"


class _Put(NamedTuple):
    view: View
    keys: frozenset[str]
    stub: bool
    fresh: bool


class ViewWriter:
    """The views of one unit of work that are not in the tables yet."""

    def __init__(
        self,
        behind: Behind,
        *,
        next_ordinal: Callable[[], int],
        next_batch: Callable[[], int],
    ) -> None:
        self._behind = behind
        self._engine = behind.connection.dialect.name
        self._next_ordinal = next_ordinal
        self._next_batch = next_batch
        self._pending: dict[tuple[str, UUID], _Put] = {}

    @property
    def _connection(self) -> Connection:
        return self._behind.connection

    def __len__(self) -> int:
        return len(self._pending)

    def put(self, view: View, keys: Iterable[str], *, stub: bool, fresh: bool) -> None:
        """Collect a view in place of any former one; a `fresh` one has none in the tables."""
        place = (subject_type(view), view.id)
        self._pending[place] = _Put(view, frozenset(keys), stub, fresh)

    def flush(self) -> bool:
        """Write what was collected; returns whether open conflicts changed."""
        if not self._pending:
            return False
        pending, self._pending = self._pending, {}
        by_kind: dict[str, list[_Put]] = defaultdict(list)
        for (kind, _), put in pending.items():
            by_kind[kind].append(put)
        # Persons first: their search keys take the server longest, while the rest is made here.
        for kind, puts in sorted(by_kind.items(), key=lambda one: one[0] != PERSON):
            new = [put for put in puts if put.fresh]
            # Few of them as well: whoever knows that they are new brings many, if of other kinds.
            if new and self._engine == POSTGRESQL:
                self._add(kind, new)
                puts = [put for put in puts if not put.fresh]
            if puts:
                self._replace(kind, puts)
        return self._replace_conflicts(pending)

    def _add(self, kind: str, puts: list[_Put]) -> None:
        """Views that have nothing in the tables, and are many."""
        rows: dict[Table, list[dict[str, Any]]] = {VIEWS[kind].table: []}
        of_persons: list[tuple[int, list[str]]] = []
        for put in puts:
            row = view_row(put.view)
            rows[VIEWS[kind].table].append(row)
            if isinstance(put.view, PersonView):
                keys, ordinal = person_keys(put.view, put.keys), self._next_ordinal()
                row |= {"ordinal": ordinal, "stub": put.stub, "keys": BETWEEN_KEYS.join(keys)}
                of_persons.append((ordinal, keys))
            for side, more in VIEWS[kind].side(put.view).items():
                rows.setdefault(side, []).extend(more)
        for target, some in rows.items():
            if some:
                self._behind.run(lambda at, to=target, all_=some: add(at, to, all_))  # type: ignore[misc]  # bound now
        if of_persons:
            self._behind.run(lambda at: add_keys(at, of_persons))

    def _replace(self, kind: str, puts: list[_Put]) -> None:
        rows = [view_row(put.view) for put in puts]
        target = VIEWS[kind].table
        many = copies(self._engine, target, rows)
        if kind == PERSON:
            self._complete_persons(rows, puts, keys=not many)
        if many:
            self._merge(target, rows, except_=("ordinal",), keys=kind == PERSON)
        else:
            statement = upsert(self._engine, target, except_=("ordinal",))
            execute_many(self._connection, statement, rows)
        self._replace_sides(kind, puts)

    def _merge(
        self,
        target: Table,
        rows: list[dict[str, Any]],
        *,
        except_: tuple[str, ...] = (),
        keys: bool = False,
    ) -> None:
        batch = self._next_batch()
        self._behind.run(
            lambda at: merge(at, target, rows, batch=batch, except_=except_, keys=keys)
        )

    def delete(self, kind: str, subject: UUID) -> None:
        """Remove a view with everything that was derived from it."""
        row = {"b_id": subject.bytes}
        if kind == "person":
            self._drop_keys(subject.bytes)
        for side, column in VIEWS[kind].side_tables.items():
            self._connection.execute(_delete_where(side, column), row)
        self._connection.execute(_delete_where(VIEWS[kind].table, "id"), row)
        self._connection.execute(_DELETE_CONFLICTS, {"b_type": kind, **row})

    def clear(self) -> None:
        """Remove every view but the stubs of pruned persons."""
        self._pending.clear()
        person, keys = table(PersonRow), table(SearchKeyRow)
        stubs = select(person.c.ordinal).where(person.c.stub)
        self._connection.execute(delete(keys).where(keys.c.ordinal.not_in(stubs)))
        self._connection.execute(delete(ConflictRow))
        for kind, entry in VIEWS.items():
            for side in entry.side_tables:
                self._connection.execute(delete(side))
            everything = delete(entry.table)
            if kind == "person":
                everything = everything.where(~person.c.stub)
            self._connection.execute(everything)

    def _complete_persons(
        self, rows: list[dict[str, Any]], puts: list[_Put], *, keys: bool
    ) -> None:
        """Give persons' rows their ordinal, and write the difference of their search keys; without
        `keys`, only what has to go."""
        known: dict[bytes, Any] = {}
        for part in parts(put.view.id.bytes for put in puts if not put.fresh):
            known |= {row.id: row for row in self._connection.execute(_PERSONS, {"ids": part})}
        fresh: list[tuple[str, int]] = []
        stale: list[dict[str, Any]] = []
        for row, put in zip(rows, puts, strict=True):
            assert isinstance(put.view, PersonView)  # noqa: S101 - sorted by kind
            wanted = set(person_keys(put.view, put.keys))
            old = known.get(row["id"])
            before = _split(old.keys) if old is not None else set()
            ordinal = old.ordinal if old is not None else self._next_ordinal()
            row |= {
                "ordinal": ordinal,
                "stub": put.stub,
                "keys": BETWEEN_KEYS.join(sorted(wanted)),
            }
            if keys:
                fresh += [(key, ordinal) for key in wanted - before]
            stale += [{"b_key": key, "b_ordinal": ordinal} for key in before - wanted]
        if stale:
            execute_many(self._connection, _DELETE_KEY, stale)
        # In the order of the index, so that a bulk load writes each of its pages once.
        fresh.sort(key=itemgetter(0))
        statement = upsert(self._engine, SearchKeyRow, keep=True)
        if fresh:
            execute_tuples(self._connection, statement, ("key", "ordinal"), fresh)

    def _drop_keys(self, person: bytes) -> None:
        for row in self._connection.execute(_PERSONS, {"ids": [person]}).all():
            stale = [{"b_key": key, "b_ordinal": row.ordinal} for key in _split(row.keys)]
            execute_many(self._connection, _DELETE_KEY, stale)

    def _replace_sides(self, kind: str, puts: list[_Put]) -> None:
        entry = VIEWS[kind]
        if not entry.side_tables:
            return
        rows: dict[Table, list[dict[str, Any]]] = {side: [] for side in entry.side_tables}
        for put in puts:
            for side, more in entry.side(put.view).items():
                rows[side] += more
        ids = [{"b_id": put.view.id.bytes} for put in puts if not put.fresh]
        for side, column in entry.side_tables.items():
            if ids:
                execute_many(self._connection, _delete_where(side, column), ids)
            if copies(self._engine, side, rows[side]):
                self._merge(side, rows[side])
            elif rows[side]:
                execute_many(self._connection, _insert(side), rows[side])

    def _replace_conflicts(self, pending: dict[tuple[str, UUID], _Put]) -> bool:
        rows = [
            {
                "subject_type": kind,
                "subject_id": subject.bytes,
                "name": indexed(conflict.set),
                "since": millis(max(one.at for one in conflict.candidates)),
            }
            for (kind, subject), put in pending.items()
            for conflict in put.view.conflicts
        ]
        # Conflicts are few: most units find this table empty of their subjects.
        open_now: set[bytes] = set()
        for part in parts(subject.bytes for (_, subject), put in pending.items() if not put.fresh):
            open_now.update(self._connection.execute(_CONFLICTED, {"ids": part}).scalars())
        gone = [
            {"b_type": kind, "b_id": subject.bytes}
            for kind, subject in pending
            if subject.bytes in open_now
        ]
        if gone:
            execute_many(self._connection, _DELETE_CONFLICTS, gone)
        # A field that no form knows may be called as a set is: one row tells of both.
        named = {(row["subject_type"], row["subject_id"], row["name"]): row for row in rows}
        if named:
            execute_many(self._connection, _INSERT_CONFLICT, list(named.values()))
        return bool(gone or rows)


def _split(keys: str) -> set[str]:
    return set(keys.split(BETWEEN_KEYS)) if keys else set()


_PERSONS = select(PersonRow.id, PersonRow.ordinal, PersonRow.keys).where(
    PersonRow.id.in_(bindparam("ids", expanding=True))
)
_DELETE_KEY = delete(SearchKeyRow).where(
    SearchKeyRow.key == bindparam("b_key"), SearchKeyRow.ordinal == bindparam("b_ordinal")
)
_CONFLICTED = select(ConflictRow.subject_id).where(
    ConflictRow.subject_id.in_(bindparam("ids", expanding=True))
)
_DELETE_CONFLICTS = delete(ConflictRow).where(
    ConflictRow.subject_type == bindparam("b_type"), ConflictRow.subject_id == bindparam("b_id")
)
_INSERT_CONFLICT = insert(ConflictRow)


@cache
def _delete_where(side: Table, column: str) -> Delete:
    return delete(side).where(side.c[column] == bindparam("b_id"))


@cache
def _insert(side: Table) -> Any:
    return insert(side)
