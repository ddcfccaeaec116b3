"""Documentation that cannot drift: what the pages say exists, exists.

Nothing here judges style. Each test takes one kind of claim out of the pages (a command, a link, a
button, a file) and looks for it in the program.
"""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from cli.commands.bench import NAMES as BENCHMARKS
from cli.main import waystation
from db import lock, store
from desktop.pages import PAGES
from workspace import care, folder

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GUIDES = sorted((DOCS / "guides").glob("*.md"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

WORDS_OF_THE_HOUSE = re.findall(
    r"\w+",
    """
    Person Household Member Event Registration Draft Problem Entry Ledger View Head Conflict
    Station Registry Officer Supervisor Clerk Registrar Operation Bundle Part Manifest Notice
    Receipt Credential Document TrustList StatusList MatchCase Decision Epoch Fold Slot Grant
    Request Root Workspace Auditor Administrator
    """,
)
PICTURE_LIMIT = 250_000
"""Bytes: a page with six of them still opens over a bad line."""


def pages() -> list[Path]:
    """Every page of this project, in the order in which a reader meets them."""
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_text("utf-8")


def without_code(page: str) -> str:
    """The page without fenced blocks and code spans, where other rules hold."""
    return re.sub(r"`[^`\n]*`", "``", re.sub(r"^ *```.*?^ *```", "", page, flags=re.M | re.S))


# commands -----------------------------------------------------------------------------------


def block_lines(page: Path) -> Iterator[tuple[int, str]]:
    """The lines of fenced blocks, with their number."""
    inside = False
    for number, line in enumerate(text(page).splitlines(), start=1):
        if line.strip().startswith("```"):
            inside = not inside
        elif inside:
            yield number, line.strip()


def written_commands(page: Path) -> Iterator[tuple[int, list[str]]]:
    """Lines of fenced blocks that begin with ``waystation``, as arguments."""
    for number, line in block_lines(page):
        if re.match(r"waystation(\s|$)", line):
            yield number, shlex.split(line, comments=True)[1:]


def named_commands(page: Path) -> Iterator[list[str]]:
    """Code spans that begin with ``waystation``: they may leave out what a command requires."""
    for span in re.findall(r"`(waystation [^`\n]+)`", text(page)):
        yield shlex.split(span)[1:]


def resolved(arguments: list[str]) -> tuple[click.Command, list[str]]:
    """The command that these arguments name, and what is left of them."""
    command: click.Command = waystation
    context = click.Context(waystation, info_name="waystation")
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        found = command.get_command(context, arguments[0])
        assert found is not None, f"there is no command {arguments[0]!r}"
        context = click.Context(found, info_name=arguments[0], parent=context)
        command, arguments = found, arguments[1:]
    return command, arguments


def leaves(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for one in group.list_commands(context):
        command = group.get_command(context, one)
        if isinstance(command, click.Group):
            yield from leaves(command, (*before, one))
        else:
            yield (*before, one)


@pytest.mark.parametrize("page", pages(), ids=name)
def test_commands_in_blocks_are_complete_and_exist(page: Path) -> None:
    for number, arguments in written_commands(page):
        where = f"{name(page)}:{number}"
        try:
            command, rest = resolved(list(arguments))
            command.make_context("waystation", [one for one in rest if one != "--help"])
        except (AssertionError, click.UsageError) as error:
            pytest.fail(f"{where}: waystation {shlex.join(arguments)}: {error}")


@pytest.mark.parametrize("page", pages(), ids=name)
def test_commands_and_options_named_in_passing_exist(page: Path) -> None:
    for arguments in named_commands(page):
        command, rest = resolved([one for one in arguments if one not in ("COMMAND", "…")])
        known = {option for each in command.params for option in each.opts}
        unknown = [one for one in rest if one.startswith("--") and one not in {*known, "--help"}]
        assert not unknown, f"{name(page)}: {shlex.join(arguments)} has no {unknown}"


def test_every_command_is_in_the_readme_or_a_guide() -> None:
    told = "\n".join(text(page) for page in [ROOT / "README.md", DOCS / "benchmarks.md", *GUIDES])
    missing = [
        " ".join(one) for one in leaves(waystation) if f"waystation {' '.join(one)}" not in told
    ]
    assert not missing, "no guide names these commands"


def test_every_benchmark_has_its_line() -> None:
    page = text(DOCS / "benchmarks.md")
    assert [one for one in BENCHMARKS if f"| `{one}` |" not in page] == []


_MAKE = re.compile(r"make ([a-z]+)")


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), flags=re.M))
    for page in pages():
        spans = re.findall(r"`make ([a-z]+)`", text(page))
        lines = [found[1] for _, line in block_lines(page) if (found := _MAKE.match(line))]
        assert {*spans, *lines} <= targets, name(page)


# the window ---------------------------------------------------------------------------------


@cache
def on_the_screen() -> str:
    """Every text of the window, the forms and the page for verifiers, letters and spaces only, one
    after the other."""
    found: list[str] = []
    for source in [
        *sorted((ROOT / "desktop").rglob("*.py")),
        *sorted((ROOT / "forms").glob("*.py")),
        ROOT / "documents" / "verifier_words.py",
    ]:
        tree = ast.parse(text(source))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            # A docstring is an expression of its own; what is shown is handed to something.
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found += [node.value] * (id(node) not in said)
    found += [line for each in (ROOT / "forms").rglob("*.toml") for line in text(each).splitlines()]
    return "\n".join(bare(one) for one in found)


def bare(label: str) -> str:
    """A label without what is filled in when it is shown."""
    return " ".join(re.sub(r"\{[^}]*\}|[&…“”]", " ", label).split()).casefold()


@pytest.mark.parametrize("page", GUIDES, ids=name)
def test_what_a_guide_sets_in_bold_stands_on_the_screen(page: Path) -> None:
    labels = re.findall(r"\*\*([^*]+)\*\*", text(page).replace("\n", " "))
    missing = [one for one in labels if one != "bold" and bare(one) not in on_the_screen()]
    assert not missing, "rename them here too, or set them in plain letters"


@pytest.mark.parametrize("page", GUIDES, ids=name)
def test_keys_in_a_guide_are_keys_of_the_window(page: Path) -> None:
    spans = re.findall(r"`((?:Ctrl|Alt|Shift)\+[A-Za-z0-9]+|F\d+)`", text(page))
    wanted = {one.replace("Enter", "Return").casefold() for one in spans}
    screen = on_the_screen()
    # The interview makes the keys of its members in a loop, from F2 to F9.
    known = {f"f{number}" for number in range(2, 10)}
    assert {one for one in wanted if one not in known and one not in screen} == set()


def test_every_page_of_the_rail_is_in_a_guide() -> None:
    told = " ".join(text(page) for page in GUIDES)
    assert [one.title for one in PAGES if one.on_rail and f"**{one.title}**" not in told] == []


# pages among themselves -----------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The anchors that headings make."""
    titles = re.findall(r"^#+ +(.+)$", text(page), flags=re.M)
    plain = [re.sub(r"[^\w\- ]", "", title.casefold()) for title in titles]
    return {title.strip().replace(" ", "-") for title in plain}


@pytest.mark.parametrize("page", pages(), ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text(page))):
        if re.match(r"https?:|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name(page)}: {target}"
        if anchor:
            assert anchor in anchors(there), f"{name(page)}: {target}"


def test_pictures_are_small_and_shown() -> None:
    shown = " ".join(text(page) for page in pages())
    for picture in sorted((DOCS / "images").iterdir()):
        assert picture.stat().st_size <= PICTURE_LIMIT, picture.name
        assert f"images/{picture.name}" in shown, picture.name


def test_decisions_are_numbered_listed_and_short() -> None:
    listed = text(DOCS / "adr" / "README.md")
    decisions = sorted((DOCS / "adr").glob("[0-9]*.md"))
    for number, page in enumerate(decisions, start=1):
        title = text(page).splitlines()[0]
        assert page.name.startswith(f"{number:04d}-")
        assert title.startswith(f"# {number:04d}. ")
        assert f"| [{number:04d}]({page.name}) | {title[8:]} |" in listed, page.name
        assert len(text(page).split()) <= 520, f"{page.name} is longer than a page"


def test_formats_are_listed() -> None:
    listed = text(DOCS / "formats" / "README.md")
    there = sorted(one.name for one in (DOCS / "formats").glob("*.md") if one.name != "README.md")
    assert [one for one in there if f"]({one})" not in listed] == []


def test_pages_that_the_code_cites_exist() -> None:
    for room in PROJECT["tool"]["importlinter"]["root_packages"]:
        for source in sorted((ROOT / room).rglob("*.py")):
            for cited in re.findall(r"docs/[\w/-]+\.md", text(source)):
                assert (ROOT / cited).exists(), f"{name(source)} cites {cited}"


# words, rooms, files --------------------------------------------------------------------------


def glossary() -> list[tuple[str, str, str]]:
    rows = re.findall(
        r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+?) \|$", text(DOCS / "glossary.md"), flags=re.M
    )
    return [(word, meaning, follows) for word, meaning, follows in rows]


def test_the_glossary_has_every_word_once_in_order() -> None:
    words = [word for word, _, _ in glossary()]
    assert [one for one in WORDS_OF_THE_HOUSE if one not in words] == []
    assert len(words) == len(set(words))
    assert words == sorted(words, key=str.casefold)
    assert all(meaning and follows for _, meaning, follows in glossary())


def test_every_room_is_on_the_map() -> None:
    page = text(DOCS / "architecture.md")
    floors = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = [room for floor in floors for room in floor.split(" | ")]
    assert [room for room in rooms if f"`{room}`" not in page] == []
    drawn = re.findall(r"^\|[^|]*\| `(\w+)` \|", page, flags=re.M)
    order = [
        next(i for i, floor in enumerate(floors) if room in floor.split(" | ")) for room in drawn
    ]
    assert order == sorted(order), "the table has the floors in another order than pyproject.toml"


def test_every_file_of_a_workspace_is_on_the_map() -> None:
    page = text(DOCS / "architecture.md")
    files = (
        folder.CARD, folder.SLOTS, store.MAIN, store.PHOTOS, lock.FILE, care.BACKUP_NOTE
    )  # fmt: skip
    assert [one for one in files if f"| `{one}` |" not in page] == []


def test_modules_that_pages_name_exist() -> None:
    rooms = "|".join(PROJECT["tool"]["importlinter"]["root_packages"])
    for page in pages():
        if page.parent == DOCS / "formats":
            continue
        for path in re.findall(
            rf"`((?:{rooms}|tests|resources|packaging)/[\w./-]*\w/?)`", text(page)
        ):
            assert (ROOT / path).exists(), f"{name(page)} names {path}"


# what must not stand anywhere -----------------------------------------------------------------

_MACHINE = re.compile(r"(?<![\w.~])/(?:tmp|root|home|work|mnt|Users|var)/[A-Za-z.]")
_HOSTS = re.compile("pypi" + r"\.org|pythonhosted|/sim" + "ple/|--(?:extra-)?index" + "-url", re.I)


@pytest.mark.parametrize("page", pages(), ids=name)
def test_no_paths_of_a_machine_and_no_package_hosts(page: Path) -> None:
    assert _MACHINE.findall(text(page)) == []
    assert _HOSTS.findall(text(page)) == []


_IGNORED = re.compile(r"#\s*(?:noqa|type:\s*ignore)")
_REASON = re.compile(r"(?:: [A-Z]+\d+(?:, [A-Z]+\d+)* - |\[[a-z, -]+\]  # )\S")


def test_every_ignore_names_its_rule_and_says_why() -> None:
    rooms = PROJECT["tool"]["importlinter"]["root_packages"]
    bare = [
        f"{name(source)}:{number}: {line.strip()}"
        for room in (*rooms, "tests", "packaging")
        for source in sorted((ROOT / room).rglob("*.py"))
        for number, line in enumerate(text(source).splitlines(), start=1)
        if not all(_REASON.match(rest) for rest in _IGNORED.split(line)[1:])
    ]
    assert bare == []


# versions and licences ------------------------------------------------------------------------


def locked() -> dict[str, str]:
    found = re.findall(r"^([a-z0-9-]+)==(\S+)", text(ROOT / "requirements.lock"), flags=re.M)
    return dict(found)


def test_third_party_names_what_is_locked() -> None:
    rows = re.findall(
        r"^\| ([a-z0-9-]+) \| (\d\S*) \| ([^|]+) \|", text(ROOT / "THIRD-PARTY.md"), flags=re.M
    )
    assert {package: version for package, version, _ in rows} == locked()
    assert all(licence.strip() for _, _, licence in rows)


def test_what_was_chosen_stands_among_the_chosen() -> None:
    chosen = text(ROOT / "THIRD-PARTY.md").split("## Brought along")[0]
    named = {re.split(r"[<>=\[]", one)[0].lower() for one in PROJECT["project"]["dependencies"]}
    assert {one for one in named if f"| {one} |" not in chosen} == set()


def test_the_changelog_begins_with_this_version() -> None:
    first = re.search(r"^## (\S+?),? ", text(ROOT / "CHANGELOG.md"), flags=re.M)
    assert first is not None
    assert first[1] == PROJECT["project"]["version"]
