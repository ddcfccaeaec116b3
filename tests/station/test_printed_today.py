"""What was printed today is not printed once more unawares."""

from __future__ import annotations

from datetime import timedelta

import pytest

from station import batch
from station.batch import Which
from tests.places import Site
from workspace.errors import RefusedError


def test_a_later_run_tells_and_leaves_out_what_came_out_before(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        wanted = batch.targets(session, Which())
        first = batch.print_all(session, wanted[:4], language="en")
        assert first.again == 0
        busy_site.clock.advance(timedelta(minutes=5))
        rest = batch.print_all(session, wanted, language="en", once=True)
        assert len(rest.documents) == len(wanted) - 4 and rest.again == 0
        assert [one.code for one in rest.skipped] == ["printed_today"] * 4
        assert {one.number for one in first.documents}.isdisjoint(
            one.number for one in rest.documents
        )
        with pytest.raises(RefusedError, match="printed today"):
            batch.print_all(session, wanted, language="en", once=True)
        # Whoever asks for all of them gets all, and is told.
        every = batch.print_all(session, wanted, language="en")
        assert (len(every.documents), every.again) == (len(wanted), len(wanted))
        # Papers in another language are other papers, and so are those of another day.
        assert batch.print_all(session, wanted[:2], language="fr", once=True).again == 0
        busy_site.clock.advance(timedelta(days=1))
        assert len(batch.print_all(session, wanted[:2], language="en", once=True).documents) == 2


def test_a_new_paper_is_no_second_print(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        wanted = batch.targets(session, Which(type="registration"))[:1]
        [old] = batch.print_all(session, wanted, language="en").documents
        renewed = batch.print_all(session, wanted, language="en", fresh=True, once=True)
        assert [one.number for one in renewed.documents] != [old.number] and not renewed.again
