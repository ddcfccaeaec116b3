"""What the registry decided, as the command tells it to whoever brings the stick back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry import adjudication_queues, decide
from registry.renewing import keep_days
from tests.cli.conftest import Command
from tests.places import Site, families

WHY = "The mother is missing."


@pytest.fixture
def command(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    site.take_in(families(3))
    site.approve()
    return Command(site.env, monkeypatch, capsys)


def test_a_notice_says_which_family_was_sent_back(command: Command, site: Site) -> None:
    site.admit(site.send(), notice=False)
    keep_days_of(site)
    with site.at_registry() as session:
        back, *others = adjudication_queues.new(session)
        decide.send_back(session, [back.registration], reason=WHY)
        decide.register(session, [one.registration for one in others])
    asked = command.asked(
        "registry", "ask", site.registry, "--station", "A01", "--out", site.outbox
    )
    assert "This is a notice." in command("bundle", "inspect", asked["notice"]).out
    words = ("station", "receive", site.station, asked["notice"], "--as", "supervisor")
    ran = command(*words)
    assert ran.code == 0, ran
    lines = ran.out.splitlines()
    assert "registered: 2" in lines[1] and "sent back: 1" in lines[1]
    assert lines[2:] == [f"sent back: {WHY}", f"  {back.household_number}"]
    rows = command.asked(*words)["outcomes"]
    told = {one["number"]: one["outcome"] for one in rows if one["outcome"] != "admitted"}
    assert told[back.household_number] == "returned"
    assert [told[one.household_number] for one in others] == ["registered"] * 2
    # What was sent back stays here, and pruning says why.
    site.clock.advance(timedelta(days=2))
    ran = command("prune", site.station, "--dry-run", "--as", "supervisor")
    assert "1 household kept: a review is open, or it was sent back." in ran.out


def keep_days_of(site: Site) -> None:
    """Stations may leave to the registry what it acknowledged a day ago."""
    with site.at_registry("administrator") as session:
        keep_days(session, 1)


def test_an_import_says_what_waits(command: Command, site: Site) -> None:
    site.take_in(families(3), name="the-same-again.csv")
    site.approve()
    ran = command("registry", "import", site.registry, site.send(), "--as", "registrar")
    assert ran.code == 0, ran
    again = command.asked(
        "registry", "import", site.registry, next(site.outbox.iterdir()), "--as", "registrar"
    )
    cases = again["match_cases"]
    assert cases > 0
    assert f"Waiting at the registry now: {cases} possible duplicate" in ran.out


def test_one_reason_for_many_is_said_once(command: Command, site: Site) -> None:
    site.take_in(families(11, first=40), name="more.csv")
    site.approve()
    site.admit(site.send(), notice=False)
    with site.at_registry() as session:
        rows = adjudication_queues.new(session)
        decide.send_back(session, [one.registration for one in rows], reason=WHY)
    asked = command.asked(
        "registry", "ask", site.registry, "--station", "A01", "--out", site.outbox
    )
    ran = command("station", "receive", site.station, asked["notice"], "--as", "supervisor")
    assert ran.out.count(WHY) == 1
    assert ran.out.count("-H0") == 10 and "and 4 more" in ran.out
