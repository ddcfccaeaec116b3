"""Whatever lies in a folder of forms: each is read, or refused by file, place and remedy."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import library, loading
from forms.definition import Kind
from forms.errors import DefinitionError
from forms.library import definition_files, read_folder
from forms.lint import problems
from forms.loading import parse
from values.files import read_whole

HEAD = 'id = "visit"\nversion = "1.0.0"\ntitle = "Visit"\n'
PAGE = '[[pages]]\nid = "p"\ntitle = "P"\n'
FIELD = '[[pages.fields]]\nname = "{}"\nkind = "{}"\nlabel = "L"\nwhy = "W."\n{}\n'


def good(**more: str) -> str:
    rest = "".join(f"{key} = {value}\n" for key, value in more.items())
    return HEAD + rest + PAGE + FIELD.format("place", "text", "max_length = 20")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("text", "path", "remedy"),
    [
        ("x = " + "[" * 5000 + "]" * 5000, "file", "nested without end"),
        ("x = " + "{a = " * 3000 + "1" + "}" * 3000, "file", "nested without end"),
        ("a." * 20_000 + "b = 1", "file", "at most 100 dots in a line"),
        ("[" + "a." * 20_000 + "b]", "file", "at most 100 dots in a line"),
        (HEAD + "late_after = " + "9" * 5000, "file", "write shorter numbers"),
        (good(late_after="99999999999"), "late_after", "from 1 to 999999999"),
        (good(late_after="-1"), "late_after", "from 1 to 999999999"),
        (good().replace("1.0.0", "9" * 5000 + ".0.0"), "version", "write three numbers"),
        (good().replace("= 20", "= 10001"), "pages[0].fields[0].max_length", "10000 or less"),
        (
            HEAD + PAGE + FIELD.format("a", "number", "at_most = " + "9" * 26),
            "pages[0].fields[0].at_most",
            "from 1 to 999999999",
        ),
        (
            HEAD + PAGE + FIELD.format("a", "date", "at_most = 36526"),
            "pages[0].fields[0].at_most",
            "36525 days or less",
        ),
        (
            HEAD
            + PAGE
            + FIELD.format("a", "group", "at_most = 101")
            + '[[pages.fields.fields]]\nname = "b"\nkind = "number"\nlabel = "L"\n',
            "pages[0].fields[0].at_most",
            "100 or less",
        ),
        (
            good() + "".join(FIELD.format(f"f{one}", "number", "") for one in range(500)),
            "pages",
            "at most 500 questions",
        ),
        (
            good() + '[[rules]]\ncode = "r"\nfield = "place"\nwhen = "false"\nsay = "S."\n' * 501,
            "rules",
            "at most 500 rules",
        ),
        ('title = "\\ud800"', "file", "mend the TOML"),
        (
            HEAD + PAGE + FIELD.format("a", "code", f'code_list = "{"a" * 300}"'),
            "pages[0].fields[0].code_list",
            "there is no such code list",
        ),
        (
            HEAD + PAGE + FIELD.format("a", "code", 'code_list = "../../etc/codes"'),
            "pages[0].fields[0].code_list",
            "there is no such code list",
        ),
        (good(languages=f'["{"fr" + "-abcd" * 80}"]'), "languages", "is no language"),
    ],
)
def test_a_strange_file_is_refused_in_words(
    tmp_path: Path, text: str, path: str, remedy: str
) -> None:
    (tmp_path / "own.toml").write_text(text, "utf-8")
    (found,) = problems(tmp_path)
    assert (found.file, found.path) == ("own.toml", path)
    assert remedy in found.remedy
    with pytest.raises(DefinitionError):
        list(read_folder(tmp_path))


def only(folder: Path) -> tuple[str, str]:
    (found,) = problems(folder)
    return found.file, found.remedy


def test_a_file_has_a_size(tmp_path: Path) -> None:
    with (tmp_path / "own.toml").open("wb") as file:
        file.truncate(10**10)
    file_name, remedy = only(tmp_path)
    assert (file_name, remedy) == (
        "own.toml",
        "a form has at most 512 KiB; take out what is none",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")
@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["device", "pipe", "socket"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "own.toml"
    if kind == "device":
        place.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        before = Path.cwd()
        os.chdir(tmp_path)  # a socket has a short path
        try:
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(place.name)
        finally:
            os.chdir(before)
    file_name, remedy = only(tmp_path)
    assert file_name == "own.toml"
    assert "take it out" in remedy


def test_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.toml").symlink_to(tmp_path / "gone.toml")
    file_name, remedy = only(tmp_path)
    assert file_name == "own.toml"
    assert remedy.startswith("it cannot be read")


@pytest.mark.parametrize("target", [".", ".."])
def test_links_that_lead_round_are_named(tmp_path: Path, target: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "own.toml").write_text(good(), "utf-8")
    (inner / "again").symlink_to(target)
    found = [one for one in problems(inner) if one.path == "folder"]
    assert [one.remedy for one in found] == ["it was read already; take out the link to it"]
    assert found[0].file.startswith("again")


def test_a_folder_holds_forms_alone(tmp_path: Path) -> None:
    for number in range(library.FOLDER_LIMIT + 1):
        (tmp_path / f"f{number:03d}").mkdir()
    (found,) = problems(tmp_path)
    assert found.path == "folder"
    assert "keep forms alone in it" in found.remedy


def test_files_are_found_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b/z.toml", "b/a/y.toml", "a.toml", "c.toml", "b/x.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", "utf-8")
    found = [name for name, _ in definition_files(tmp_path)]
    assert found == ["a.toml", "b/a/y.toml", "b/z.toml", "c.toml"]


def test_a_date_may_lie_a_hundred_years_ahead() -> None:
    text = HEAD + PAGE + FIELD.format("a", "date", f"at_most = {loading.AHEAD_LIMIT}")
    assert parse(text, file="own.toml").field("a").at_most == loading.AHEAD_LIMIT


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such devices")
def test_reading_a_file_whole_reads_files(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_whole(tmp_path / "file", limit=5) == b"12345"
    for path in (tmp_path / "file", Path("/dev/zero"), tmp_path):
        with pytest.raises(OSError):
            read_whole(path, limit=4)


_VALUES = st.one_of(
    st.sampled_from(["1", "-1", "0", "true", "[]", "{}", '""', '"x"', "1.5", "nan", "inf"]),
    st.sampled_from(["07:30:00", "2026-01-01", "[1, [2]]", "{a = 1}", '["x"]', "9" * 30]),
    st.sampled_from([f'"{kind.value}"' for kind in Kind]),
    st.sampled_from(['"causes"', "\"place == 'x'\"", '"../../causes"', '"\\u0000"', '"date"']),
)
_KEYS = st.sampled_from(
    [
        *("id", "version", "title", "event", "summary", "document", "late_after", "languages"),
        *("name", "kind", "label", "why", "missing", "required", "unknown", "code_list", "default"),
        *("max_length", "at_least", "at_most", "shown_when", "locked_when", "sees", "shared"),
        *("tier", "code", "field", "when", "say", "fields", "from", "rename", "creates", "joins"),
    ]
)
_TABLES = st.sampled_from(
    [
        *("[[pages]]", "[[pages.fields]]", "[[pages.fields.fields]]", "[[rules]]", "[effects]"),
        *("[[effects.amends]]", "[[migrations]]", "[[migrations.splits]]", "[[conflict_sets]]"),
        *("[translations]", "[translations.fr]", "[effects.creates]"),
    ]
)
_LINES = st.one_of(
    st.builds(lambda key, value: f"{key} = {value}", _KEYS, _VALUES), _TABLES, st.text(max_size=9)
)


@given(st.lists(_LINES, max_size=6), st.integers(0, 12), st.integers(0, 12))
@settings(max_examples=100, deadline=None)
def test_any_file_is_a_form_or_refused(lines: list[str], place: int, without: int) -> None:
    text = good().splitlines()
    del text[without : without + 1]
    text[place:place] = lines
    try:
        parse("\n".join(text), file="own.toml")
    except DefinitionError as error:
        assert error.file == "own.toml"
        assert str(error).startswith(f"own.toml: {error.where}: ")
