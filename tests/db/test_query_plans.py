"""Questions asked once in every act must be answered by an index, however full the store is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, event

from db import pairing
from db import statements as q
from db.store import Store
from values.secret import Secret

OFTEN: dict[str, tuple[Select[object], dict[str, object]]] = {
    "of one subject": (q.OF_SUBJECT, {"type": "person", "id": bytes(16)}),
    "of several subjects": (
        q.OF_SUBJECTS,
        {"types": ["household", "person"], "ids": [bytes(16), bytes([1]) * 16]},
    ),
    "a chain": (
        q.CHAIN,
        {"office": bytes(16), "epoch": bytes(8), "after": 0, "upto": 9, "limit": 5},
    ),
    "the head": (q.HEAD, {"office": bytes(16), "epoch": bytes(8)}),
    "a person by number": (q.BY_NUMBER, {"number": "WST-A01-K7Q-P00042-46"}),
    "the household of a person": (q.HOUSEHOLD_OF, {"person": bytes(16)}),
    "the households of a person": (q.HOUSEHOLDS_OF, {"person": bytes(16)}),
    "the registration of a person": (q.REGISTRATION_OF, {"person": bytes(16)}),
    "the registrations of a household": (q.OF_HOUSEHOLD, {"household": bytes(16)}),
    "the pairs of several persons": (pairing._CASES, {"persons": [bytes(16), bytes([1]) * 16]}),
    "several persons' households": (pairing._HOMES, {"persons": [bytes(16), bytes([1]) * 16]}),
    "what little is seen of several": (pairing._GLIMPSES, {"ordinals": [1, 2]}),
    "a queue": (q.QUEUE, {"status": "recorded", "limit": 9}),
}


@pytest.mark.parametrize("what", OFTEN)
def test_no_table_is_read_whole(what: str, tmp_path: Path) -> None:
    """Sync 1 (m): a question without an index decrypts the whole file."""
    statement, parameters = OFTEN[what]
    asked: list[tuple[str, Any]] = []
    store = Store.create(tmp_path / "store", Secret(bytes(range(32))))

    def note(_one: Any, _two: Any, sql: str, values: Any, *_more: Any) -> None:
        asked.append((sql, values))

    try:
        with store._engine.connect() as connection:
            event.listen(connection, "before_cursor_execute", note)
            connection.execute(statement, parameters)
            sql, values = asked[-1]
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            steps = [row[3] for row in plan]
    finally:
        store.close()
    assert not [step for step in steps if step.startswith("SCAN")], steps
