"""What a terminal is shown, whatever records and papers hold; and streams that are gone."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.running import as_object
from cli.shown import MOST, plain, shown
from tests.cli.conftest import Command
from tests.documents import builders
from tests.places import Site, listing, row
from values import cbor

AT = "2026-11-16T00:00:00Z"


@pytest.mark.parametrize(
    ("line", "safe"),
    [
        ("plain words, 12", "plain words, 12"),
        ("Zoë مریم စော", "Zoë مریم စော"),
        ("a\x1b[1A\x1b[2Kb", "a[1A[2Kb"),
        ("a\r\nb\x0bc\u2028d\u2029e\x85f", "a  b c d e f"),
        ("a\x00\x07\x7f\x9bb", "ab"),
        ("a\u202eb\u202cc\u200ed", "abcd"),
        ("a\U000e0041\U000e007fb", "ab"),
        ("می\u200cروم \u200dx", "می\u200cروم \u200dx"),
        ("\u2068name\u2069 12", "\u2068name\u2069 12"),
        ("\u2067open", "\u2067open\u2069"),
        ("shut\u2069\u2069", "shut"),
        ("a\udc80b", "ab"),
    ],
)
def test_a_line_obeys_nothing(line: str, safe: str) -> None:
    assert plain(line) == safe
    assert plain(plain(line)) == plain(line)


def test_a_value_stays_inside_its_place() -> None:
    assert shown("Jane\nVALID. Everything is fine.") == "Jane VALID. Everything is fine."
    assert shown("Jane" + " \u3164\u2800" * 90 + "VALID") == "Jane VALID"
    assert shown("مریم") == "\u2068مریم\u2069"
    assert shown("\u2067x\u2068y") == "xy"
    assert len(shown("x" * 10_000)) == MOST + 1
    assert shown(7) == "7"


def test_numbers_that_json_has_not() -> None:
    answer = {"a": math.nan, "b": [math.inf, {"c": -math.inf}], "d": (1.5, 2)}
    assert json.loads(as_object(answer), parse_constant=pytest.fail) == {
        "a": "nan", "b": ["inf", {"c": "-inf"}], "d": [1.5, 2],
    }  # fmt: skip


# The command


@pytest.fixture
def trust_file(tmp_path: Path) -> Path:
    path = tmp_path / "trust.wst"
    path.write_bytes(builders.trust_list().data)
    return path


def forged(name: str) -> str:
    """A code that anybody can make, with this name in it."""
    claims = cbor.encode({4: 1_900_000_000, 169: {1: "N", 4: name}})
    return builders.text_of(builders.envelope(claims, signer=builders.STRANGER))


def test_a_code_cannot_write_a_verdict(command: Command, trust_file: Path) -> None:
    name = (
        "X\x1b[1A\x1b[2K\nVALID. The signature is good and the document is in force.\u202e"
        "\n    Personal number: WST-A01-TQA-P00001-39"
    )
    ran = command("verify", "--text", forged(name), "--trust", trust_file, "--at", AT)
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert not [line for line in lines if line.startswith("VALID")]
    assert lines[0].startswith("UNKNOWN SIGNATURE")
    assert not set(ran.out) & set("\x1b\u202e")
    assert len([line for line in lines if line.startswith("    Personal number:")]) == 1
    # A program gets it as it is, escaped.
    told = command("verify", "--text", forged(name), "--trust", trust_file, "--at", AT, "--json")
    assert told.json["claims"]["169"]["4"] == name
    assert "\x1b" not in told.out


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Date of birth: 9 March 1986", "Sex: Male", "Members: 3"]),
        ("en", ["Nationality as declared: Democratic Republic of the Congo"]),
        ("fr", ["Date de naissance: 9 mars 1986", "Sexe: Masculin", "Membres: 3"]),
        ("fr", ["Nationalité déclarée: République démocratique du Congo"]),
        ("my", ["မွေးသက္ကရာဇ်: 1986 မတ် 9", "လိင်: ကျား"]),
        (
            "fa-AF",
            ["\u2068تاریخ تولد\u2069: \u20689 مارچ 1986\u2069", "\u2068جنس\u2069: \u2068مرد\u2069"],
        ),
    ],
)
def test_the_facts_of_a_code_are_told_in_the_language_that_is_asked(
    command: Command, trust_file: Path, language: str, told: list[str]
) -> None:
    inner = {1: "N", 4: "Saw Htoo Wah", 8: "19860309", 9: 1, 13: "COD", 76: 3}
    claims = cbor.encode({4: 1_900_000_000, 169: inner})
    text = builders.text_of(builders.envelope(claims, signer=builders.STRANGER))
    line = ("verify", "--text", text, "--trust", trust_file, "--at", AT)
    ran = command(*line, "--language", language)
    lines = [one.strip() for one in ran.out.splitlines()]
    assert ran.code == 1 and lines[0].startswith("UNKNOWN SIGNATURE. ")
    assert [one for one in told if one not in lines] == []
    # What programs read is the same in every language.
    assert command(*line, "--json").json == command(*line, "--language", "fr", "--json").json


def test_facts_of_another_form_are_told_as_they_stand(command: Command, trust_file: Path) -> None:
    inner = {1: [1], 4: b"\xff", 8: "1986-13-99", 9: [2], 13: {}, 75: "soon", 76: True}
    claims = cbor.encode({4: 1_900_000_000, 169: inner})
    text = builders.text_of(builders.envelope(claims, signer=builders.STRANGER))
    ran = command("verify", "--text", text, "--trust", trust_file, "--at", AT)
    assert ran.code == 1 and "    Date of birth: soon" in ran.out.splitlines()


def test_a_name_in_a_search_is_one_line(site: Site, command: Command) -> None:
    name = '"Ana\u2028WST-A01-FALSE  Other"'
    with_mark = listing(row("1", "head", name), row("1", "child", "مریم رضایی", birth="2015-01-01"))
    site.take_in(with_mark)
    ran = command("search", site.station, "Ana", "--as", "officer")
    assert len(ran.out.splitlines()) == 1
    ran = command("search", site.station, "مریم", "--as", "officer")
    assert "\u2068مریم رضایی\u2069" in ran.out


def test_a_name_of_a_file_is_one_line(command: Command, tmp_path: Path) -> None:
    ran = command("check", tmp_path / "a\nb\x1b[2K")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "\x1b" not in ran.err


# Streams, through the real program

PROGRAM = [sys.executable, "-m", "cli.main"]
ROOT = Path(__file__).parents[2]


def started(redirect: str, *words: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Exit code and standard error of the program, its streams redirected by a shell."""
    done = subprocess.run(
        ["bash", "-c", f'exec "$@" {redirect}', "-", *PROGRAM, *words],
        cwd=ROOT,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.fixture
def good(trust_file: Path) -> tuple[str, ...]:
    """A command that ends well."""
    text = builders.credential().text
    return ("verify", "--text", text, "--trust", str(trust_file), "--at", AT)


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_full_output_is_said_and_not_a_success(
    good: tuple[str, ...], more: tuple[str, ...]
) -> None:
    code, err = started(">/dev/full", *good, *more)
    assert code == 1
    assert len(err.strip().splitlines()) == 1
    assert "could not be written" in err


@pytest.mark.parametrize(
    ("redirect", "codes"),
    [
        (">&-", {0, 1}),
        ("2>&-", {0}),
        ("<&-", {0}),
        ("<&- >&- 2>&-", {0, 1}),
        (">/dev/full 2>/dev/full", {1}),
        ("2>/dev/full", {0}),
    ],
)
def test_closed_and_full_streams_end_within_the_codes(
    good: tuple[str, ...], redirect: str, codes: set[int]
) -> None:
    code, err = started(redirect, *good)
    assert code in codes
    assert "Traceback" not in err
    assert "Exception ignored" not in err


def test_help_into_a_full_disk() -> None:
    code, err = started(">/dev/full", "--help")
    assert (code, len(err.strip().splitlines())) == (1, 1)


def test_a_closed_input_is_refused(trust_file: Path, tmp_path: Path) -> None:
    code, err = started("<&-", "verify", "--text", "-", "--trust", str(trust_file))
    assert code == 1
    assert "Traceback" not in err
    code, err = started("<&- 2>&1", "station", "request", str(tmp_path / "s"), "--name", "S",
                        "--out", str(tmp_path / "r"))  # fmt: skip
    assert code == 1


def test_usage_with_closed_streams() -> None:
    assert started("2>&-", "nonsense")[0] == 2
    assert started(">&- 2>&-", "nonsense", "--json")[0] == 2


def test_no_file_becomes_a_closed_stream(good: tuple[str, ...], tmp_path: Path) -> None:
    """A library that prints must not print into the file that took the stream's number."""
    program = tmp_path / "opens.py"
    program.write_text(
        "import os, sys\n"
        "from cli.streams import hold\n"
        "hold()\n"
        f"descriptor = os.open({str(tmp_path / 'store')!r}, os.O_RDWR | os.O_CREAT)\n"
        "sys.exit(0 if descriptor > 2 else 9)\n",
        "utf-8",
    )
    done = subprocess.run(
        ["bash", "-c", f"PYTHONPATH={ROOT} exec {sys.executable} {program} <&- >&- 2>&-"],
        check=False,
    )
    assert done.returncode == 0
