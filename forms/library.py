"""The forms that ship with the program, and the pages of the household interview."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import resources
from forms.definition import Field, Form
from forms.errors import DefinitionError
from forms.loading import parse
from forms.migration import migrate

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
    "read_file",
    "read_folder",
]

HOUSEHOLD, PERSON, MEMBERSHIP = "household", "person", "membership"
_INTERVIEW = (MEMBERSHIP, HOUSEHOLD, PERSON)


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
                raise DefinitionError(form.file, "version", f"{form.version} stands twice")
            if versions:
                _check_reuse(form, versions.values())
            versions[form.version] = form

    def form(self, form_id: str, version: str | None = None) -> Form:
        """The newest version of a form, or the one asked for. Raises :class:`KeyError`."""
        versions = self._forms[form_id]
        return versions[version] if version is not None else next(reversed(versions.values()))

    def has(self, form_id: str) -> bool:
        """Whether any version of the form is here."""
        return form_id in self._forms

    def known(self, form_id: str, version: str) -> bool:
        """Whether this version of the form is here."""
        return version in self._forms.get(form_id, {})

    def migrated(self, form_id: str, version: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Values kept under an older version, under the names of the newest. A form or a version
        that is not known here, perhaps of a newer program, leaves them as they are."""
        if not self.known(form_id, version):
            return values
        newest = self.form(form_id)
        steps = [step for one in self._forms[form_id].values() for step in one.migrations]
        if newest.version == version or not steps:
            return values
        return migrate(values, self.form(form_id, version).version_key, steps)

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


def definition_files(folder: Traversable, inside: str = "") -> Iterator[tuple[str, Traversable]]:
    """The files of a folder and of those inside it, by name, each with its path in the folder."""
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from definition_files(entry, f"{inside}{entry.name}/")
        elif entry.name.endswith(".toml"):
            yield inside + entry.name, entry


def read_file(file: Traversable, name: str) -> Form:
    """The definition in one file. Raises :class:`~forms.errors.DefinitionError`."""
    try:
        return parse(file.read_text(encoding="utf-8"), file=name)
    except UnicodeDecodeError as error:
        raise DefinitionError(name, "file", "save it as UTF-8") from error


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
