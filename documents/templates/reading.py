"""Reading a template, strictly: a document that is wrong would be wrong for everybody.

An unknown key, a reference to what does not exist, an answer that is printed among the signed
ones and is not signed: each is refused with the file, the place in it and the remedy.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from documents.errors import TemplateError
from documents.layout.theme import PAPERS
from documents.templates.model import About, Asked, Block, Kind, Template
from documents.wording import MESSAGES, SENTENCES
from forms.definition import Form
from forms.definition import Kind as Answered
from values.text import BIDI_CONTROLS, clean, has_control

MAX_FILE = 256 * 1024
"""Of a template, or of the wording; the longest that ships has 4 kB."""

FACTS = {
    "document": (
        "number", "issued", "expires", "office", "issued_by", "replaces", "serial", "copy",
    ),
    "holder": (
        "number", "permanent", "sex", "birth", "nationality", "birth_place", "father_name",
        "mother_name",
    ),
    "household": ("number", "members"),
}  # fmt: skip
"""What may be printed besides answers, by where it comes from."""
UNSIGNED = frozenset({"holder.birth_place", "holder.father_name", "holder.mother_name"})
"""Facts of the holder that never stand in a code."""

UNFIT = "without control characters and marks of direction: the page sets its direction itself"
_UNSEEN = re.compile(f"[{BIDI_CONTROLS}\v\f\r\x85\u2028\u2029]")
_KEY = re.compile(r"[A-Za-z0-9_.\[\]-]{1,60}")
_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}")
_ISSUER = re.compile(r"[A-Z]{1,3}")
_OWN = {
    "registration": About.PERSON,
    "household": About.HOUSEHOLD,
    "record": About.RECORD,
    "blank": About.BLANK,
}
"""Ids whose meaning is fixed by the program; a folder may replace their templates."""
_ONLY: Mapping[About, str] = {
    about: id_ for id_, about in _OWN.items() if about is not About.PERSON
}
"""What only one document tells of: the program, and every reader, knows it by its id."""
_TAKEN = frozenset({"holder", *(name for names in FACTS.values() for name in names)})
"""Names that say something else already, on the paper or in the code."""
_LEAST_SHARE, _MOST_SHARE = 0.1, 20
_MOST_BLOCKS, _MOST_ASKS = 60, 20
_SLIPS = frozenset({About.PERSON, About.HOUSEHOLD, About.EVENT})

_KEYS: Mapping[Kind, frozenset[str]] = {
    Kind.HEAD: frozenset(),
    Kind.HOLDER: frozenset({"rows", "parts", "portrait", "roles"}),
    Kind.FACTS: frozenset({"rows", "parts", "title"}),
    Kind.PEOPLE: frozenset({"roles", "title"}),
    Kind.MEMBERS: frozenset(),
    Kind.ALSO: frozenset({"rows", "parts"}),
    Kind.TEXT: frozenset({"sentences", "title"}),
    Kind.CONSENT: frozenset({"title"}),
    Kind.SECTIONS: frozenset(),
    Kind.ENTRIES: frozenset({"fields", "times", "title"}),
    Kind.SIGNATURES: frozenset({"fields"}),
    Kind.CODE: frozenset({"sentences"}),
    Kind.MRZ: frozenset(),
    Kind.STUB: frozenset(),
    Kind.FOOT: frozenset(),
}
_MOST_NAMED = 12
_FIRST, _LAST = Kind.HEAD, Kind.FOOT


class _Table:
    """A table of the file, with its place in it, that knows which of its keys were read."""

    def __init__(self, file: str, path: str, values: Any) -> None:
        self.file, self.path = file, path
        if not isinstance(values, dict):
            raise TemplateError(file, path or "the file", "must be a table")
        self._left = dict(values)

    def error(self, key: str, remedy: str) -> TemplateError:
        key = key if _KEY.fullmatch(key) else ascii(key[:40])
        return TemplateError(self.file, f"{self.path}.{key}" if self.path else key, remedy)

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        if key not in self._left:
            if default is None:
                raise self.error(key, "is missing")
            return default
        value = self._left.pop(key)
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kind) or (isinstance(value, bool) and bool not in kinds):
            raise self.error(key, f"must be {_named(kinds[0])}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value: str = self.take(key, str, default)
        if len(value) > 400 or not fit(value) or "\n" in value or "\t" in value:
            raise self.error(key, f"must be one line of at most 400 characters, {UNFIT}")
        return value

    def words(self, key: str) -> str:
        """A text for people, of which something can be read."""
        value = self.text(key)
        if not clean(value).text:
            raise self.error(key, "must say something")
        return value

    def texts(self, key: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        values = self.take(key, list, [])
        allowed = None if known is None else tuple(known)
        for at, one in enumerate(values):
            if not isinstance(one, str):
                raise self.error(f"{key}[{at + 1}]", "must be a text")
            if allowed is not None and one not in allowed:
                raise self.error(f"{key}[{at + 1}]", _choose(one, allowed))
        if len(set(values)) != len(values):
            raise self.error(key, "names something twice")
        return tuple(values)

    def tables(self, key: str, most: int) -> list["_Table"]:
        values = self.take(key, list, [])
        if len(values) > most:
            raise self.error(key, f"may be {most} at most")
        return [
            _Table(self.file, f"{self.path}.{key}[{at + 1}]".lstrip("."), one)
            for at, one in enumerate(values)
        ]

    def end(self) -> None:
        for key in self._left:
            raise self.error(key, "is no key that is known here; remove it or correct its spelling")


def parse(
    data: bytes, file: str, *, form: Callable[[str], Form | None], known: Iterable[str] = ()
) -> Template:
    """Read one template. `form` gives an event's form by its id; `known` are sentence keys of the
    operation's own, beside those of the program.

    Raises:
        TemplateError: with the file, the place in it and what to do.
    """
    if len(data) > MAX_FILE:
        raise TemplateError(file, "the file", "is too large for a template")
    digest = hashlib.sha256(data).digest()
    return read(toml(data, file), file, form=form, known=known, digest=digest)


def toml(data: bytes, file: str) -> dict[str, Any]:
    """The values of a file.

    Raises:
        TemplateError: it is no TOML, or holds what no template can mean.
    """
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise TemplateError(file, "the file", "must be UTF-8") from None
    except ValueError as reason:
        # Numbers of thousands of digits, and days that are none, are no TOMLDecodeError.
        raise TemplateError(file, "the file", f"is no TOML: {str(reason)[:200]}") from None
    except RecursionError:
        raise TemplateError(file, "the file", "is nested too deep") from None


def fit(text: str) -> bool:
    """Whether everything in a text is seen: no control character, no mark that turns the order of
    letters, which the page does by itself."""
    return not (has_control(text) or _UNSEEN.search(text))


def read(
    values: dict[str, Any],
    file: str,
    *,
    form: Callable[[str], Form | None],
    known: Iterable[str] = (),
    digest: bytes = b"",
) -> Template:
    """A template of the values of its file, which has that digest. Raises as `parse`."""
    top = _Table(file, "", values)
    sentences = frozenset(SENTENCES) | frozenset(known)
    id_ = top.text("id")
    if not _ID.fullmatch(id_):
        raise top.error("id", "must be small letters, digits and _")
    version = top.text("version")
    if not _VERSION.fullmatch(version):
        raise top.error("version", "must be three numbers, as in 1.0.0")
    about_text = top.text("about")
    if about_text not in [one.value for one in About]:
        raise top.error("about", _choose(about_text, [one.value for one in About]))
    about = About(about_text)
    forms = _forms(top, about, form)
    asks = tuple(_asked(one) for one in top.tables("asks", _MOST_ASKS))
    blocks = tuple(
        _block(one, about, forms, asks, sentences) for one in top.tables("blocks", _MOST_BLOCKS)
    )
    days = top.take("days", int, 0)
    if not 0 <= days <= 3650:
        raise top.error("days", "must be from 0 (the operation's) to 3650")
    issuer = top.text("issuer", "")
    if issuer and not _ISSUER.fullmatch(issuer):
        raise top.error("issuer", "must be ICAO's code of one to three capitals")
    made = Template(
        id=id_,
        version=version,
        title=top.words("title"),
        summary=top.text("summary", ""),
        about=about,
        forms=tuple(one.id for one in forms),
        holder=top.texts("holder", _roles(forms)),
        papers=top.texts("papers", PAPERS) or ("a4",),
        signed=top.texts("signed"),
        asks=asks,
        blocks=blocks,
        days=days,
        photo_in_code=top.take("photo_in_code", bool, False),
        issuer=issuer,
        hash=digest,
    )
    top.end()
    _check_blocks(top, made)
    _check_asks(top, made, forms)
    _check_signed(top, made, forms)
    return made


def _forms(top: _Table, about: About, form: Callable[[str], Form | None]) -> tuple[Form, ...]:
    named = top.texts("forms")
    if bool(named) != (about is About.EVENT):
        raise top.error("forms", "names the events of a document about an event, and of no other")
    found = []
    for at, one in enumerate(named):
        known = form(one)
        if known is None or not known.event:
            raise top.error(f"forms[{at + 1}]", f"{one[:40]!r} is no form of an event")
        found.append(known)
    return tuple(found)


def _roles(forms: Iterable[Form]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for form in forms for one in form.people()))


def _asked(table: _Table) -> Asked:
    kind = table.text("kind", "text")
    if kind not in ("text", "date"):
        raise table.error("kind", _choose(kind, ("text", "date")))
    name = table.text("name")
    if not _ID.fullmatch(name):
        raise table.error("name", "must be small letters, digits and _")
    made = Asked(name, table.words("label"), kind, table.take("required", bool, True))
    table.end()
    return made


def _block(
    table: _Table,
    about: About,
    forms: tuple[Form, ...],
    asks: tuple[Asked, ...],
    sentences: frozenset[str],
) -> Block:
    kind_text = table.text("kind")
    if kind_text not in [one.value for one in Kind]:
        raise table.error("kind", _choose(kind_text, [one.value for one in Kind]))
    kind = Kind(kind_text)
    keys = _KEYS[kind]
    rows: tuple[tuple[str, ...], ...] = ()
    if "rows" in keys:
        rows = _rows(table, forms, asks)
    columns = max(map(len, rows), default=0)
    parts = tuple(table.take("parts", list, [])) if "parts" in keys else ()
    if not all(_is_share(one) for one in parts):
        raise table.error("parts", "must be shares of the width from 0.1 to 20, as in [1.4, 1.0]")
    if parts and any(len(row) != len(parts) for row in rows):
        raise table.error("parts", f"must have as many shares as each row has facts: {columns}")
    fields: tuple[str, ...] = ()
    if "fields" in keys:
        # A hand may sign under words of the operation's own; what is filled in has a meaning.
        own = sentences - frozenset(SENTENCES) if kind is Kind.SIGNATURES else frozenset()
        fields = table.texts("fields", (*MESSAGES, *sorted(own)))
    times = table.take("times", int, 1) if "times" in keys else 1
    if not 1 <= times <= 30:
        raise table.error("times", "must be from 1 to 30")
    # Up to 0.3 it let a block be left out where room was short. Nothing is left out any more.
    table.take("yields", int, 0)
    made = Block(
        kind=kind,
        rows=rows,
        parts=tuple(float(one) for one in parts),
        sentences=table.texts("sentences", sorted(sentences)) if "sentences" in keys else (),
        roles=table.texts("roles", _roles(forms)) if "roles" in keys else (),
        fields=fields,
        times=times,
        portrait=table.take("portrait", bool, False) if "portrait" in keys else False,
        title=table.text("title", "") if "title" in keys else "",
    )
    table.end()
    return made


def _is_share(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and _LEAST_SHARE <= value <= _MOST_SHARE


def _rows(
    table: _Table, forms: tuple[Form, ...], asks: tuple[Asked, ...]
) -> tuple[tuple[str, ...], ...]:
    rows = table.take("rows", list, [])
    for at, row in enumerate(rows):
        if not isinstance(row, list) or not 1 <= len(row) <= 4:
            raise table.error(f"rows[{at + 1}]", "must be a list of one to four facts")
        for place, ref in enumerate(row):
            if not isinstance(ref, str) or not _known(ref, forms, asks):
                raise table.error(
                    f"rows[{at + 1}][{place + 1}]",
                    f"{str(ref)[:60]!r} is nothing that can be printed here; write where it "
                    "comes from and its name, as in document.issued, holder.birth, event.date",
                )
    return tuple(tuple(row) for row in rows)


def _known(ref: str, forms: tuple[Form, ...], asks: tuple[Asked, ...]) -> bool:
    source, _, name = ref.partition(".")
    if source in FACTS:
        return name in FACTS[source]
    if source == "asked":
        return name in [one.name for one in asks]
    if source != "event":
        return False
    fields = [form.field(name) for form in forms if name in form]
    # What was sealed, and what somebody wrote for colleagues, is never printed.
    return bool(fields) and not any(
        one.sensitive or one.sees or one.kind in (Answered.SEALED, Answered.PHOTO) for one in fields
    )


def _check_blocks(top: _Table, made: Template) -> None:
    kinds = [one.kind for one in made.blocks]
    if not kinds or kinds[0] is not _FIRST or kinds[-1] is not _LAST:
        raise top.error("blocks", "must begin with a head and end with a foot")
    once = (Kind.HEAD, Kind.FOOT, Kind.CODE, Kind.STUB, Kind.MRZ, Kind.MEMBERS, Kind.HOLDER)
    for kind in (*once, Kind.SIGNATURES):
        if kinds.count(kind) > 1:
            raise top.error("blocks", f"has more than one {kind.value}")
    if made.about in _SLIPS and Kind.CODE not in kinds:
        raise top.error("blocks", "needs a code: whoever finds the document must be able to check")
    if made.about not in _SLIPS and (Kind.CODE in kinds or made.signed):
        raise top.error("blocks", "a record and a blank form are no documents and carry no code")
    if (Kind.MEMBERS in kinds) != (made.about is About.HOUSEHOLD):
        raise top.error("blocks", "members stand on documents of a household, and on no other")
    if (Kind.SECTIONS in kinds) != (made.about is About.RECORD):
        raise top.error("blocks", "sections stand on a record, and nowhere else")
    if "card" in made.papers and Kind.MRZ not in kinds:
        raise top.error("papers", "a card needs a block mrz; it is printed on its back")
    if made.about is About.EVENT and not made.holder:
        raise top.error("holder", "say for whom it is made: one or more roles of the event")
    if _OWN.get(made.id, made.about) is not made.about:
        raise top.error("about", f"a template called {made.id} is about a {_OWN[made.id]}")
    if _ONLY.get(made.about, made.id) != made.id:
        only = _ONLY[made.about]
        raise top.error("id", f"must be {only}: the document about a {made.about} has that name")


def _check_asks(top: _Table, made: Template, forms: tuple[Form, ...]) -> None:
    """What is asked has a name of its own: in the code a name says what it is, and nothing else."""
    fields = {one.name for form in forms for one in form.fields()}
    names = [one.name for one in made.asks]
    for at, name in enumerate(names):
        path = f"asks[{at + 1}].name"
        if name in names[:at]:
            raise top.error(path, f"{name} is asked twice")
        if name in _TAKEN or name in fields or name.endswith("_latin"):
            raise top.error(path, f"{name} says something else already; choose another name")


def _check_signed(top: _Table, made: Template, forms: tuple[Form, ...]) -> None:
    """What stands among the signed facts is signed, and what is signed is printed."""
    roles = frozenset(_roles(forms))
    asked = {f"asked.{one.name}" for one in made.asks}
    names = {one.name for form in forms for one in form.fields()} | asked
    for at, name in enumerate(made.signed):
        if name not in names:
            raise top.error(f"signed[{at + 1}]", f"{name[:40]!r} is no answer of the event")
    for at, one in enumerate(made.blocks):
        path = f"blocks[{at + 1}].rows"
        for ref in (ref for row in one.rows for ref in row):
            answer = ref.removeprefix("event.")
            of_event = ref.startswith(("event.", "asked."))
            unsigned = ref in UNSIGNED or (of_event and answer not in made.signed)
            if of_event and answer in roles and one.kind is not Kind.ALSO:
                raise top.error(path, f"{answer} is a person: name the role in roles")
            if unsigned and one.kind is not Kind.ALSO:
                raise top.error(
                    path, f"{ref} is not in the code: sign it, or print it in a block also"
                )
            if one.kind is Kind.ALSO and not unsigned:
                raise top.error(path, f"{ref} is in the code: it does not belong under also")
        for role in one.roles:
            if role not in made.signed and role not in made.holder:
                raise top.error(
                    f"blocks[{at + 1}].roles", f"{role} is named, and is not in the code"
                )
    printed = {ref for one in made.blocks for row in one.rows for ref in row}
    printed |= {role for one in made.blocks for role in one.roles}
    for at, name in enumerate(made.signed):
        shown = name in printed or f"event.{name}" in printed
        if not shown or (name in roles and name not in printed):
            raise top.error(f"signed[{at + 1}]", f"{name} is in the code, and is not printed")


def _named(kind: type) -> str:
    names = {str: "a text", int: "a whole number", bool: "true or false", list: "a list"}
    return names.get(kind, "a table")


def _choose(got: str, known: Iterable[str]) -> str:
    """All that there is, where that can be taken in; else the few that come nearest."""
    every = list(known)
    if len(every) > _MOST_NAMED:
        every = get_close_matches(got, every, n=3, cutoff=0.5)
    if not every:
        return f"{got[:40]!r} is not known; docs/formats/templates.md says which there are"
    return f"{got[:40]!r} is not known; choose one of {', '.join(every)}"
