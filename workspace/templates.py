"""The documents of an operation: its templates, sentences and mark over those of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.templates.library import Library, from_bytes, read_folder, shipped, to_bytes
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
    return from_bytes(kept).over(shipped()) if kept is not None else shipped()


def _forms(session: Session) -> FindForm:
    def form(name: str) -> Form | None:
        try:
            return session.catalogue.form(name)
        except KeyError:
            return None

    return form
