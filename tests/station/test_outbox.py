"""How sending stands between two syncs: counts, how errands end, what came back, and when next."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

import pytest

from db.store import Store
from registry.service.limits import Limits
from station import answers, errand, export, line, outbox, receive, review, syncing
from station.errand import End, Errand
from station.rhythm import Rhythm
from station.syncing import Step
from sync.http import Times
from tests.places import Site, families
from tests.serving import served
from workspace.errors import NotAllowedError
from workspace.session import Session

NOWHERE = "http://127.0.0.1:9"
TIMES = Times(connect=2.0, silence=2.0)


def run(site: Site, url: str | None, **more: Any) -> Errand:
    """The supervisor's window runs an errand."""
    with site.at_station("supervisor") as session:
        return errand.run(
            session, url=url, pause=lambda seconds: None, chance=lambda: 0.5, times=TIMES, **more
        )


def box(site: Site, user: str = "supervisor") -> outbox.Outbox:
    with site.at_station(user, read_only=True) as session:
        return outbox.look(session)


def test_what_only_lies_in_the_spool_is_not_sent(busy_site: Site) -> None:
    """Sync 3 (f): what was exported counts as sent, and the stick is lost."""
    site = busy_site
    before = box(site)
    assert (before.waiting, before.sent, before.acknowledged) == (25, 0, 0)
    assert before.answered is None and not before.reachable
    with site.at_station("supervisor") as session:
        made = export.export(session, site.outbox)
    on_stick = box(site)
    assert (on_stick.waiting, on_stick.sent) == (0, made.entries)
    site.take_in(families(1, first=50))
    fresh = box(site).waiting
    assert fresh > 0
    lost = run(site, NOWHERE)
    assert lost.end is End.LOST
    assert box(site).waiting >= fresh, "written into the spool, and nowhere else"
    with served(site) as service:
        assert run(site, service.url).end is End.DONE
    after = box(site)
    assert (after.waiting, after.sent) == (0, 0) and after.acknowledged > 0
    assert after.answered is not None and after.notice == 1
    assert after.plan is not None and after.plan.entries == 0


def test_how_an_errand_ends_is_kept(busy_site: Site) -> None:
    site = busy_site
    for failures in (1, 2):
        lost = run(site, NOWHERE)
        assert (lost.end, lost.failures, lost.code) == (End.LOST, failures, "line")
        kept = box(site).line
        assert (kept.underway, kept.failures, kept.code) == (True, failures, "line")
    refused = run(site, None)
    assert (refused.end, refused.code) == (End.REFUSED, "no_service")
    kept = box(site).line
    assert (kept.underway, kept.failures, kept.code) == (False, 0, "no_service")
    assert "notice" in kept.sentence
    with served(site) as service:
        done = run(site, service.url)
    assert done.end is End.DONE and done.done.acknowledged > 0
    assert box(site).line == line.Standing()


def test_a_stopped_errand_stays_under_way_and_a_pause_stands(busy_site: Site) -> None:
    site = busy_site
    steps: list[Step] = []
    with served(site) as service:
        stopped = run(site, service.url, told=steps.append, cancelled=lambda: len(steps) > 3)
        assert stopped.end is End.STOPPED
        assert box(site).line.underway
        with site.at_station("supervisor") as session:
            line.change(session, paused=True)
        late = run(site, service.url, cancelled=lambda: True)
        assert late.end is End.STOPPED
        assert box(site).line.paused, "whoever paused before it began is heard"
        assert run(site, service.url).end is End.DONE
    kept = box(site).line
    assert not kept.paused and not kept.underway


def test_a_full_registry_is_trouble_and_no_refusal(busy_site: Site) -> None:
    """It may pass, so it is tried again."""
    with served(busy_site, limits=Limits(disk_floor=1 << 62)) as service:
        ended = run(busy_site, service.url)
    assert (ended.end, ended.code) == (End.LOST, "disk")


def test_steps_tell_bytes_parts_and_entries(busy_site: Site) -> None:
    steps: list[Step] = []
    with served(busy_site) as service:
        run(busy_site, service.url, told=steps.append)
    stages = list(dict.fromkeys(str(one.stage) for one in steps))
    assert stages == ["writing", "sending", "waiting", "receiving"]
    last = [one for one in steps if one.stage is syncing.Stage.SENDING][-1]
    assert last.done == last.total > 0 and last.part == last.parts > 0 and last.entries > 0


def test_everything_that_touches_the_store_takes_its_turn(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = busy_site
    asked: queue.Queue[Callable[[], None] | None] = queue.Queue()
    ended: list[Errand] = []

    def turn(fn: Callable[[], Any]) -> Any:
        over, came = threading.Event(), []

        def work() -> None:
            try:
                came.append((True, fn()))
            except Exception as error:
                came.append((False, error))
            finally:
                over.set()

        asked.put(work)
        assert over.wait(60)
        well, what = came[0]
        if not well:
            raise what
        return what

    def go(session: Session, url: str) -> None:
        try:
            ended.append(
                errand.run(session, url=url, pause=lambda _s: None, chance=lambda: 0.5, turn=turn)
            )
        finally:
            asked.put(None)

    with served(site) as service, site.at_station("supervisor") as session:
        # The service of this test opens its own store in threads of its own.
        thread = threading.Thread(target=go, args=(session, service.url))
        here = session.store
        touched: list[bool] = []
        main = threading.current_thread()
        for name in ("read", "write"):
            before = getattr(Store, name)

            def guarded(self: Store, *, before: Any = before) -> Any:
                if self is here:
                    touched.append(threading.current_thread() is main)
                return before(self)

            monkeypatch.setattr(Store, name, guarded)
        thread.start()
        while (work := asked.get(timeout=60)) is not None:
            work()
        thread.join(60)
        monkeypatch.undo()
    assert ended and ended[0].end is End.DONE and ended[0].done.acknowledged > 0
    assert touched and all(touched), "the line's thread touched the store"


# what came back ----------------------------------------------------------------------------


def open_answers(site: Site) -> list[answers.Answer]:
    with site.at_station("officer", read_only=True) as session:
        return answers.open_ones(session)


def test_what_is_held_is_named_until_what_was_missing_comes(busy_site: Site) -> None:
    site = busy_site
    with site.at_station("supervisor") as session:
        first = export.export(session, site.outbox)
    beyond = {run_.epoch: run_.upto for run_ in first.runs}
    site.take_in(families(1, first=60))
    with site.at_station("supervisor") as session:
        second = export.export(session, site.outbox, beyond=beyond)
    early = site.admit(second.bundle)
    assert early.held and early.notice is not None
    with site.at_station("supervisor") as session:
        receive.receive(session, early.notice)
    waiting = open_answers(site)
    assert waiting and {one.outcome for one in waiting} == {"held"}
    named = [one for one in waiting if one.registration is not None]
    assert named and all(one.person and one.name and one.number for one in named)
    assert all("missing" in one.sentence for one in waiting)
    late = site.admit(first.bundle)
    assert late.notice is not None
    with site.at_station("supervisor") as session:
        receive.receive(session, late.notice)
    assert open_answers(site) == []


def test_what_a_supervisor_sent_back_is_listed_until_it_is_mended(site: Site) -> None:
    site.take_in(families(1))
    with site.at_station("supervisor") as session:
        (row,) = review.waiting(session)
        review.send_back(session, row.registration, "The grandmother is missing")
    (back,) = open_answers(site)
    assert (back.outcome, back.sentence) == ("returned", "The grandmother is missing")
    assert back.registration == row.registration and back.draft.endswith(str(row.registration))
    assert back.number == row.household_number and back.name == row.head_name
    found = box(site, "officer")
    assert found.answers == (back,) and found.plan is None and found.past == ()


# when next ---------------------------------------------------------------------------------


def test_failures_wait_twice_as_long_each_time_and_chance_cuts() -> None:
    rhythm = Rhythm()
    whole = [rhythm.after_failure(count, lambda: 1.0) for count in range(1, 9)]
    assert whole == [30, 60, 120, 240, 480, 960, 1800, 1800]
    assert rhythm.after_failure(10_000, lambda: 0.0) == 900
    assert rhythm.after_failure(0, lambda: 1.0) == 30
    assert rhythm.after_success(lambda: 1.0) == 900
    assert rhythm.after_success(lambda: 0.0, waiting=True) == 60


def test_only_who_may_send_says_what_happens_by_itself(site: Site) -> None:
    with site.at_station("officer") as session, pytest.raises(NotAllowedError):
        line.change(session, automatic=True)
    with site.at_station("supervisor") as session:
        assert line.change(session, automatic=True).automatic
        assert line.standing(session) == line.Standing(automatic=True)
