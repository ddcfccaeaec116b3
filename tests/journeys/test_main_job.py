"""Forty households go the whole way: everybody is at the registry as at the station."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

import resources
from documents.raster import page_count
from documents.trust import load_trust
from documents.verdict import Verdict
from documents.verify import verify_text
from registry import queues
from station import export, intake, sending
from tests.journeys.conftest import Demo
from tests.places import DAY, Site
from workspace import auditing, care
from workspace.search import search
from workspace.session import Session

VIEWS = ("person", "household", "event", "document", "registration")
NAMES = ("name", "name_latin")
VECTORS = Path(__file__).parents[1] / "vectors" / "forms"


def views(session: Session, kind: str) -> dict[object, Any]:
    """Every view of one type, by id."""
    with session.store.read() as reader:
        return {view.id: view for view in reader.views(kind)}


def test_everybody_is_there(demo: Demo) -> None:
    """MOSIP export: what was exported to a stick can be imported nowhere."""
    job = demo.job
    assert (job.households, job.persons) == (40, 177)
    assert (job.flagged, job.rejected) == ([], [])
    assert job.pages == page_count(job.documents[0].read_bytes()) >= 40 + 177
    assert job.admitted == job.acknowledged == job.entries
    assert job.again_admitted == 0


@pytest.mark.parametrize("kind", VIEWS)
def test_the_registry_sees_what_the_station_sees(demo: Demo, kind: str) -> None:
    with demo.site.at_station(read_only=True) as session:
        here = views(session, kind)
    with demo.site.at_registry(read_only=True) as session:
        there = views(session, kind)
    assert here == there
    assert len(here) == {
        "person": 177, "household": 40, "document": 217, "registration": 40
    }.get(kind, len(here))  # fmt: skip
    assert here


def test_everybody_of_the_list_is_there_under_their_name(demo: Demo) -> None:
    rows = list(csv.DictReader(io.StringIO(resources.read_bytes("samples/site-a.csv").decode())))
    with demo.site.at_registry(read_only=True) as session:
        persons = views(session, "person").values()
        names = sorted(tuple(str(one.values.get(name, "")) for name in NAMES) for one in persons)
        assert names == sorted(tuple(normalize("NFC", row[name]) for name in NAMES) for row in rows)
        numbers = [one.number for one in persons]
        assert len(set(numbers)) == 177
        for row in rows[::25]:
            hits = search(session, row["name_latin"] or row["name"])
            assert normalize("NFC", row["name"]) in {hit.name for hit in hits}, row["household"]


def test_both_offices_are_sound(demo: Demo) -> None:
    for opening in (demo.site.at_station, demo.site.at_registry):
        with opening(read_only=True) as session:
            found = care.check(session)
            assert (found.problems, found.notes) == ((), ())


def test_nothing_waits_any_more(demo: Demo) -> None:
    with demo.site.at_station("supervisor", read_only=True) as session:
        state = sending.state(session)
        assert (state.waiting, state.sent, state.acknowledged) == (0, 0, demo.job.entries)
        assert export.plan(session).entries == 0
        assert {row.state for row in export.past(session)} == {"acknowledged"}
    with demo.site.at_registry(read_only=True) as session:
        counts = queues.counts(session)
        assert (counts.held, counts.quarantined, counts.conflicts) == (0, 0, 0)
        assert counts.to_register == 40
        (station,) = queues.stations(session)
        assert station.code == "A01" and station.last_contact is not None
        (row,) = queues.imports(session)
        assert sum(row.outcomes.values()) >= 40


def test_every_paper_is_valid_and_says_whom_it_is_for(demo: Demo) -> None:
    """By the text of every code, as the registry knows it; pictures are read in the command's
    tests."""
    trust = load_trust(demo.job.trust.read_bytes())
    at = datetime.fromisoformat("2026-11-20T10:00:00Z")
    with demo.site.at_registry(read_only=True) as session:
        persons = views(session, "person")
        for document in views(session, "document").values():
            found = verify_text(str(document.values["qr"]), trust, at=at)
            assert (found.verdict, found.revocation) == (Verdict.VALID, "checked")
            claims = found.results[0].claims
            holder = persons[document.person]
            assert claims["169"]["1"] == holder.number
            names = {claims["169"].get("4", ""), claims["169"].get("19", "")}
            assert names - {""} <= {holder.values.get(name, "") for name in NAMES}
            assert ("76" in claims["169"]) is (document.type == "household")


def test_no_reading_of_sealed_needs_was_made(demo: Demo) -> None:
    with demo.site.at_registry("administrator", read_only=True) as session:
        assert auditing.read(session) == []


def test_the_faulty_list_is_judged_as_expected(site: Site, tmp_path: Path) -> None:
    listed = tmp_path / "site-a-faulty.csv"
    listed.write_bytes((VECTORS / "site-a-faulty.csv").read_bytes())
    with (VECTORS / "site-a-faulty.expected.csv").open(encoding="utf-8", newline="") as file:
        expected = {int(one["row"]): one["verdict"] for one in csv.DictReader(file)}
    with site.at_station() as session:
        done = intake.intake(session, listed, on=DAY)
        assert care.check(session).problems == ()
        with session.store.read() as reader:
            assert reader.counts().persons == done.persons
    wrong = {row for row, verdict in expected.items() if verdict == "rejected"}
    rejected = {one.row: one.code for one in done.rejected}
    assert wrong <= set(rejected)
    # Beyond those, only families whose head was refused.
    assert {code for row, code in rejected.items() if row not in wrong} <= {"head_refused"}
    flagged = {row for row, verdict in expected.items() if verdict == "flagged"}
    assert {one.row for one in done.flagged} == flagged - set(rejected)
    assert done.persons == len(expected) - len(rejected)
    assert done.accepted == done.persons - len(done.flagged)
    # The refused rows come back as they were written, bad bytes included.
    assert done.rejected_file is not None
    back = done.rejected_file.read_bytes()
    assert back.startswith(b"\xef\xbb\xbf")
    with site.at_station() as session:
        repeated = intake.intake(session, listed, on=DAY)
        assert (repeated.households, repeated.persons) == (0, 0)
        assert done.rejected_file.read_bytes() == back
        mended = intake.intake(session, done.rejected_file, on=DAY)
        assert mended.persons == 0, "nothing was mended, so nothing is new"
