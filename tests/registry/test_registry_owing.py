"""Pairs are proposed after the receipt: resumed after a kill, nothing lost, nothing twice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry import adjudication, admit, inbox, notices, owing
from registry.service.admission import Admission
from registry.service.staging import Staging
from registry.stations import stations
from tests.places import Site, families, opened
from tests.registry.pairs import TWICE
from tests.registry.test_registry_batches import Killed, failing
from workspace.session import Session

Pairs = list[tuple[object, ...]]


@pytest.fixture(scope="module")
def arrived(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A registry that took a bundle in and compared nobody; the bundle is in the outbox."""
    site = founded_site.copied(tmp_path_factory.mktemp("owing") / "site")
    site.take_in(TWICE)
    site.take_in(families(4), name="more.csv")
    site.approve()
    bundle = site.send()
    answers = site.folder / "answers"
    answers.mkdir()
    with site.at_registry() as session:
        done = admit.import_bundle(session, bundle, notice_parent=answers)
        assert done.notice is not None and done.match_cases == 0, "the receipt waits for nothing"
    return site


@pytest.fixture
def registry(arrived: Site, tmp_path: Path) -> Iterator[Path]:
    """A copy of it, compared three persons at a time."""
    folder = tmp_path / "registry"
    shutil.copytree(arrived.registry, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adjudication, "PART", 3)
        yield folder


def found(session: Session) -> Pairs:
    with session.store.read() as reader:
        cases = reader.match_cases("proposed")
        return sorted((one.first, one.second, one.score, one.at) for one in cases)


def waits(session: Session) -> bool:
    with session.store.read() as reader:
        return owing.waits(reader)


@pytest.fixture
def expected(arrived: Site, tmp_path: Path) -> Pairs:
    """All pairs, compared in one go."""
    folder = tmp_path / "whole"
    shutil.copytree(arrived.registry, folder)
    with opened(folder, "registrar", arrived.env) as session:
        owing.propose(session)
        return [one[:3] for one in found(session)]


def test_what_is_owed_is_compared_once(arrived: Site, registry: Path, expected: Pairs) -> None:
    with opened(registry, "registrar", arrived.env) as session:
        assert waits(session) and not found(session)
        made = owing.propose(session)
        pairs = found(session)
        assert [one[:3] for one in pairs] == expected and made == len(expected) > 0
        assert not waits(session)
        assert owing.propose(session) == 0 and found(session) == pairs


@pytest.mark.parametrize("turn", [1, 3])
@pytest.mark.parametrize("name", owing.FAILPOINTS)
def test_cut_off_it_goes_on(
    arrived: Site, registry: Path, expected: Pairs, name: str, turn: int
) -> None:
    with opened(registry, "registrar", arrived.env) as session:
        try:
            owing.propose(session, failpoint=failing(name, turn))
        except Killed:
            assert waits(session)
        else:
            assert turn > 1 and name == "proposed"
    with opened(registry, "registrar", arrived.env) as session:
        before = found(session)
        owing.propose(session)
        after = found(session)
        assert [one[:3] for one in after] == expected and set(before) <= set(after)
        assert not waits(session)


def test_who_was_compared_is_not_compared_again(arrived: Site, registry: Path) -> None:
    with opened(registry, "registrar", arrived.env) as session, pytest.raises(Killed):
        owing.propose(session, failpoint=failing("compared", 3))
    told: list[tuple[int, int]] = []
    with opened(registry, "registrar", arrived.env) as session:
        owing.propose(session, progress=lambda *at: told.append(at))
    (first, total), last = told[0], told[-1]
    assert first == 6 and last == (total, total)


def test_a_process_that_is_killed_loses_nothing(
    arrived: Site, registry: Path, expected: Pairs
) -> None:
    """A program that ends at once, as when the power goes."""
    left = [3]

    def end(_: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            os._exit(9)

    child = os.fork()
    if child == 0:
        try:
            with opened(registry, "registrar", arrived.env) as session:
                owing.propose(session, failpoint=end)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    with opened(registry, "registrar", arrived.env) as session:
        assert waits(session)
        owing.propose(session)
        assert [one[:3] for one in found(session)] == expected


def test_stopped_by_whoever_waits_it_goes_on_later(
    arrived: Site, registry: Path, expected: Pairs
) -> None:
    with opened(registry, "registrar", arrived.env) as session:
        asked = iter([False, True])
        assert inbox.compare(session, cancelled=lambda: next(asked)) is False
        assert waits(session)
        assert inbox.compare(session) is True
        assert [one[:3] for one in found(session)] == expected


def test_the_same_bundle_again_owes_nothing(arrived: Site, registry: Path) -> None:
    (bundle,) = arrived.outbox.iterdir()
    with opened(registry, "registrar", arrived.env) as session:
        with session.store.read() as reader:
            before = reader.settings(owing.PREFIX)
        assert admit.import_bundle(session, bundle).admitted == 0
        with session.store.read() as reader:
            assert reader.settings(owing.PREFIX) == before
        owing.propose(session)
        admit.import_bundle(session, bundle)
        assert not waits(session)


def test_a_notice_does_not_wait_for_it(arrived: Site, registry: Path, tmp_path: Path) -> None:
    with opened(registry, "registrar", arrived.env) as session:
        with session.store.read() as reader:
            (station,) = stations(reader)
        assert notices.answer(session, station, tmp_path).is_dir() and waits(session)


def service(site: Site, registry: Path, **more: Callable[[float], None]) -> Admission:
    def opening(read_only: bool) -> object:
        return opened(registry, "registrar", site.env, read_only=read_only)

    return Admission(opening, Staging.of(registry), **more)  # type: ignore[arg-type]  # as given


def test_the_service_compares_when_nothing_waits(
    arrived: Site, registry: Path, expected: Pairs
) -> None:
    """What was left by a kill as well: nobody has to send anything for it."""
    admission = service(arrived, registry, pause=lambda _: None)
    with admission.opened(read_only=True):
        admission.say_known()
    admission.run(stop=_after(lambda: not admission._owed))
    with opened(registry, "registrar", arrived.env) as session:
        assert [one[:3] for one in found(session)] == expected and not waits(session)


def test_the_service_lets_others_go_before(arrived: Site, registry: Path) -> None:
    """A part is done, then whoever rang the bell is looked at."""
    admission = service(arrived, registry, pause=lambda _: None)
    rung = iter(range(10**6))
    with pytest.MonkeyPatch.context() as patch, admission.opened():
        admission.say_known()
        patch.setattr(type(admission._staging), "rung", lambda _: str(next(rung)))
        admission._compare(lambda: False)
        assert admission.counts["compared"] == 3 and admission._owed


def test_a_fault_in_comparing_holds_nothing_up(
    arrived: Site, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admission = service(arrived, registry, pause=lambda _: None)

    def fail(*_: object, **__: object) -> int:
        raise RuntimeError("a name")

    with admission.opened():
        admission.say_known()
        with monkeypatch.context() as patch:
            patch.setattr(owing, "propose", fail)
            admission._compare(lambda: False)
        assert admission._owed and not admission._to_compare(), "later again, and not at once"
        assert waits(admission._session)


def _after(over: Callable[[], bool]) -> Callable[[], bool]:
    """Stops a service once something is done, and at the latest after many looks."""
    looks = iter(range(2000))
    return lambda: over() or next(looks, None) is None
