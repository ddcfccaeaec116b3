"""The forms that an operation wrote, as they are kept: the files word for word, by id and version.

Their names begin with ``x_``, so that no form of the program, now or later, has one of them. Older
versions are kept beside the newest, so that what was asked then can still be read; of a code list
the newest is enough, because no code is ever taken out. How a folder of them is read strictly is
in :mod:`forms.own_folder`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from forms.codes import OWN, CodeList, parse_own
from forms.definition import Form
from forms.errors import CodeListError, DefinitionError, FormsError
from forms.library import Catalogue, read_definition
from values import cbor

__all__ = ["FORMAT", "NONE", "OWN", "KeptFile", "OwnForms", "beside", "combined"]

FORMAT = 1


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it was loaded. ``hash`` is the form's content hash, or SHA-256 of a list's file;
    ``file`` its path in the folder that it came from."""

    id: str
    version: str
    hash: bytes
    file: str
    data: bytes = field(repr=False)

    @property
    def version_key(self) -> tuple[int, ...]:
        """For comparing versions."""
        return tuple(int(part) for part in self.version.split("."))


@dataclass(frozen=True, slots=True)
class OwnForms:
    """All that an operation brought: each version of each form, and its code lists."""

    forms: tuple[KeptFile, ...] = ()
    lists: tuple[KeptFile, ...] = ()

    def to_bytes(self) -> bytes:
        """As the store keeps them: see ``docs/formats/forms.md``."""
        return cbor.encode([FORMAT, [_row(one) for one in self.forms], list(map(_row, self.lists))])

    @classmethod
    def from_bytes(cls, data: bytes) -> OwnForms:
        """What :meth:`to_bytes` wrote. Raises :class:`~forms.errors.FormsError` for a later
        program's."""
        match cbor.decode(data):
            case [int(version), list(forms), list(lists)] if version == FORMAT:
                return cls(tuple(map(_kept, forms)), tuple(map(_kept, lists)))
            case _:
                raise FormsError(
                    "own_forms",
                    "The operation's forms were kept by a later program. Update Waystation.",
                )

    def names(self) -> dict[str, str]:
        """What the forms call each list, to its name in full. Reads the lists; one that cannot be
        read any more is left out, and the forms that ask with it will say so."""
        found = {}
        for one in self.lists:
            try:
                found[one.id] = _list(one).name
            except CodeListError:
                continue
        return found

    def read(self) -> tuple[tuple[Form, ...], tuple[DefinitionError, ...]]:
        """The forms, and what is wrong in those that this program cannot use."""
        names = self.names()
        made: list[Form] = []
        wrong: list[DefinitionError] = []
        for one in self.forms:
            try:
                made.append(read_definition(one.data, one.file, names))
            except DefinitionError as error:
                wrong.append(error)
        return tuple(made), tuple(wrong)


NONE = OwnForms()


@lru_cache(maxsize=8)
def combined(shipped: Catalogue, kept: bytes) -> tuple[Catalogue, tuple[DefinitionError, ...]]:
    """The program's forms and an operation's together, read once; and what of the operation's
    cannot be used: a later program may be stricter, and the workspace opens all the same."""
    forms, errors = OwnForms.from_bytes(kept).read()
    found, others = beside(shipped, forms)
    return found, (*errors, *others)


def beside(
    shipped: Catalogue, forms: Iterable[Form]
) -> tuple[Catalogue, tuple[DefinitionError, ...]]:
    """The program's forms with others beside them; and why some of these do not fit there."""
    listed = sorted(forms, key=lambda one: one.version_key)
    try:
        return Catalogue([*shipped.every(), *listed]), ()
    except DefinitionError:
        pass  # hardly ever: then each is tried beside those before it
    made = list(shipped.every())
    wrong = []
    for form in listed:
        try:
            Catalogue([*made, form])
        except DefinitionError as error:
            wrong.append(error)
        else:
            made.append(form)
    return Catalogue(made), tuple(wrong)


@lru_cache(maxsize=256)
def _list(one: KeptFile) -> CodeList:
    return parse_own(one.id, one.data, file=one.file)


def _row(one: KeptFile) -> list[Any]:
    return [one.id, one.version, one.hash, one.file, one.data]


def _kept(row: Any) -> KeptFile:
    id_, version, digest, file, data = row
    return KeptFile(str(id_), str(version), bytes(digest), str(file), bytes(data))
