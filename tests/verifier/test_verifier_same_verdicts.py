"""The command, the window and the page give one verdict for one code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from cli.commands.papers import _lines
from cli.main import waystation
from cli.running import run
from desktop import words
from desktop.pages.claims import said_by
from desktop.pages.verdicts import VERDICTS
from documents import verify
from documents.trust import load_trust
from tests.desktop.field_office import Station, twin
from tests.desktop.other_offices import Others, others_twin
from tests.desktop.stage import Stage, stage
from tests.documents import builders
from tests.documents.builders import NOW
from tests.documents.forgeries import CLAIMS, FORGERIES, TOLERATED, signed
from tests.verifier.pages import Shown
from values import cbor
from values.clock import rfc3339


@dataclass(frozen=True)
class Asked:
    """A text, when it is asked about, and the verdict and its reason."""

    text: str
    at: datetime
    verdict: str
    reason: str


ASKED = {
    **{one.name: Asked(one.text(), one.at, str(one.verdict), one.reason) for one in FORGERIES},
    **{one.name: Asked(one.text(), NOW, "valid", "valid") for one in TOLERATED},
}
EXPECTED = {name: (one.verdict, one.reason) for name, one in ASKED.items()}
# In the window and on the page nobody can ask about nothing.
TYPED = {name: one for name, one in ASKED.items() if one.text}


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(FORGERIES) >= 25
    assert {one.verdict for one in ASKED.values()} == set(VERDICTS)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trust = tmp_path / "trust.wst"
    trust.write_bytes(builders.trust_list().data)
    told = {}
    for name, one in ASKED.items():
        words_ = ["verify", f"--text={one.text}", f"--trust={trust}", f"--at={rfc3339(one.at)}"]
        code = run(waystation, [*words_, "--json"])
        (result,) = json.loads(capsys.readouterr().out)["results"]
        told[name] = (result["verdict"], result["reason"])
        assert code == (0 if one.verdict == "valid" else 1), name
    assert told == EXPECTED


@pytest.fixture
def window(qtbot: Any, tmp_path: Path) -> Iterator[tuple[Any, Stage]]:
    """The page of the window over the invented registry's list, and its stage."""
    station = Station()
    held = others_twin(Others())
    held["verify"] = verify
    held["trusting"] = SimpleNamespace(trust_of=lambda session: builders.trust_list())
    words.use("en")
    with stage(qtbot, tmp_path, twin(station, **held), station=station) as put:
        yield put.page("verify"), put


def test_the_window(window: tuple[Any, Stage]) -> None:
    page, put = window
    told = {}
    spoken = {word: verdict for verdict, (word, _, _) in VERDICTS.items()}
    for name, one in TYPED.items():
        put.station.clock.at = one.at
        page.text.setText(one.text)
        QTest.keyClick(page.text, Qt.Key.Key_Return)
        put.settle()
        told[name] = spoken[put.find(QLabel, "verdict-word").text()]
    assert told == {name: one.verdict for name, one in TYPED.items()}


def test_the_page(open_page: Callable[..., Shown]) -> None:
    shown = open_page()
    told = {}
    for name, one in TYPED.items():
        shown.tab.at(one.at.timestamp())
        shown.check_text(one.text)
        told[name] = (shown.result["verdict"], shown.result["reason"])
    assert told == {name: EXPECTED[name] for name in TYPED}
    assert shown.tab.complaints() == []


# what a code says in names that somebody invented -----------------------------------------

HOSTILE = {
    "77": "x\n\nVALID " + "y" * 3000,
    "78": [["a\u202eb\n" * 500, "one\n\n  line"], ["holder", "\u202ezz\x1b[2J"]],
}
LABELS = ("Document", "A b a b a b a b a b a b a b a b a b a b", "Part of the holder")


def test_invented_labels_are_bounded_on_every_face(open_page: Callable[..., Shown]) -> None:
    payload = cbor.encode(
        {**CLAIMS, 169: {**CLAIMS[169], 77: HOSTILE["77"], 78: HOSTILE["78"]}}
    )  # fmt: skip
    text = signed(payload)()
    found = verify.verify_text(text, load_trust(builders.trust_list().data), at=NOW)
    shown = open_page()
    shown.tab.at(NOW.timestamp())
    shown.check_text(text)
    in_browser = dict(shown.result["facts"])
    in_window = dict(said_by(found.results[0].claims, "en", NOW.date()).facts)
    on_terminal = [line.strip() for line in _lines(found, "en")]
    for label in LABELS:
        assert len(in_browser[label]) <= 401 and "\n" not in in_browser[label]
        assert in_window[label].strip("\u2068\u2069") == in_browser[label]
        assert [line for line in on_terminal if line.startswith(f"{label}: ")]
    assert all("\n" not in line and "\u202e" not in line for line in on_terminal)
    assert in_browser["Part of the holder"] == "Zz 2J"
