"""Several bundles at once: found, put together, looked through, taken in, stopped, answered."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from registry import admit, beside, inbox
from registry.inbox import Arrival
from registry.service.staging import Staging
from station import receive, sticks
from sync import limits, workers
from sync.errors import CancelledError
from sync.inspect import inspect
from tests.places import Site, families
from workspace import care
from workspace.errors import NotAllowedError


@pytest.fixture
def several(busy_site: Site, stranger_site: Site, tmp_path: Path) -> tuple[Site, Path]:
    """A stick with two bundles of one station in folders, a notice, a stranger's, and a picture."""
    site, stick = busy_site, tmp_path / "stick"
    deep = stick / "from the north"
    deep.mkdir(parents=True)
    first = site.send()
    shutil.copytree(first, deep / first.name)
    site.take_in(families(1, first=40), name="more.csv")
    second = site.send()
    shutil.copytree(second, stick / second.name)
    other = stranger_site.copied(tmp_path / "other")
    theirs = other.send()
    shutil.copytree(theirs, stick / theirs.name)
    (stick / "photos").mkdir()
    (stick / "photos" / "holiday.jpg").write_bytes(b"jpg")
    return site, stick


def listed(site: Site, *chosen: Path) -> list[Arrival]:
    with site.at_registry("clerk") as session:
        return [inbox.check(session, one) for one in inbox.find(session, chosen)]


def test_every_bundle_below_a_folder_is_found_and_looked_through(
    several: tuple[Site, Path],
) -> None:
    """OpenCRVS import: an import given twice is all new the second time, and cannot be tried
    first."""
    site, stick = several
    found = listed(site, stick)
    assert sorted(one.state for one in found) == ["refused", "whole", "whole"]
    assert [one.station for one in found if one.state == "whole"] == ["A01", "A01"]
    (stranger,) = (one for one in found if one.state == "refused")
    assert stranger.code == "unknown_signer" and stranger.sentence == inbox.STRANGER
    assert all(one.size > 0 and one.parts > 0 and not one.before for one in found)


def test_what_is_no_bundle_is_said_when_it_was_chosen_itself(
    several: tuple[Site, Path], tmp_path: Path
) -> None:
    site, stick = several
    (photos,) = listed(site, stick / "photos")
    assert photos.state == "refused" and photos.code == "not_a_bundle" and photos.sentence
    (gone,) = listed(site, tmp_path / "nowhere")
    assert gone.state == "refused"
    (bundle,) = (one for one in stick.iterdir() if one.name == site.outbox.name or (inspect(
        one).whole and one.is_dir() and listed(site, one)[0].state == "whole"))  # fmt: skip
    done = site.admit(bundle)
    assert done.notice is not None
    (notice,) = listed(site, done.notice)
    assert (notice.state, notice.sentence) == ("refused", inbox.NO_BUNDLE)
    (again,) = listed(site, bundle)
    assert again.before and again.state == "whole", "beside a bundle a notice is not listed"


def test_sticks_of_one_bundle_are_one_arrival_and_what_is_missing_is_named(
    busy_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PART_PLAIN_BYTES", 1024)
    monkeypatch.setattr(workers, "ALONE", 1_000_000)
    site = busy_site
    folders: list[Path] = []
    left = 1
    with site.at_station("supervisor") as session:
        while left:
            parent = tmp_path / f"stick-{len(folders)}"
            parent.mkdir()
            made = sticks.carry(session, parent, room=9_000)
            folders.append(parent)
            left = made.left
            standing = sticks.waiting(session)
            assert (standing is not None) is bool(made.left)
            if standing is not None:
                assert standing.left == made.left and standing.size > 0
    assert len(folders) >= 2
    (one,) = listed(site, *folders[:-1])
    assert one.state == "missing" and len(one.folders) == len(folders) - 1
    assert len(one.missing) == made.last - made.first + 1
    with site.at_registry("clerk") as session:
        (both,) = inbox.find(session, [folders[-1]], known=[one])
        assert both.state == "found" and len(both.folders) == len(folders)
        whole = inbox.check(session, both)
        assert whole.state == "whole" and whole.missing == ()
        taken = inbox.take(session, whole)
        assert taken.imported is not None and taken.imported.admitted == made.entries
        slips = inbox.answer(session, [whole])
    assert [one.folder and one.folder.parent for one in slips] == folders, "on every stick"
    with site.at_station("supervisor") as session:
        assert slips[0].folder is not None
        assert receive.receive(session, slips[0].folder).acknowledged == made.entries


def test_stopped_between_batches_it_goes_on_there(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = busy_site
    bundle = site.send()
    real = admit.import_bundle
    monkeypatch.setattr(
        inbox, "import_bundle", lambda *given, **more: real(*given, batch=4, **more)
    )
    with site.at_registry("clerk") as session:
        (found,) = inbox.find(session, [bundle])
        seen: list[int] = []

        def progress(done: int, total: int) -> None:
            seen.append(done)

        stopped = inbox.take(session, found, progress=progress, cancelled=lambda: len(seen) > 2)
        assert stopped.imported is None and 0 < stopped.done < stopped.total
        (again,) = inbox.find(session, [bundle])
        assert again.begun and not again.before
        seen.clear()
        rest = inbox.take(session, again, progress=progress)
        assert seen[0] == stopped.done, "behind the last batch"
        assert rest.imported is not None and rest.imported.admitted == rest.total
        (known,) = inbox.find(session, [bundle])
        assert known.before and not known.begun
        assert care.check(session).problems == ()


def test_looking_through_can_be_stopped(busy_site: Site) -> None:
    bundle = busy_site.send()
    with busy_site.at_registry("clerk") as session:
        (found,) = inbox.find(session, [bundle])
        with pytest.raises(CancelledError):
            inbox.check(session, found, cancelled=lambda: True)


def test_a_notice_that_cannot_be_written_is_told_and_written_elsewhere(
    busy_site: Site, tmp_path: Path
) -> None:
    site = busy_site
    bundle = site.send()
    with site.at_registry("clerk") as session:
        (found,) = inbox.find(session, [bundle])
        assert inbox.take(session, found).imported is not None
        gone = replace(found, folders=(tmp_path / "pulled out" / bundle.name,))
        (slip,) = inbox.answer(session, [gone])
        assert slip.folder is None and slip.sentence
        (slip,) = inbox.answer(session, [gone], parent=tmp_path)
        assert slip.folder is not None and slip.folder.parent == tmp_path


def test_only_who_imports_looks_through_sticks(site: Site, tmp_path: Path) -> None:
    with site.at_registry("auditor") as session, pytest.raises(NotAllowedError):
        inbox.find(session, [tmp_path])


def test_the_service_beside_is_seen_by_its_signs(site: Site) -> None:
    assert beside.look(site.registry) == beside.Beside()
    staging = Staging.of(site.registry)
    assert beside.look(site.registry) == beside.Beside()
    staging.beat({})
    assert beside.look(site.registry).running
