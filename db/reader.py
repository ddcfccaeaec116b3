"""Reading the store: one consistent picture for as long as the reader is open."""

from __future__ import annotations

from db import statements as q
from db.doings import DoingReader
from db.entryreader import EntryReader
from db.figures import FigureReader
from db.keptreader import KeptReader
from db.pairing import PairReader
from db.records import Counts
from db.viewreader import ViewReader


class Reader(EntryReader, ViewReader, KeptReader, PairReader, FigureReader, DoingReader):
    """One reading transaction. Use `Store.read()`; not for two threads at a time.

    Nothing here judges: what is admitted, held or quarantined was decided by an office.
    """

    def counts(self) -> Counts:
        """How much there is. Reads indexes throughout: not for every keystroke."""
        states = {row.state: row.number for row in self._all(q.STATES)}
        sizes = [int(self._scalar(statement)) for statement in q.SIZES]
        persons, households, events, documents, registrations, conflicts, drafts, forks = sizes
        return Counts(
            entries=sum(states.values()),
            held=states.get("held", 0),
            quarantined=states.get("quarantined", 0) + forks,
            persons=persons,
            households=households,
            events=events,
            documents=documents,
            registrations=registrations,
            conflicts=conflicts,
            drafts=drafts,
        )
