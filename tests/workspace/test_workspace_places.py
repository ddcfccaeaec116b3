"""The places of an operation: loaded by its administrator, found while typing."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms.gazetteer import GazetteerError
from tests.places import Site
from workspace import places
from workspace.errors import NotAllowedError

TABLE = """ADM0_EN,ADM0_PCODE,ADM1_EN,ADM1_AR,ADM1_PCODE
Nowhere,NW,Upper Vale,الوادي الأعلى,NW01
Nowhere,NW,Lower Vale,الوادي الأسفل,NW02
"""


def test_places_are_loaded_once_and_found(site: Site, tmp_path: Path) -> None:
    table = tmp_path / "areas.csv"
    table.write_text(TABLE, encoding="utf-8")
    with site.at_station("officer") as session, pytest.raises(NotAllowedError):
        places.load(session, [table])
    with site.at_station("administrator") as session:
        assert places.gazetteer(session) is None
        assert len(places.load(session, [table])) == 3
    with site.at_station("officer") as session:
        known = places.gazetteer(session)
        assert known is not None
        assert [hit.code for hit in known.search("lower")] == ["NW02"]
        assert [hit.code for hit in known.search("الوادي الأعلى")] == ["NW01"]


def test_a_wrong_table_leaves_what_was_there(site: Site, tmp_path: Path) -> None:
    table = tmp_path / "areas.csv"
    table.write_text(TABLE, encoding="utf-8")
    with site.at_station("administrator") as session:
        places.load(session, [table])
        table.write_text(TABLE.replace("NW02", "NW01"), encoding="utf-8")
        with pytest.raises(GazetteerError):
            places.load(session, [table])
        known = places.gazetteer(session)
        assert known is not None and len(known) == 3
