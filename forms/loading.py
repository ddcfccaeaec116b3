"""Reading a form definition, strictly.

An unknown key, a field in two conflict sets, a code list that does not exist, a condition that
speaks of a question that is not asked: each is refused with the file, the place in it and the
remedy, because a form that is wrong would be wrong for every family.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from forms.codes import code_list
from forms.conditions import ALWAYS_KNOWN, Condition, ConditionError, Types, condition
from forms.context import TYPES
from forms.definition import (
    Amendment,
    Correctable,
    Effects,
    Field,
    Form,
    Kind,
    Page,
    Rule,
    Tier,
)
from forms.errors import CodeListError, DefinitionError
from forms.migration import Migration, Split
from forms.table import Table
from forms.trials import check_conditions
from values import cbor

__all__ = ["NAME", "VERSION", "VERSION_FORM", "parse"]

_T = TypeVar("_T")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
VERSION = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")
VERSION_FORM = "write three numbers, such as 1.0.0"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_ROLE = re.compile(r"officer|supervisor|clerk|registrar|auditor|administrator")
_HASH_DOMAIN = b"waystation/form/1\0"
DOT_LIMIT = 100
"""Dots in a line: a key of many parts is read in quadratic time."""
FIELD_LIMIT = 500
"""Fields and rules of a form: the longest that ships has 60."""
ROW_LIMIT = 100
"""Times that a group may be answered: who has more to tell writes a list."""
LENGTH_LIMIT = 10_000
"""Characters of an answer: three pages."""
AHEAD_LIMIT = 36_525
"""Days that a date may lie ahead: a hundred years."""

_FAMILIES = ("civil", "displacement", "protection", "document", "presence")

_NEEDS_CODES = frozenset({Kind.CODE, Kind.CODES, Kind.DOCUMENTS, Kind.CONSENT, Kind.YES_NO})
_NEEDS_LENGTH = frozenset({Kind.TEXT, Kind.NAME, Kind.LONG_TEXT, Kind.DOCUMENTS, Kind.PLACE})
_HAS_LEAST = frozenset({Kind.NUMBER, Kind.GROUP})
_HAS_MOST = _HAS_LEAST | {Kind.DATE}
_NOT_IN_GROUPS = frozenset({Kind.GROUP, Kind.CONSENT, Kind.DOCUMENTS, Kind.PHOTO, Kind.SEALED})


def parse(text: str, *, file: str, lists: Mapping[str, str] | None = None) -> Form:
    """Read a definition. Raises :class:`~forms.errors.DefinitionError` with the remedy.

    ``lists``: the name in full (:func:`forms.codes.parse_own`) of each list that the form's
    operation brings, by the name that the form calls it by.
    """
    if any(line.count(".") > DOT_LIMIT for line in text.splitlines()):
        raise DefinitionError(file, "file", f"write at most {DOT_LIMIT} dots in a line")
    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise DefinitionError(file, "file", "take out what is nested without end") from None
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(file, "file", f"mend the TOML: {error}") from error
    except ValueError as error:  # more digits than Python reads
        raise DefinitionError(file, "file", "write shorter numbers") from error
    asked: dict[str, Any] = _named_in_full(raw, lists) if lists else raw
    top = Table(asked, file, "")
    form_id = top.text("id", pattern=NAME)
    version = top.text("version", pattern=VERSION, form=VERSION_FORM)
    title = top.text("title")
    event = top.text("event", default="")
    if event and event not in _FAMILIES:
        raise top.error("event", f"use one of {', '.join(_FAMILIES)}")
    summary = top.text("summary", default="")
    document = top.text("document", default="")
    late_after = top.number("late_after")
    distinct = top.texts("distinct", optional=True)
    languages = top.texts("languages", optional=True)
    types = _types(raw)
    pages = _each(top.tables("pages"), lambda table: _page(table, types))
    by_name = _named(pages, file)
    sets = _sets(top, by_name)
    told = top.tables("rules", optional=True)
    if len(told) > FIELD_LIMIT:
        raise top.error("rules", f"write at most {FIELD_LIMIT} rules in one form")
    rules = _each(told, lambda table: _rule(table, by_name, types))
    effects = _effects(top, by_name)
    migrations = _migrations(top, by_name, version)
    texts = _translations(top)
    top.finish()
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise top.error("languages", f"{language!r} is no language; write, say, 'fr'")
    _check_distinct(top, distinct, by_name)
    check_conditions(by_name, rules, file)
    return Form(
        id=form_id,
        version=version,
        title=title,
        pages=pages,
        sets=sets,
        hash=hashlib.sha256(_HASH_DOMAIN + cbor.encode(dict(raw))).digest(),
        event=event,
        summary=summary,
        document=document,
        late_after=late_after,
        distinct=distinct,
        rules=rules,
        effects=effects,
        migrations=migrations,
        languages=languages,
        texts=texts,
        file=file,
        _by_name=by_name,
    )


def _named_in_full(raw: Any, lists: Mapping[str, str]) -> Any:
    """The definition with the operation's lists called by their whole names; the hash is of what
    was written."""
    if isinstance(raw, dict):
        return {
            key: lists.get(value, value)
            if key == "code_list" and isinstance(value, str)
            else _named_in_full(value, lists)
            for key, value in raw.items()
        }
    if isinstance(raw, list):
        return [_named_in_full(one, lists) for one in raw]
    return raw


def _types(raw: Mapping[str, Any]) -> Types:
    """What conditions may speak of, seen before the fields are read: they may speak of a question
    that comes later. What is wrong in a field is said when the field is read."""
    found = dict(ALWAYS_KNOWN)
    pages = raw.get("pages")
    for page in pages if isinstance(pages, list) else ():
        fields = page.get("fields") if isinstance(page, dict) else None
        for one in fields if isinstance(fields, list) else ():
            name, kind = (one.get("name"), one.get("kind")) if isinstance(one, dict) else ("", "")
            if isinstance(name, str) and isinstance(kind, str) and NAME.fullmatch(name):
                found.setdefault(name, TYPES.get(kind, "text"))
    return tuple(sorted(found.items()))


def _named(pages: Sequence[Page], file: str) -> dict[str, Field]:
    found: dict[str, Field] = {}
    ids: set[str] = set()
    for page in pages:
        if page.id in ids:
            raise DefinitionError(file, f"pages.{page.id}", "the page stands twice; join the two")
        ids.add(page.id)
        for one in page.fields:
            if one.name in found:
                raise DefinitionError(file, one.name, "the field stands twice; remove one")
            if one.name in ALWAYS_KNOWN:
                raise DefinitionError(file, one.name, "conditions use this name; choose another")
            found[one.name] = one
    if len(found) > FIELD_LIMIT:
        raise DefinitionError(file, "pages", f"ask at most {FIELD_LIMIT} questions in one form")
    return found


def _page(table: Table, types: Types) -> Page:
    page = Page(
        id=table.text("id", pattern=NAME),
        title=table.text("title"),
        fields=_each(table.tables("fields"), lambda one: _field(one, types)),
    )
    table.finish()
    return page


def _each(tables: Sequence[Table], read: Callable[[Table], _T]) -> tuple[_T, ...]:
    """Every one of them, or one error with all that is wrong: who mends one mends the others."""
    made: list[_T] = []
    wrong: list[DefinitionError] = []
    for table in tables:
        try:
            made.append(read(table))
        except DefinitionError as error:
            wrong += error.all()
    if wrong:
        first, *others = wrong
        first.others = tuple(others)
        raise first
    return tuple(made)


def _field(table: Table, types: Types, *, inside: bool = False) -> Field:
    kind = table.one_of("kind", Kind)
    inner = tuple(
        _field(one, types, inside=True)
        for one in table.tables("fields", optional=kind is not Kind.GROUP)
    )
    made = Field(
        name=table.text("name", pattern=NAME),
        kind=kind,
        label=table.text("label"),
        help=table.text("help", default=""),
        why=table.text("why", default="" if inside else None),
        missing=table.text("missing", default=""),
        required=table.flag("required"),
        warn_if_empty=table.flag("warn_if_empty"),
        unknown=table.flag("unknown"),
        refused=table.flag("refused"),
        not_applicable=table.flag("not_applicable"),
        repeat=table.flag("repeat"),
        asked=table.flag("asked", default=kind is not Kind.SEALED),
        code_list=table.text("code_list", default=""),
        max_length=table.number("max_length"),
        at_least=table.number("at_least"),
        at_most=table.number("at_most"),
        default=table.text("default", default=""),
        shown_when=_condition(table, "shown_when", types),
        locked_when=_condition(table, "locked_when", types),
        correctable=table.one_of("correctable", Correctable, default=Correctable.FREELY),
        sensitive=table.flag("sensitive"),
        statistics=table.flag("statistics"),
        sees=frozenset(table.texts("sees", optional=True)),
        shared=table.texts("shared", optional=True),
        tier=table.one_of("tier", Tier, default=Tier.BASIC),
        fields=inner,
    )
    table.finish()
    _check_field(made, table, inside=inside)
    return made


def _one(kind: Kind, having: frozenset[Kind], what: str) -> str:
    """The remedy where a key is missing, or is there and may not be."""
    if kind in having:
        return f"add it: {what}, because the kind is {kind}"
    return f"take it out: the kind is {kind}, and only {', '.join(sorted(having))} have one"


def _check_field(made: Field, table: Table, *, inside: bool) -> None:
    if made.required and made.warn_if_empty:
        raise table.error("warn_if_empty", "a required field does not need it; remove one")
    if (made.required or made.warn_if_empty) and not made.missing:
        raise table.error("missing", "say what to do when it is left empty")
    if bool(made.code_list) != (made.kind in _NEEDS_CODES):
        raise table.error("code_list", _one(made.kind, _NEEDS_CODES, "the name of a code list"))
    if bool(made.max_length) != (made.kind in _NEEDS_LENGTH):
        raise table.error("max_length", _one(made.kind, _NEEDS_LENGTH, "the most characters"))
    if made.at_least and made.kind not in _HAS_LEAST:
        raise table.error("at_least", "only a number or a group has one")
    if made.at_most and made.kind not in _HAS_MOST:
        raise table.error("at_most", "only a number, a group or a date has one")
    if made.at_most and made.at_least > made.at_most:
        raise table.error("at_least", "write less than at_most, or the same")
    if made.max_length > LENGTH_LIMIT:
        raise table.error("max_length", f"write {LENGTH_LIMIT} or less")
    if made.kind is Kind.DATE and made.at_most > AHEAD_LIMIT:
        raise table.error("at_most", f"write {AHEAD_LIMIT} days or less")
    if made.kind is Kind.GROUP:
        if made.at_most > ROW_LIMIT:
            raise table.error("at_most", f"write {ROW_LIMIT} or less")
        if not made.at_most:
            raise table.error("at_most", "say how often a group may be answered")
        names = [one.name for one in made.fields]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise table.error("fields", f"{twice!r} stands twice; remove one")
    elif made.fields:
        raise table.error("fields", "only a group has fields")
    if inside and (made.kind in _NOT_IN_GROUPS or made.shown_when or made.sensitive):
        raise table.error("kind", "inside a group ask plain questions, without conditions")
    if made.sensitive and made.kind in (Kind.PHOTO, Kind.PERSON):
        raise table.error("sensitive", f"a {made.kind} cannot be sealed")
    if not made.asked and made.required:
        raise table.error("required", "what is never asked cannot be required")
    for role in made.sees:
        if not _ROLE.fullmatch(role):
            raise table.error("sees", f"{role!r} is no role")
    for purpose in made.shared:
        if purpose not in code_list("purposes"):
            raise table.error("shared", f"{purpose!r} is no purpose of the list purposes")
    if made.code_list:
        try:
            known = code_list(made.code_list)
        except CodeListError as error:
            raise table.error("code_list", str(error)) from error
        if made.default and made.default not in known:
            raise table.error("default", f"use a code of the list {made.code_list}")
        if made.locked_when and not made.default:
            raise table.error("locked_when", "give the default that stands while it is locked")
    elif made.default or made.locked_when:
        raise table.error("default", "only an answer in codes has one, and can be locked")


def _condition(table: Table, key: str, types: Types) -> Condition | None:
    source = table.text(key, default="")
    if not source:
        return None
    try:
        return condition(source, types)
    except ConditionError as error:
        raise table.error(key, str(error)) from error


def _rule(table: Table, fields: Mapping[str, Field], types: Types) -> Rule:
    when = _condition(table, "when", types)
    if when is None:
        raise table.error("when", "add the condition under which it speaks")
    rule = Rule(
        code=table.text("code", pattern=NAME),
        field=table.text("field", pattern=NAME),
        when=when,
        say=table.text("say"),
        error=table.flag("error"),
        no_document=table.flag("no_document"),
    )
    if rule.field not in fields:
        raise table.error("field", f"{rule.field!r} is no field of this form")
    table.finish()
    return rule


def _effects(top: Table, fields: Mapping[str, Field]) -> Effects:
    table = top.table("effects")
    if table is None:
        return Effects()
    made = Effects(
        creates=table.mapping("creates"),
        created_as=table.text("created_as", default=""),
        joins=table.texts("joins", optional=True),
        relation=table.text("relation", default=""),
        leaves=table.texts("leaves", optional=True),
        leave_reason=table.text("leave_reason", default=""),
        moves=table.texts("moves", optional=True),
        moves_to=table.text("moves_to", default=""),
        amends=tuple(_amendment(one, fields) for one in table.tables("amends", optional=True)),
    )
    table.finish()
    for key, names in (
        ("joins", made.joins),
        ("leaves", made.leaves),
        ("moves", made.moves),
        ("moves_to", (made.moves_to,)),
    ):
        for name in filter(None, names):
            if name not in fields or fields[name].kind is not Kind.PERSON:
                raise table.error(key, f"{name!r} is no field of the kind person")
    for answer in (*made.creates.values(), *filter(None, (made.relation,))):
        if answer not in fields:
            raise table.error("creates", f"{answer!r} is no field of this form")
    if bool(made.creates) != bool(made.created_as and made.joins and made.relation):
        raise table.error("creates", "with it go created_as, joins and relation")
    if bool(made.leaves) != bool(made.leave_reason):
        raise table.error("leave_reason", "name it exactly when somebody leaves")
    if bool(made.moves) != bool(made.moves_to):
        raise table.error("moves_to", "name it exactly when somebody moves")
    return made


def _check_distinct(top: Table, names: Sequence[str], fields: Mapping[str, Field]) -> None:
    for name in names:
        if name not in fields or fields[name].kind is not Kind.PERSON:
            raise top.error("distinct", f"{name!r} is no field of the kind person")
    if names and len(set(names)) < max(2, len(names)):
        raise top.error("distinct", "name two parts or more, each once")


def _amendment(table: Table, fields: Mapping[str, Field]) -> Amendment:
    made = Amendment(
        person=table.text("person", pattern=NAME),
        field=table.text("field", pattern=NAME),
        value=table.text("value", default=""),
        answer=table.text("answer", default=""),
    )
    table.finish()
    if made.person not in fields or fields[made.person].kind is not Kind.PERSON:
        raise table.error("person", f"{made.person!r} is no field of the kind person")
    if bool(made.value) == bool(made.answer):
        raise table.error("value", "give a value, or the field whose answer is taken")
    if made.answer and made.answer not in fields:
        raise table.error("answer", f"{made.answer!r} is no field of this form")
    return made


def _migrations(top: Table, fields: Mapping[str, Field], version: str) -> tuple[Migration, ...]:
    found: list[Migration] = []
    for table in top.tables("migrations", optional=True):
        since = _key(table.text("from", pattern=VERSION, form=VERSION_FORM))
        rename = table.mapping("rename")
        splits = []
        for one in table.tables("splits", optional=True):
            split = Split(one.text("field", pattern=NAME), one.texts("into"), one.text("at"))
            one.finish()
            splits.append(split)
        table.finish()
        if since >= _key(version):
            raise table.error("from", f"name a version before {version}")
        step = Migration(since, rename, tuple(splits))
        for name in (*rename.values(), *(name for split in splits for name in split.into)):
            if name not in fields:
                raise table.error("rename", f"{name!r} is no field of this form")
        for name in step.gone:
            if name in fields:
                raise table.error("rename", f"{name!r} is still a field of this form")
        found.append(step)
    return tuple(found)


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _translations(top: Table) -> dict[str, dict[str, str]]:
    table = top.table("translations")
    if table is None:
        return {}
    found = {language: table.mapping(language) for language in table.keys()}  # noqa: SIM118 - no mapping
    table.finish()
    return found


def _sets(top: Table, fields: Mapping[str, Field]) -> tuple[tuple[str, frozenset[str], bool], ...]:
    sets: dict[str, tuple[frozenset[str], bool]] = {}
    placed: set[str] = set()
    for table in top.tables("conflict_sets", optional=True):
        set_name = table.text("name", pattern=NAME)
        members = table.texts("fields")
        identity = table.flag("identity")
        table.finish()
        for one_name in members:
            if one_name not in fields:
                raise table.error("fields", f"{one_name!r} is no field of this form")
            if one_name in placed:
                raise table.error("fields", f"{one_name!r} is in two sets; keep one")
            placed.add(one_name)
        if set_name in sets:
            raise table.error("name", f"{set_name!r} stands twice; join the two")
        sets[set_name] = (frozenset(members), identity)
    for one_name in fields:
        if one_name not in placed:
            if one_name in sets:
                raise DefinitionError(top.file, one_name, "a set has its name but not the field")
            sets[one_name] = (frozenset({one_name}), False)
    return tuple((name, members, identity) for name, (members, identity) in sets.items())
