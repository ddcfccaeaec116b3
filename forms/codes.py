"""Code lists: what may be answered where an answer is a code.

Each list is a CSV in ``resources/codes`` that begins with comment lines naming its title, source
and version; an operation brings lists of its own with its forms (:mod:`forms.own`). A code keeps
its meaning for ever: a list grows, and a code that is no longer asked stays in it with ``offered``
= no, because entries that use it stay. What each list holds and what its columns map to is in
``docs/formats/codes.md``.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

import resources
from forms.errors import CodeListError
from values.text import has_control

__all__ = [
    "FAMILIES",
    "OWN",
    "Code",
    "CodeList",
    "code_list",
    "head_of",
    "parse_own",
    "sensitive_needs",
]

FAMILIES: Mapping[str, str] = MappingProxyType(
    {"event_types": "event_families", "hazards": "hazard_families", "needs": "need_families"}
)
"""The list that names the families of another list."""

OWN = "x_"
"""How the names begin that an operation gives: forms and lists of the program never do."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HEADER_KEYS = ("title", "source", "version")
_COLUMNS = ("code", "label", "offered", "in_lists")
_OWN_COLUMNS = ("code", "label", "offered")
_LABEL_IN = "label:"
"""Begins the column with the labels in a language: ``label:fr``."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_OWN_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_YES_NO = {"yes": True, "no": False}
CODE_LIMIT = 5_000
"""Codes of an operation's list: the longest that ships has 500."""
LABEL_LIMIT = 200
"""Characters of a label: what fits two lines."""

_OWN: dict[str, CodeList] = {}
"""The operations' lists that were read in this process. Each has the hash of its bytes in its name,
so that two workspaces with different lists of one name never meet."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code. ``label`` is the English source string.

    ``offered``: shown for choice in an interview. ``in_lists``: accepted in a pre-registration
    list. ``sealed``: kept in the vault (needs only). ``family`` groups codes in the picker, see
    :data:`FAMILIES`. ``extra`` holds the list's further columns, such as the code of another
    system that means the same.
    """

    code: str
    label: str
    offered: bool = True
    in_lists: bool = True
    sealed: bool = False
    family: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes of one list in their own order, with where they come from."""

    name: str
    title: str
    source: str
    version: str
    codes: Mapping[str, Code] = field(repr=False, hash=False)
    folded: Mapping[str, str] = field(repr=False, hash=False, compare=False)
    texts: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict, repr=False, hash=False, compare=False
    )
    """Language to label to translation, for lists that the catalogues do not have."""

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes.values())

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, code: str) -> Code:
        return self.codes[code]

    def offered(self) -> tuple[Code, ...]:
        """The codes to choose from in an interview."""
        return tuple(code for code in self if code.offered)

    def find(self, text: str) -> str | None:
        """The code that ``text`` means whatever its case, or ``None``: ``afg`` finds ``AFG``."""
        return self.folded.get(text.casefold())


def code_list(name: str) -> CodeList:
    """The list called ``name`` (``sex``, ``needs``, ...), read once.

    Raises :class:`~forms.errors.CodeListError` for a list that is missing or malformed.
    """
    if name in _OWN:
        return _OWN[name]
    return _shipped(name)


@cache
def _shipped(name: str) -> CodeList:
    file = f"codes/{name}.csv"
    if not _NAME.fullmatch(name):
        raise CodeListError(file[:60], "file", "there is no such code list; check its name")
    try:
        text = resources.read_text(file)
    except (FileNotFoundError, ValueError) as error:
        raise CodeListError(file, "file", "there is no such code list; check its name") from error
    return parse(name, text, file=file)


def parse(name: str, text: str, *, file: str) -> CodeList:
    """Read the text of a code list. Raises :class:`~forms.errors.CodeListError`."""
    lines = text.splitlines()
    head = head_of(lines, file)
    codes, folded = _codes(lines, file, _COLUMNS)
    return CodeList(
        name,
        head["title"],
        head["source"],
        head["version"],
        MappingProxyType(codes),
        MappingProxyType(folded),
    )


def parse_own(name: str, data: bytes, *, file: str) -> CodeList:
    """Read a list that an operation wrote, and keep it for :func:`code_list` under the ``name`` of
    what is returned, which holds the hash of its bytes.

    Columns are ``code``, ``label``, ``offered`` and ``label:<language>``. Raises
    :class:`~forms.errors.CodeListError`.
    """
    try:
        lines = data.decode("utf-8-sig").splitlines()
        head = head_of(lines, file)
        codes, folded = _codes(lines, file, _OWN_COLUMNS)
    except UnicodeDecodeError as error:
        raise CodeListError(file, "file", "save it as UTF-8") from error
    except csv.Error as error:
        raise CodeListError(file, "file", f"mend the CSV: {error}") from error
    texts: dict[str, dict[str, str]] = {}
    if len(codes) > CODE_LIMIT:
        raise CodeListError(file, "file", f"write at most {CODE_LIMIT} codes")
    for code in codes.values():
        where = f"code {code.code[:60]}"
        if not _OWN_CODE.fullmatch(code.code):
            raise CodeListError(file, where, "write letters, digits, _ and - alone, 40 at most")
        for column, label in (("label", code.label), *code.extra.items()):
            language = column.removeprefix(_LABEL_IN)
            if column != "label" and not (language != column and _LANGUAGE.fullmatch(language)):
                remedy = "columns are code, label, offered and label:fr for a language; take it out"
                raise CodeListError(file, f"column {column[:60]!r}", remedy)
            if len(label) > LABEL_LIMIT or has_control(label):
                raise CodeListError(
                    file,
                    f"{where}, {column}",
                    f"write {LABEL_LIMIT} characters at most, in one line",
                )
            if column != "label" and label:
                texts.setdefault(language, {})[code.label] = label
    digest = hashlib.sha256(data).hexdigest()[:32]
    made = CodeList(
        f"{name}@{digest}",
        head["title"],
        head["source"],
        head["version"],
        MappingProxyType(codes),
        MappingProxyType(folded),
        texts=MappingProxyType(texts),
    )
    return _OWN.setdefault(made.name, made)


def _codes(
    lines: list[str], file: str, columns: tuple[str, ...]
) -> tuple[dict[str, Code], dict[str, str]]:
    """The codes of a list, and how each is found whatever its case."""
    body = [line for line in lines if not line.startswith("#")]
    reader = csv.DictReader(body, strict=True)
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise CodeListError(file, "header", f"add the columns {', '.join(missing)}")
    codes: dict[str, Code] = {}
    folded: dict[str, str] = {}
    for number, row in enumerate(reader, start=1):
        code = _code(row, f"code {number}", file)
        if code.code in codes or code.code.casefold() in folded:
            raise CodeListError(file, f"code {number}", f"{code.code} stands twice; remove one")
        codes[code.code] = code
        folded[code.code.casefold()] = code.code
    if not codes:
        raise CodeListError(file, "file", "the list is empty; add its codes")
    return codes, folded


def sensitive_needs(needs: tuple[str, ...] | list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split need codes into those kept open and those that must be sealed in the vault."""
    known = code_list("needs")
    sealed = tuple(code for code in needs if code not in known or known[code].sealed)
    return tuple(code for code in needs if code not in sealed), sealed


def head_of(lines: list[str], file: str) -> dict[str, str]:
    """The comment lines that a file of codes begins with: title, source and version. Raises
    :class:`~forms.errors.CodeListError` when one is missing."""
    head = {}
    for line in lines:
        if not line.startswith("#"):
            break
        key, colon, value = line[1:].partition(":")
        if not colon or key.strip() not in _HEADER_KEYS:
            raise CodeListError(
                file, line, "comment lines are '# title:', '# source:', '# version:'"
            )
        head[key.strip()] = value.strip()
    for key in _HEADER_KEYS:
        if not head.get(key):
            raise CodeListError(file, "comment lines", f"add a line '# {key}: ...'")
    return head


def _code(row: dict[str | None, str | None], where: str, file: str) -> Code:
    if None in row or None in row.values():
        raise CodeListError(file, where, "give it as many cells as the header has")
    cells = {str(key): str(value) for key, value in row.items()}
    if not cells["code"] or not cells["label"]:
        raise CodeListError(file, where, "give it a code and a label")
    flags = {}
    for column in ("offered", "in_lists", "sealed"):
        value = cells.get(column, "no")
        if value not in _YES_NO:
            raise CodeListError(file, f"{where}, {column}", "write yes or no")
        flags[column] = _YES_NO[value]
    extra = {
        key: value
        for key, value in cells.items()
        if key not in ("code", "label", "offered", "in_lists", "sealed", "family")
    }
    return Code(cells["code"], cells["label"], family=cells.get("family", ""), extra=extra, **flags)
