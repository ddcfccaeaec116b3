"""The templates at hand: those of the program, and over them those of an operation's folder."""

import hashlib
import io
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from PIL import Image

from documents.errors import DAMAGED, TemplateError
from documents.templates import wording_check
from documents.templates.model import About, Template
from documents.templates.reading import MAX_FILE, UNFIT, fit, parse, toml
from documents.wording import MESSAGES
from forms.definition import Form
from forms.library import catalogue
from values import cbor
from values.text import clean

LOGO_MOST = 512 * 1024
LOGO_PIXELS = 4_000_000
MOST_FILES = 60
WORDING, LOGO = "wording.toml", ("logo.png", "logo.jpg", "logo.jpeg")
_SENTENCE_MOST = 1_200
_TAG = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})?")

FindForm = Callable[[str], Form | None]


@dataclass(frozen=True, slots=True)
class Library:
    """Templates by id, the operation's own sentences (key, language, text), texts of its own
    templates in other languages, and its mark as a JPEG."""

    templates: Mapping[str, Template]
    sentences: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    logo: bytes | None = field(default=None, repr=False)

    def get(self, id_: str) -> Template | None:
        """The template of a document."""
        return self.templates.get(id_)

    def for_form(self, form: str) -> Template | None:
        """The document that tells of an event."""
        return next((one for one in self.templates.values() if form in one.forms), None)

    def issued(self) -> tuple[str, ...]:
        """The ids of all documents that carry a number and a code."""
        return tuple(id_ for id_, one in self.templates.items() if one.coded)

    def printed(self) -> tuple[Template, ...]:
        """Those that are asked for by name: all but the sheet of what is recorded of a person."""
        return tuple(one for one in self.templates.values() if one.about is not About.RECORD)

    def over(self, other: "Library") -> "Library":
        """These, and those of `other` that these do not replace."""
        return Library(
            MappingProxyType({**other.templates, **self.templates}),
            MappingProxyType({**other.sentences, **self.sentences}),
            MappingProxyType({**other.texts, **self.texts}),
            self.logo or other.logo,
        )


def _form(form: str) -> Form | None:
    try:
        return catalogue().form(form)
    except KeyError:
        return None


@cache
def shipped() -> Library:
    """The templates of the program."""
    found = {}
    for entry in sorted(files("documents.templates").iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            made = parse(entry.read_bytes(), entry.name, form=_form)
            found[made.id] = made
    return Library(MappingProxyType(found))


def read_folder(folder: Path, *, form: FindForm = _form) -> dict[str, bytes]:
    """The files of an operation's folder, read and found to be good.

    Only what lies in the folder itself is looked at: no folder in it, no link, no path that
    leads elsewhere. Raises `TemplateError` for the first fault; `faults` tells of all.
    """
    kept = _contents(folder)
    for mistake in _mistakes(library(kept, form=form)):
        raise mistake
    return kept


def faults(folder: Path, *, form: FindForm = _form) -> list[TemplateError]:
    """Everything that is to be mended in a folder."""
    try:
        kept = _contents(folder)
    except TemplateError as error:
        return [error]
    found: list[TemplateError] = []
    read = library(kept, form=form, told=found.append)
    if not any(one.file.endswith(".toml") for one in found):  # else a key may be used where it is
        found += _mistakes(read)
    return found


def gaps(folder: Path, *, form: FindForm = _form) -> list[str]:
    """Sentences about what the wording of a good folder leaves to others."""
    found = library(_contents(folder), form=form)
    return list(wording_check.gaps(found.sentences, found.texts))


def _mistakes(found: Library) -> list[TemplateError]:
    """What is found only when a folder is taken in: what was kept before is read as it is."""
    return list(
        wording_check.mistakes(found.sentences, found.texts, found.templates, shipped().templates)
    )


def _contents(folder: Path) -> dict[str, bytes]:
    kept: dict[str, bytes] = {}
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        raise TemplateError(str(folder), "the folder", "cannot be read") from None
    if len(entries) > MOST_FILES:
        raise TemplateError(str(folder), "the folder", "holds too many files for templates")
    for entry in entries:
        if entry.is_symlink() or not entry.is_file():
            raise TemplateError(entry.name, "the file", "is no plain file; take it out")
        if entry.suffix != ".toml" and entry.name not in LOGO:
            raise TemplateError(
                entry.name,
                "the file",
                "does not belong here: templates are .toml files, the mark is logo.png or logo.jpg",
            )
        limit = LOGO_MOST if entry.name in LOGO else MAX_FILE
        if entry.stat().st_size > limit:
            raise TemplateError(entry.name, "the file", f"has more than {limit // 1024} kB")
        kept[entry.name] = entry.read_bytes()
    if not kept:
        raise TemplateError(str(folder), "the folder", "holds no template")
    return kept


def library(
    kept: Mapping[str, bytes],
    *,
    form: FindForm = _form,
    told: Callable[[TemplateError], None] | None = None,
) -> Library:
    """What the files of an operation's folder say. With `told`, faults are told one by one and
    what is wrong is left out; without it the first is raised."""

    def wrong(error: TemplateError) -> None:
        if told is None:
            raise error
        told(error)

    sentences: Mapping[str, Mapping[str, str]] = {}
    texts: Mapping[str, Mapping[str, str]] = {}
    if WORDING in kept:
        try:
            sentences, texts = _wording(kept[WORDING])
        except TemplateError as error:
            wrong(error)
    found: dict[str, Template] = {}
    for name, data in sorted(kept.items()):
        if not name.endswith(".toml") or name == WORDING:
            continue
        try:
            made = parse(data, name, form=form, known=sentences)
            if made.id in found:
                raise TemplateError(name, "id", f"{made.id} stands in two files")
            taken = next((one for one in found.values() if set(one.forms) & set(made.forms)), None)
            if taken is not None:
                raise TemplateError(name, "forms", f"{taken.id} tells of that event already")
            ours = shipped().get(made.id)
            if ours is not None and ours.about is not made.about:
                # Readers elsewhere know the document by its id, and by what that means.
                raise TemplateError(
                    name, "about", f"must be {ours.about}: {made.id} means a document of ours"
                )
            found[made.id] = made
        except TemplateError as error:
            wrong(error)
    logo = None
    for name in LOGO:
        if name in kept:
            try:
                logo = _mark(kept[name], name)
            except TemplateError as error:
                wrong(error)
    return Library(MappingProxyType(found), sentences, texts, logo)


def to_bytes(kept: Mapping[str, bytes]) -> bytes:
    """A folder's files as one value for a store."""
    return cbor.encode({name: kept[name] for name in sorted(kept)})


def from_bytes(data: bytes) -> Library:
    """The library that was kept."""
    return _kept(hashlib.sha256(data).digest(), data)


@cache
def _kept(digest: bytes, data: bytes) -> Library:
    return library(cbor.decode(data))


def _wording(
    data: bytes,
) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, Mapping[str, str]]]:
    """`[sentences.KEY]` and `[texts."English"]`: language to text."""
    values = toml(data, WORDING)
    for key in values:
        if key not in ("sentences", "texts"):
            raise TemplateError(
                WORDING, ascii(key[:40]), "is not known here; write sentences or texts"
            )
    return (
        {key: _languages("sentences", key, one) for key, one in _table(values, "sentences")},
        {key: _languages("texts", key, one) for key, one in _table(values, "texts")},
    )


def _table(values: Mapping[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    table = values.get(key, {})
    if not isinstance(table, dict):
        raise TemplateError(WORDING, key, "must be a table")
    return table.items()


def _languages(table: str, key: str, one: Any) -> Mapping[str, str]:
    path = f"{table}.{key if key.isidentifier() else ascii(key[:40])}"
    if not clean(key).text or not fit(key):
        raise TemplateError(WORDING, path, f"must name a text, {UNFIT}")
    if not isinstance(one, dict) or not one:
        raise TemplateError(WORDING, path, 'must be a table of languages, as in en = "..."')
    for tag, text in one.items():
        if not _TAG.fullmatch(tag):
            raise TemplateError(
                WORDING, f"{path}.{tag[:40]!a}", "must be a language's tag, as in fa-AF"
            )
        if not isinstance(text, str) or not text.strip() or len(text) > _SENTENCE_MOST:
            raise TemplateError(
                WORDING, f"{path}.{tag}", f"must be a text of at most {_SENTENCE_MOST} characters"
            )
        if not fit(text):
            raise TemplateError(WORDING, f"{path}.{tag}", f"must be {UNFIT}")
    if table == "sentences" and key not in MESSAGES and "en" not in one:
        raise TemplateError(WORDING, path, "a sentence of your own needs its English text (en)")
    return dict(one)


def _mark(data: bytes, name: str) -> bytes:
    """The mark of the authority as a JPEG of our own on white: nothing of the file survives."""
    try:
        with warnings.catch_warnings():
            # Pillow warns about large pictures; our own limit below decides and is lower.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as opened:
                if opened.width * opened.height > LOGO_PIXELS:
                    raise Image.DecompressionBombError
                picture = opened.convert("RGBA")
    except Image.DecompressionBombError:
        raise TemplateError(name, "the picture", "has too many pixels; make it smaller") from None
    except DAMAGED:
        raise TemplateError(name, "the picture", "is damaged, or no PNG or JPEG") from None
    picture.thumbnail((720, 720))
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    out = io.BytesIO()
    ground.save(out, "JPEG", quality=90, optimize=True)
    return out.getvalue()
