"""The forms that ship with the program, and the pages of the household interview."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import resources
from forms.definition import Field, Form
from forms.errors import DefinitionError
from forms.loading import parse
from forms.migration import migrate
from values.files import read_whole

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = [
    "HOUSEHOLD",
    "MEMBERSHIP",
    "PERSON",
    "Asked",
    "Catalogue",
    "InterviewPage",
    "catalogue",
    "definition_files",
    "file_bytes",
    "read_definition",
    "read_file",
    "read_folder",
]

HOUSEHOLD, PERSON, MEMBERSHIP = "household", "person", "membership"
_INTERVIEW = (MEMBERSHIP, HOUSEHOLD, PERSON)

BYTE_LIMIT = 512 * 1024
"""The longest form that ships has 13 kB, translations not counted."""
FILE_LIMIT = 1_000
"""Definitions in a folder: some 30 ship, and each keeps its earlier versions."""
FOLDER_LIMIT = 200
"""Folders inside of one: two ship."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field in its place in the interview: ``form`` says where the answer belongs."""

    form: str
    field: Field


@dataclass(frozen=True, slots=True)
class InterviewPage:
    """A page of the interview. Household fields stand on the head's pages only."""

    id: str
    title: str
    fields: tuple[Asked, ...]


class Catalogue:
    """Forms by id and version. The newest version is the one asked; older ones are kept so that
    what was asked then can still be read."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._forms: dict[str, dict[str, Form]] = {}
        for form in sorted(forms, key=lambda one: one.version_key):
            versions = self._forms.setdefault(form.id, {})
            if form.version in versions:
                raise DefinitionError(
                    form.file, "version", f"{form.version} stands twice; give one a higher version"
                )
            if versions:
                _check_reuse(form, versions.values())
            versions[form.version] = form
        self._newest = {
            form_id: next(reversed(versions.values())) for form_id, versions in self._forms.items()
        }
        self._steps = {
            form_id: [step for one in versions.values() for step in one.migrations]
            for form_id, versions in self._forms.items()
        }

    def form(self, form_id: str, version: str | None = None) -> Form:
        """The newest version of a form, or the one asked for. Raises :class:`KeyError`."""
        return self._newest[form_id] if version is None else self._forms[form_id][version]

    def has(self, form_id: str) -> bool:
        """Whether any version of the form is here."""
        return form_id in self._forms

    def known(self, form_id: str, version: str) -> bool:
        """Whether this version of the form is here."""
        return version in self._forms.get(form_id, {})

    def migrated(self, form_id: str, version: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Values kept under an older version, under the names of the newest. A form or a version
        that is not known here, perhaps of a newer program, leaves them as they are."""
        steps = self._steps.get(form_id)
        if not steps or not self.known(form_id, version):
            return values
        if self._newest[form_id].version == version:
            return values
        return migrate(values, self._forms[form_id][version].version_key, steps)

    def every(self) -> tuple[Form, ...]:
        """Every version of every form, by id, the oldest version first."""
        return tuple(
            form for form_id in sorted(self._forms) for form in self._forms[form_id].values()
        )

    def all(self) -> tuple[Form, ...]:
        """The newest version of every form, by id."""
        return tuple(self.form(form_id) for form_id in sorted(self._forms))

    def events(self) -> tuple[Form, ...]:
        """The newest version of every form that describes an event."""
        return tuple(form for form in self.all() if form.event)

    def conflict_sets(self) -> Mapping[str, Mapping[str, tuple[frozenset[str], bool]]]:
        """Form id to its conflict sets, for the fold."""
        return {form.id: form.conflict_sets() for form in self.all()}

    def pages(self, *, head: bool) -> tuple[InterviewPage, ...]:
        """The pages asked of a member; the head is asked for the household as well."""
        titles: dict[str, str] = {}
        asked: dict[str, list[Asked]] = {}
        for form_id in (PERSON, *_INTERVIEW):  # the person's form gives the order of the pages
            for page in self.form(form_id).pages:
                titles.setdefault(page.id, page.title)
                asked.setdefault(page.id, [])
        for form_id in _INTERVIEW:
            if form_id == HOUSEHOLD and not head:
                continue
            for page in self.form(form_id).pages:
                asked[page.id] += [Asked(form_id, field) for field in page.fields if field.asked]
        return tuple(
            InterviewPage(page_id, titles[page_id], tuple(fields))
            for page_id, fields in asked.items()
            if fields
        )


@cache
def catalogue(operation: str = "") -> Catalogue:
    """The forms shipped with the program, and those of an operation (its code), read once.

    An operation's own forms lie in ``resources/operations/<code>/forms``: forms of its own, or
    newer versions of the program's. Raises :class:`~forms.errors.DefinitionError` when a
    definition is wrong.
    """
    found = list(read_folder(files("forms").joinpath("definitions")))
    if operation:
        own = resources.path(f"operations/{operation}/forms")
        found += read_folder(own) if own.is_dir() else ()
    return Catalogue(found)


def read_folder(folder: Traversable) -> Iterator[Form]:
    """The definitions of a folder and of those inside it, by name. Raises
    :class:`~forms.errors.DefinitionError` for the first that is wrong."""
    for name, entry in definition_files(folder):
        yield read_file(entry, name)


def definition_files(
    folder: Traversable, endings: tuple[str, ...] = (".toml",)
) -> Iterator[tuple[str, Traversable]]:
    """The files of a folder and of those inside it, by name, each with its path in the folder.

    Raises :class:`~forms.errors.DefinitionError` for a folder that cannot be listed, or with more
    in it than forms.
    """
    waiting: list[tuple[str, Traversable]] = [("", folder)]
    seen: set[tuple[int, int]] = set()
    folders = found = 0
    while waiting:
        name, entry = waiting.pop()
        try:
            inner = _listed(name, entry, seen)
        except OSError as error:
            raise DefinitionError(name or ".", "folder", _unreadable(error)) from error
        if inner is not None:
            folders += 1
            waiting += reversed(inner)
        elif name.endswith(endings):
            found += 1
            yield name, entry
        if folders > FOLDER_LIMIT or found > FILE_LIMIT:
            remedy = f"keep forms alone in it: {FILE_LIMIT} files in {FOLDER_LIMIT} folders"
            raise DefinitionError(name or ".", "folder", f"{remedy} at most")


def read_file(file: Traversable, name: str) -> Form:
    """The definition in one file. Raises :class:`~forms.errors.DefinitionError`."""
    return read_definition(file_bytes(file, name), name)


def file_bytes(file: Traversable, name: str) -> bytes:
    """What a file holds. Raises :class:`~forms.errors.DefinitionError`."""
    try:
        # What ships may lie in an archive, and is no path then.
        return read_whole(file, limit=BYTE_LIMIT) if isinstance(file, Path) else file.read_bytes()
    except OSError as error:
        raise DefinitionError(name, "file", _unreadable(error)) from error


def read_definition(data: bytes, name: str, lists: Mapping[str, str] | None = None) -> Form:
    """The definition in the bytes of a file; ``lists`` as in :func:`forms.loading.parse`. Raises
    :class:`~forms.errors.DefinitionError`."""
    try:
        return parse(data.decode("utf-8"), file=name, lists=lists)
    except UnicodeDecodeError as error:
        raise DefinitionError(name, "file", "save it as UTF-8") from error


def _listed(
    name: str, entry: Traversable, seen: set[tuple[int, int]]
) -> list[tuple[str, Traversable]] | None:
    """What lies in a folder, by name; None for what is none."""
    if not entry.is_dir():
        return None
    if isinstance(entry, Path):
        place = entry.stat()
        if (place.st_dev, place.st_ino) in seen:
            raise DefinitionError(name, "folder", "it was read already; take out the link to it")
        seen.add((place.st_dev, place.st_ino))
    inside = f"{name}/" if name else ""
    found = [(f"{inside}{one.name}", one) for one in entry.iterdir()]
    return sorted(found, key=lambda one: one[0])


def _unreadable(error: OSError) -> str:
    match error.errno:
        case errno.EFBIG:
            return f"a form has at most {BYTE_LIMIT // 1024} KiB; take out what is none"
        case errno.EINVAL:
            return "it is no file; take it out of the folder"
        case _:
            return f"it cannot be read ({error.strerror}); see to its rights, or take it out"


def _check_reuse(form: Form, older: Iterable[Form]) -> None:
    """A name keeps its meaning: one that had another kind, or was let go, is not taken again."""
    gone = {name: step for one in (*older, form) for step in one.migrations for name in step.gone}
    for before in older:
        for field in before.fields():
            now = form.field(field.name) if field.name in form else None
            if now is not None and now.kind is not field.kind:
                raise DefinitionError(
                    form.file,
                    f"{field.name}.kind",
                    f"version {before.version} asked it as {field.kind}; choose another name",
                )
            if now is not None and field.name in gone:
                raise DefinitionError(
                    form.file, field.name, "the name was given up before; choose another"
                )
