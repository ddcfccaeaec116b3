"""The forms that ship with the program, and the pages of the household interview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from forms.definition import Field, Form, Kind, parse
from forms.errors import DefinitionError

__all__ = ["HOUSEHOLD", "MEMBERSHIP", "PERSON", "Asked", "Catalogue", "InterviewPage", "catalogue"]

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
                raise DefinitionError(f"{form.id}.toml", "version", f"{form.version} stands twice")
            versions[form.version] = form

    def form(self, form_id: str, version: str | None = None) -> Form:
        """The newest version of a form, or the one asked for. Raises :class:`KeyError`."""
        versions = self._forms[form_id]
        return versions[version] if version is not None else next(reversed(versions.values()))

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
                asked[page.id] += [
                    Asked(form_id, field) for field in page.fields if field.kind != Kind.SEALED
                ]
        return tuple(
            InterviewPage(page_id, titles[page_id], tuple(fields))
            for page_id, fields in asked.items()
            if fields
        )


@cache
def catalogue() -> Catalogue:
    """The forms shipped with the program, read once.

    Raises :class:`~forms.errors.DefinitionError` when a definition is wrong: a fault of ours.
    """
    folder = files("forms").joinpath("definitions")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return Catalogue(
        parse(folder.joinpath(name).read_text(encoding="utf-8"), file=name) for name in names
    )
