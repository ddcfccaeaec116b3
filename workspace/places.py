"""The places of an operation: administrative areas with their P-codes, found while typing.

Where no file was loaded, a training place knows the areas of an invented country, and a real one
knows none: places are then written as they are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms import gazetteer_files
from forms.gazetteer import Gazetteer
from workspace.errors import RefusedError
from workspace.files import read_whole
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from workspace.session import Session

SETTING = "gazetteer"
MAX_FILE = 64 * 1024**2
"""The largest country's table of areas is a third of it."""


def load(session: Session, files: Sequence[Path], *, source: str = "") -> Gazetteer:
    """Take in the tables of one or more countries (OCHA COD-AB as CSV or XLSX); they replace what
    was there.

    Raises :class:`~forms.gazetteer.GazetteerError` with file, row and remedy, and keeps what was
    there before.
    """
    require(session, Right.PLACES)
    if not files:
        raise RefusedError("no_file", "Name the file with the areas.")
    read = [(path.name, read_whole(path, limit=MAX_FILE)) for path in files]
    found = gazetteer_files.read(*read, source=source)
    with session.store.write() as unit:
        unit.put_setting(SETTING, found.to_bytes())
    return found


def gazetteer(session: Session) -> Gazetteer | None:
    """The areas that are known here, or None. Takes up to a second: ask for it on a worker."""
    with session.store.read() as reader:
        kept = reader.setting(SETTING)
    if kept is not None:
        return Gazetteer.from_bytes(kept)
    return gazetteer_files.training() if session.office.training else None
