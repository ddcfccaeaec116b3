"""A child who lives in the household already is adopted: what it is there changes."""

from __future__ import annotations

import pytest

from station import events
from tests.places import Site, listing, row
from tests.station.lives import homes, record, told


@pytest.mark.parametrize("lives_as", ["foster_child", "other"])
def test_the_relation_changes_where_the_child_stays(site: Site, lives_as: str) -> None:
    site.take_in(
        listing(
            row("H-1", "head", "Hawa Idrin"),
            row("H-1", lives_as, "Abdel Idrin", birth="2016-02-03"),
        )
    )
    with site.at_station("officer") as session:
        typed = told(session, "adoption", child="Abdel", adopter="Hawa")
        (line,) = events.foresee(session, "adoption", typed)
        assert line.kind == "joins" and line.after == "Son or daughter"
        assert line.before not in ("", line.after)
        record(session, "adoption", child="Abdel", adopter="Hawa")
        assert homes(session) == [{"Hawa": "head", "Abdel": "child"}]
