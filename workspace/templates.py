"""The documents of an operation: its templates, sentences and mark over those of the program."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from documents.templates.library import Library, from_bytes, read_folder, shipped, to_bytes
from documents.templates.model import About
from workspace.rights import Right, require

if TYPE_CHECKING:
    from pathlib import Path

    from db.store import Reader
    from documents.templates.library import FindForm
    from forms.definition import Form
    from workspace.session import Session

SETTING = "templates"


def load(session: Session, folder: Path) -> Library:
    """Take in an operation's folder; it replaces the one before.

    Raises :class:`~documents.errors.TemplateError` with file, place and remedy, and keeps what
    was there before.
    """
    require(session, Right.TEMPLATES)
    kept = read_folder(folder, form=_forms(session))
    data = to_bytes(kept)
    found = from_bytes(data)
    with session.store.write() as unit:
        unit.put_setting(SETTING, data)
    return found


def library(reader: Reader) -> Library:
    """The templates that count here."""
    kept = reader.setting(SETTING)
    return _over_shipped(kept) if kept is not None else shipped()


@lru_cache(maxsize=2)
def _over_shipped(kept: bytes) -> Library:
    return from_bytes(kept).over(shipped())


def known(session: Session) -> tuple[Library, FindForm]:
    """The templates that count here, and the forms of the events that they tell of."""
    with session.store.read() as reader:
        return library(reader), _forms(session)


def ends_with_life(reader: Reader, type_: str) -> bool:
    """Whether a document of this type speaks for a living person: not one of a household, and not
    one that tells of what happened, which is true of the dead too."""
    template = library(reader).get(type_)
    return template is None or template.about is About.PERSON


def _forms(session: Session) -> FindForm:
    def form(name: str) -> Form | None:
        try:
            return session.catalogue.form(name)
        except KeyError:
            return None

    return form
