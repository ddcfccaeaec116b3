"""One browser for all tests of the page, and the page in it."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from documents.verifier_page import write_page
from tests.documents import builders
from tests.documents.builders import NOW
from tests.verifier import chromium
from tests.verifier.pages import Shown, film, paper

Open = Callable[..., Shown]


@pytest.fixture(scope="session")
def pipe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Pipe]:
    """A browser without a screen, whose camera sees a paper (`tests/verifier/pages.py`)."""
    if chromium.binary() is None:
        pytest.skip("there is no Chromium here; packaging/services.sh installs it")
    folder = tmp_path_factory.mktemp("chromium")
    camera = folder / "camera.y4m"
    camera.write_bytes(film(paper()))
    with chromium.browser(
        folder / "profile",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ) as running:
        yield running


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page that trusts the invented registry."""
    file = tmp_path_factory.mktemp("page") / "verifier.html"
    file.write_bytes(write_page(builders.trust_list().data).html)
    return file


@pytest.fixture
def open_page(pipe: chromium.Pipe, page_file: Path) -> Iterator[Open]:
    """Opens the page, or another file, on the day of the invented papers."""
    opened: list[Shown] = []

    def open_(file: Path | None = None, *, at: float = NOW.timestamp()) -> Shown:
        shown = Shown(chromium.Tab(pipe))
        opened.append(shown)
        shown.open(file or page_file, at=at)
        return shown

    yield open_
    for shown in opened:
        shown.tab.close()


@pytest.fixture(scope="session")
def opened_once(pipe: chromium.Pipe, page_file: Path) -> Shown:
    """The page in a tab that many tests use, one after the other."""
    shown = Shown(chromium.Tab(pipe))
    shown.open(page_file, at=NOW.timestamp())
    return shown


@pytest.fixture
def shown(opened_once: Shown) -> Shown:
    """The page as it is when it has just been opened."""
    opened_once.begin_again()
    return opened_once
