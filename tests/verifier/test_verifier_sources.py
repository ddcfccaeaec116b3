"""The page's sources, its tests and what was built of them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import resources
from desktop.pages.verdicts import VERDICTS
from desktop.style import palettes
from documents import verifier_words
from documents.verdict import SENTENCES, Verdict
from documents.verify import verify_text
from tests.verifier import make_vectors
from tests.verifier.node import SOURCES, node

ROOT = SOURCES.parent
SCRIPTS = sorted((SOURCES / "src").glob("*.js"))


def test_what_is_shipped_is_what_the_sources_give() -> None:
    done = node("build.mjs", "--check")
    assert done.returncode == 0, done.stderr


def test_the_scripts_pass_their_tests() -> None:
    files = [str(path.relative_to(SOURCES)) for path in sorted(SOURCES.glob("test/*.test.js"))]
    done = node("--test", *files)
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_scripts_keep_their_types() -> None:
    done = node("node_modules/typescript/bin/tsc", "--project", "jsconfig.json")
    assert done.returncode == 0, done.stdout


# what the scripts take from elsewhere -----------------------------------------------------


def test_every_word_that_is_said_is_written_and_the_other_way_round() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in [*SCRIPTS, SOURCES / "src/page.html"])
    quoted = set(re.findall(r"['\"]([a-z_]+)['\"]", sources))
    catalogue = verifier_words.catalogues()["en"]
    kept = {key for key in catalogue["words"] if "." not in key} | set(catalogue["plurals"])
    assert kept - quoted == set(), "words that nothing says"
    said = set(re.findall(r"(?:say|count|note)\(\s*['\"]([a-z_]+)['\"]", sources))
    said |= set(re.findall(r'data-say(?:-\w+)?="(\w+)"', sources))
    assert said - kept == set(), "words that are missing"


def test_every_reason_of_the_scripts_has_its_sentence() -> None:
    words = verifier_words.catalogues()["en"]["words"]
    in_vectors = {case["reason"] for case in load("verdicts.json")["cases"]}
    scripts = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
    in_scripts = {code for code in SENTENCES if f"'{code}'" in scripts}
    assert {f"reason.{code}" for code in in_vectors | in_scripts} <= set(words)


def test_verdicts_are_called_as_in_the_window() -> None:
    assert {verdict: word for verdict, (word, _, _) in VERDICTS.items()} == dict(
        verifier_words.VERDICTS
    )
    assert list(verifier_words.VERDICTS) == list(Verdict)
    view = (SOURCES / "src" / "view.js").read_text("utf-8")
    tones = dict(re.findall(r"^  (\w+): '(success|warning|danger)',$", view, flags=re.M))
    assert tones == {verdict: tone for verdict, (_, tone, _) in VERDICTS.items()}


@pytest.mark.parametrize(
    ("palette", "block"),
    [
        (palettes.LIGHT, r"^:root \{(.*?)^\}"),
        (palettes.DARK, r"prefers-color-scheme: dark\) \{(.*?)^\}"),
        (palettes.CONTRAST, r"prefers-contrast: more\) \{(.*?)^\}"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_colours_are_those_of_the_window(palette: Any, block: str) -> None:
    sheet = (SOURCES / "src" / "styles.css").read_text("utf-8")
    found = re.search(block, sheet, flags=re.M | re.S)
    assert found is not None
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", found[1]))
    assert len(colours) > 15
    expected = {name: palette.role(name.replace("-", "_")) for name in colours}
    assert colours == expected


# what the program answers -----------------------------------------------------------------


def load(name: str) -> Any:
    return json.loads((make_vectors.FOLDER / name).read_text(encoding="utf-8"))


def test_the_program_answers_as_the_vectors_say() -> None:
    vectors = load("verdicts.json")
    for case in vectors["cases"]:
        told = verify_text(
            case["text"],
            make_vectors.loaded(case["trust"]),
            at=datetime.fromtimestamp(case["at"], UTC),
        ).results[0]
        assert (told.verdict, told.reason) == (case["verdict"], case["reason"]), case["name"]


@pytest.mark.parametrize("name", make_vectors.FILES)
def test_vectors_are_what_would_be_written_now(name: str) -> None:
    """All but what is compressed, which is as the libraries of this machine compress it."""

    def without_texts(value: Any) -> Any:
        if name == "symbol.json":
            return value["modules"] > 0
        if name == "portraits.json":  # as the encoders of this machine write them
            return [(one["name"], one["shown"]) for one in value["portraits"]]
        if name == "verdicts.json":
            cases = [{**case, "text": ""} for case in value["cases"]]
            return {**value, "cases": cases, "trusts": sorted(value["trusts"])}
        return value

    now = json.loads(make_vectors.text(make_vectors.FILES[name]()))
    assert without_texts(now) == without_texts(load(name)), "python -m tests.verifier.make_vectors"


# what is shipped --------------------------------------------------------------------------


def lock() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))
    return found


def test_the_lock_names_no_host_and_every_digest() -> None:
    for name, package in lock()["packages"].items():
        assert "resolved" not in package
        assert not name or package["integrity"].startswith("sha512-"), name


def test_licences_go_with_what_is_in_the_page() -> None:
    licences = resources.read_text("verifier/LICENCES.txt")
    page = resources.read_text("verifier/verifier.html.in")
    third_party = (ROOT / "THIRD-PARTY.md").read_text("utf-8")
    chosen = json.loads((SOURCES / "package.json").read_text("utf-8"))["dependencies"]
    for name, version in chosen.items():
        assert lock()["packages"][f"node_modules/{name}"]["version"] == version
        assert f"{name} {version} (" in licences
        assert f"| `{name}` {version} |" in third_party
    assert "Apache License" in licences
    assert licences in page


def test_the_page_knows_no_address() -> None:
    page = resources.read_text("verifier/verifier.html.in")
    scripts = page[: page.rindex("<!--")]
    addresses = set(re.findall(r"https?://[^\"'`\s<)]+", scripts))
    assert addresses <= {"http://www.w3.org/2000/svg"}


def test_the_page_stays_small_enough_to_hand_on() -> None:
    path = Path(str(resources.path("verifier/verifier.html.in")))
    assert path.stat().st_size < 1_000_000  # bytes; most of it is the decoder
