"""Form definitions: what is asked, page by page, as data in TOML.

A definition is read strictly: an unknown key, a field in two conflict sets or a code list that
does not exist is refused with the file, the place in it and the remedy, because a form that is
wrong would be wrong for every family. ``docs/formats/forms.md`` is normative.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from forms.codes import CodeList, code_list
from forms.errors import CodeListError, DefinitionError
from values import cbor

__all__ = ["Condition", "Field", "Form", "Kind", "Page", "parse"]

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_HASH_DOMAIN = b"waystation/form/1\0"


class Kind(StrEnum):
    """How a field is answered. ``docs/formats/forms.md`` gives the raw and the kept shape."""

    TEXT = "text"
    NAME = "name"
    LONG_TEXT = "long_text"
    DATE = "date"
    CODE = "code"
    CODES = "codes"
    PHONE = "phone"
    DOCUMENTS = "documents"
    CONSENT = "consent"
    YES_NO = "yes_no"
    PHOTO = "photo"
    SEALED = "sealed"
    """Never asked: holds what was sealed away from another field."""


_NEEDS_CODES = frozenset({Kind.CODE, Kind.CODES, Kind.DOCUMENTS, Kind.CONSENT, Kind.YES_NO})
_NEEDS_LENGTH = frozenset({Kind.TEXT, Kind.NAME, Kind.LONG_TEXT, Kind.DOCUMENTS})


@dataclass(frozen=True, slots=True)
class Condition:
    """The field is asked only when another field of the form has one of these answers."""

    field: str
    any_of: tuple[str, ...]

    def holds(self, answer: object) -> bool:
        """Whether ``answer``, the other field's code, is one of those named."""
        return answer in self.any_of


@dataclass(frozen=True, slots=True)
class Field:
    """One question. Texts are English source strings (gettext msgids).

    ``unknown`` and ``refused``: may be answered with Alt+U or "does not want to say".
    ``repeat``: Ctrl+D takes the answer of the member before. ``why`` is the "why we ask" text.
    ``warn_if_empty``: an empty answer is a warning, not an error.
    """

    name: str
    kind: Kind
    label: str
    help: str = ""
    why: str = ""
    missing: str = ""
    required: bool = False
    warn_if_empty: bool = False
    unknown: bool = False
    refused: bool = False
    repeat: bool = False
    code_list: str = ""
    max_length: int = 0
    default: str = ""
    shown_when: Condition | None = None

    @property
    def codes(self) -> CodeList | None:
        """The code list of its answers, if they are codes."""
        return code_list(self.code_list) if self.code_list else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: few enough fields to be seen without scrolling."""

    id: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form at one version. ``hash`` is what entries name, so that what was asked can be told
    from them years later."""

    id: str
    version: str
    title: str
    pages: tuple[Page, ...]
    sets: tuple[tuple[str, frozenset[str], bool], ...]
    hash: bytes
    event: str = ""
    _by_name: Mapping[str, Field] = field(default_factory=dict, repr=False, compare=False)

    def fields(self) -> Iterator[Field]:
        """All fields in their order, those that are never asked included."""
        for page in self.pages:
            yield from page.fields

    def field(self, name: str) -> Field:
        """The field called ``name``. Raises :class:`KeyError`."""
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def page_of(self, name: str) -> Page:
        """The page on which the field stands. Raises :class:`KeyError`."""
        wanted = self.field(name)
        return next(page for page in self.pages if wanted in page.fields)

    def conflict_sets(self) -> Mapping[str, tuple[frozenset[str], bool]]:
        """Set name to (fields, whether it is an identity set). Every field is in exactly one: a
        field that no set names is a set of its own."""
        return {name: (fields, identity) for name, fields, identity in self.sets}

    @property
    def version_key(self) -> tuple[int, ...]:
        """For comparing versions."""
        return tuple(int(part) for part in self.version.split("."))

    @property
    def reference(self) -> tuple[str, str, bytes]:
        """What the header of an entry says: id, version, content hash."""
        return self.id, self.version, self.hash


def parse(text: str, *, file: str) -> Form:
    """Read a definition. Raises :class:`~forms.errors.DefinitionError` with the remedy."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(file, "file", f"mend the TOML: {error}") from error
    top = _Table(raw, file, "")
    form_id = top.text("id", pattern=_ID)
    version = top.text("version", pattern=_VERSION)
    title = top.text("title")
    event = top.text("event", default="")
    pages = tuple(_page(table) for table in top.tables("pages"))
    sets = _sets(top, pages)
    top.finish()
    by_name = {field.name: field for page in pages for field in page.fields}
    _check_conditions(by_name, file)
    return Form(form_id, version, title, pages, sets, _hash(raw, by_name), event, by_name)


def _hash(raw: Mapping[str, Any], fields: Mapping[str, Field]) -> bytes:
    """Of the content, so that comments and layout of the file do not matter. The versions of the
    code lists belong to it: an answer means what its list said."""
    lists = {field.code_list for field in fields.values() if field.code_list}
    versions = {name: code_list(name).version for name in sorted(lists)}
    content = cbor.encode({"definition": dict(raw), "code_lists": versions})
    return hashlib.sha256(_HASH_DOMAIN + content).digest()


def _page(table: _Table) -> Page:
    page = Page(
        id=table.text("id", pattern=_ID),
        title=table.text("title"),
        fields=tuple(_field(one) for one in table.tables("fields")),
    )
    table.finish()
    return page


def _field(table: _Table) -> Field:
    kind_text = table.text("kind")
    try:
        kind = Kind(kind_text)
    except ValueError:
        raise table.error("kind", f"use one of {', '.join(Kind)}") from None
    made = Field(
        name=table.text("name", pattern=_ID),
        kind=kind,
        label=table.text("label"),
        help=table.text("help", default=""),
        why=table.text("why"),
        missing=table.text("missing", default=""),
        required=table.flag("required"),
        warn_if_empty=table.flag("warn_if_empty"),
        unknown=table.flag("unknown"),
        refused=table.flag("refused"),
        repeat=table.flag("repeat"),
        code_list=table.text("code_list", default=""),
        max_length=table.number("max_length"),
        default=table.text("default", default=""),
        shown_when=_condition(table),
    )
    table.finish()
    _check_field(made, table)
    return made


def _check_field(made: Field, table: _Table) -> None:
    if made.required and made.warn_if_empty:
        raise table.error("warn_if_empty", "a required field does not need it; remove one")
    if (made.required or made.warn_if_empty) and not made.missing:
        raise table.error("missing", "say what to do when it is left empty")
    if bool(made.code_list) != (made.kind in _NEEDS_CODES):
        raise table.error("code_list", f"name one exactly when the kind has codes, not {made.kind}")
    if bool(made.max_length) != (made.kind in _NEEDS_LENGTH):
        raise table.error("max_length", f"give one exactly when the kind is text, not {made.kind}")
    if made.code_list:
        try:
            known = code_list(made.code_list)
        except CodeListError as error:
            raise table.error("code_list", str(error)) from error
        if made.default and made.default not in known:
            raise table.error("default", f"use a code of the list {made.code_list}")


def _condition(table: _Table) -> Condition | None:
    inner = table.table("shown_when")
    if inner is None:
        return None
    condition = Condition(inner.text("field", pattern=_ID), inner.texts("any_of"))
    inner.finish()
    return condition


def _check_conditions(fields: Mapping[str, Field], file: str) -> None:
    for one in fields.values():
        if one.shown_when is None:
            continue
        other = fields.get(one.shown_when.field)
        if other is None or other.codes is None:
            raise DefinitionError(file, f"{one.name}.shown_when.field", "name a field with codes")
        for code in one.shown_when.any_of:
            if code not in other.codes:
                raise DefinitionError(
                    file, f"{one.name}.shown_when.any_of", f"{code!r} is no code of {other.name}"
                )


def _sets(top: _Table, pages: tuple[Page, ...]) -> tuple[tuple[str, frozenset[str], bool], ...]:
    names: list[str] = []
    for page in pages:
        for one in page.fields:
            if one.name in names:
                raise DefinitionError(top.file, one.name, "the field stands twice; remove one")
            names.append(one.name)
    sets: dict[str, tuple[frozenset[str], bool]] = {}
    placed: set[str] = set()
    for table in top.tables("conflict_sets", optional=True):
        set_name = table.text("name", pattern=_ID)
        fields = table.texts("fields")
        identity = table.flag("identity")
        table.finish()
        for one_name in fields:
            if one_name not in names:
                raise table.error("fields", f"{one_name!r} is no field of this form")
            if one_name in placed:
                raise table.error("fields", f"{one_name!r} is in two sets; keep one")
            placed.add(one_name)
        if set_name in sets:
            raise table.error("name", f"{set_name!r} stands twice; join the two")
        sets[set_name] = (frozenset(fields), identity)
    for one_name in names:
        if one_name not in placed:
            if one_name in sets:
                raise DefinitionError(top.file, one_name, "a set has its name but not the field")
            sets[one_name] = (frozenset({one_name}), False)
    return tuple((name, fields, identity) for name, (fields, identity) in sets.items())


class _Table:
    """A TOML table being taken apart: what is not asked for is refused by :meth:`finish`."""

    def __init__(self, raw: Mapping[str, Any], file: str, where: str) -> None:
        self._raw = dict(raw)
        self.file = file
        self._where = where

    def error(self, key: str, remedy: str) -> DefinitionError:
        return DefinitionError(self.file, f"{self._where}{key}", remedy)

    def text(
        self, key: str, *, default: str | None = None, pattern: re.Pattern[str] | None = None
    ) -> str:
        value = self._raw.pop(key, default)
        if value is None:
            raise self.error(key, "add it")
        if not isinstance(value, str) or (value == "" and default is None):
            raise self.error(key, "write a text that is not empty")
        if pattern is not None and not pattern.fullmatch(value):
            raise self.error(key, f"{value!r} does not have the form {pattern.pattern}")
        return value

    def flag(self, key: str) -> bool:
        value = self._raw.pop(key, False)
        if not isinstance(value, bool):
            raise self.error(key, "write true or false")
        return value

    def number(self, key: str) -> int:
        value = self._raw.pop(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.error(key, "write a whole number of 1 or more")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._raw.pop(key, None)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            raise self.error(key, "write a list of texts")
        return tuple(value)

    def table(self, key: str) -> _Table | None:
        value = self._raw.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.error(key, "write a table")
        return _Table(value, self.file, f"{self._where}{key}.")

    def tables(self, key: str, *, optional: bool = False) -> list[_Table]:
        value = self._raw.pop(key, [] if optional else None)
        if not isinstance(value, list) or not (value or optional):
            raise self.error(key, "add at least one table")
        if not all(isinstance(one, dict) for one in value):
            raise self.error(key, "write tables")
        return [
            _Table(one, self.file, f"{self._where}{key}[{number}].")
            for number, one in enumerate(value)
        ]

    def finish(self) -> None:
        if self._raw:
            raise self.error(next(iter(self._raw)), "is not a key here; check its spelling")
