"""Gather what is to be translated, merge it into the catalogues, and compile them.

    python packaging/translations.py            update .pot and .po, compile .mo
    python packaging/translations.py --check    change nothing; fail when something is stale

Sources are the marked strings of the code (`tr`, `ntr`, `N_`, `_`, and the like), the
sentences of errors and of the offices' constants, the labels of forms and code lists.
Names that CLDR translates (countries, languages) are not gathered: Babel knows them.
"""

from __future__ import annotations

import argparse
import ast
import csv
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "resources" / "i18n"
TEMPLATE = HOME / "waystation.pot"
LANGUAGES = ("ar", "fr")
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # written into the .mo: same strings, same bytes
ROOMS = (
    "cli",
    "db",
    "desktop",
    "documents",
    "forms",
    "ledger",
    "registry",
    "station",
    "sync",
    "training",
    "values",
    "workspace",
)
SINGULAR = frozenset({"tr", "N_", "_", "gettext"})
PLURAL = frozenset({"ntr", "ngettext"})
SPOKEN = ("label", "question")
"""Columns of code lists that people see, or are asked aloud."""

LABELS = frozenset({"title", "label", "help", "why", "missing", "placeholder", "say", "summary"})
OFFICES = frozenset({"documents", "ledger", "registry", "station", "workspace"})
"""Rooms whose constants are shown to people: whole sentences, and tables of them."""
SENTENCE = re.compile(r"[A-Z].* .*[.]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to translate, and where it stands."""

    text: str
    plural: str | None
    place: tuple[str, int]


def gather() -> list[Message]:
    """Everything, in a stable order."""
    found: list[Message] = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            found.extend(_from_python(path))
    for path in sorted((ROOT / "forms" / "definitions").rglob("*.toml")):
        found.extend(_from_form(path))
    for path in sorted((ROOT / "documents" / "templates").glob("*.toml")):
        # A summary is for whoever reads the file.
        found.extend(_from_form(path, LABELS - {"summary"}))
    for path in sorted((ROOT / "resources" / "codes").glob("*.csv")):
        found.extend(_from_codes(path))
    return found


def _from_python(path: Path) -> Iterator[Message]:
    name = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text("utf-8"), name)
    words = SINGULAR | set(_aliases(tree))
    if path.parent.name in OFFICES:
        yield from _from_constants(tree, name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _from_call(node, name, words)
        elif isinstance(node, ast.ClassDef):
            for line in node.body:  # errors that say one sentence
                if isinstance(line, ast.Assign) and any(
                    isinstance(target, ast.Name) and target.id == "sentence"
                    for target in line.targets
                ):
                    yield from _message(line.value, name)


def _from_constants(tree: ast.Module, name: str) -> Iterator[Message]:
    """Sentences that a module keeps under a name, one by one or as a table's values."""
    for line in tree.body:
        if not isinstance(line, ast.Assign | ast.AnnAssign) or line.value is None:
            continue
        kept = line.value.values if isinstance(line.value, ast.Dict) else [line.value]
        for value in kept:
            if SENTENCE.fullmatch(_constant(value)):
                yield from _message(value, name)


def _aliases(tree: ast.AST) -> Iterator[str]:
    """Other names a module gives to a catalogue's ``gettext``."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "gettext"
        ):
            for target in node.targets:
                yield target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")


def _from_call(node: ast.Call, name: str, words: set[str] | frozenset[str]) -> Iterator[Message]:
    called = node.func
    word = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    if word in words and len(node.args) >= 1:
        yield from _message(node.args[0], name)
    elif word in PLURAL and len(node.args) >= 2:
        one, many = _constant(node.args[0]), _constant(node.args[1])
        if one and many:
            yield Message(one, many, (name, node.lineno))
    elif word.endswith("Error") and len(node.args) == 2:
        yield from _message(node.args[1], name)


def _message(node: ast.expr, name: str) -> Iterator[Message]:
    text = _constant(node)
    if text:
        yield Message(text, None, (name, node.lineno))


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _from_form(path: Path, labels: frozenset[str] = LABELS) -> Iterator[Message]:
    name = path.relative_to(ROOT).as_posix()

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in labels and isinstance(inner, str) and inner:
                    yield inner
                else:
                    yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    for text in walk(tomllib.loads(path.read_text("utf-8"))):
        yield Message(text, None, (name, 0))


def _from_codes(path: Path) -> Iterator[Message]:
    name = path.relative_to(ROOT).as_posix()
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines):
        # A country that is never offered is told all the same: a travel document may say it.
        told = row.get("offered") == "yes" or path.stem == "countries"
        if row.get("cldr") or not told:
            continue
        for column in SPOKEN:
            if row.get(column):
                yield Message(row[column], None, (name, 0))


def template(messages: list[Message]) -> Catalog:
    """The messages as a catalogue without translations."""
    catalog = _empty(None)
    for message in messages:
        known = (message.text, message.plural) if message.plural else message.text
        place = (message.place[0], message.place[1] or 1)
        catalog.add(known, locations=[place])
    return catalog


def _empty(language: str | None) -> Catalog:
    return Catalog(
        locale=language,
        domain="waystation",
        project="Waystation",
        version="",
        copyright_holder="the Waystation contributors",
        header_comment="# Waystation. Written by packaging/translations.py; translate msgstr.",
        fuzzy=False,
    )


def merged(language: str, messages: Catalog) -> Catalog:
    """The language's catalogue with what is new, without what is gone."""
    path = HOME / language / "LC_MESSAGES" / "waystation.po"
    if path.exists():
        catalog = read_po(io.BytesIO(path.read_bytes()), locale=language)
    else:
        catalog = _empty(language)
    catalog.update(messages, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = _empty(None).header_comment
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """The bytes of a .po or .pot. Dates are left out: the same strings give the same bytes."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=96, sort_by_file=True, include_lineno=False, omit_header=False)
    lines = buffer.getvalue().decode("utf-8").splitlines(keepends=True)
    left_out = (
        '"POT-Creation-Date:',
        '"PO-Revision-Date:',
        '"Last-Translator:',
        '"Language-Team:',
        '"Report-Msgid-Bugs-To:',
        '"Generated-By:',
    )
    return "".join(line for line in lines if not line.startswith(left_out)).encode("utf-8")


def as_mo(po: bytes, language: str) -> bytes:
    """The compiled catalogue of a .po."""
    catalog = read_po(io.BytesIO(po), locale=language)
    catalog.creation_date = catalog.revision_date = SOME_DAY
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def outputs() -> dict[Path, bytes]:
    """Every file this program writes, and what is to be in it."""
    messages = template(gather())
    files = {TEMPLATE: as_po(messages)}
    for language in LANGUAGES:
        folder = HOME / language / "LC_MESSAGES"
        po = as_po(merged(language, messages))
        files[folder / "waystation.po"] = po
        files[folder / "waystation.mo"] = as_mo(po, language)
    return files


def missing(language: str) -> list[str]:
    """Messages that have no translation yet."""
    catalog = read_po(io.BytesIO(outputs()[_po(language)]), locale=language)
    return [
        str(message.id) for message in catalog if message.id and not all(_strings(message.string))
    ]


def _strings(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (str(value),)


def _po(language: str) -> Path:
    return HOME / language / "LC_MESSAGES" / "waystation.po"


def main() -> int:
    """Update, or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, fail when stale")
    check = parser.parse_args().check
    stale = []
    for path, data in outputs().items():
        if path.exists() and path.read_bytes() == data:
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    for language in LANGUAGES:
        lacking = missing(language)
        print(f"{language}: {len(lacking)} not translated yet")
    if check and stale:
        print("Run packaging/translations.py; these are stale: " + ", ".join(stale))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
