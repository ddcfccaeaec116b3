"""Registering the family of an interview."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from forms import wording
from forms.check import answers, check, outstanding
from station import mending, sheets
from station.enter import Registered, enter_household
from workspace.errors import RefusedError
from workspace.files import read_whole
from workspace.problems import ProblemsError as ProblemsError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from pathlib import Path

    from forms.draft import Draft
    from workspace.session import Session


def register(session: Session, draft_id: str, draft: Draft) -> Registered:
    """Sign and store the family; the draft goes in the same commit.

    A draft of a registration that came back amends it and submits it again.

    Raises `ProblemsError` when errors remain, or a warning that `draft.confirmed` gives no reason
    for, and `RefusedError` for a draft that was registered already: a button pressed twice must
    not make two of one family. So must not a blank form that is typed in twice.
    """
    require(session, Right.INTAKE)
    today = session.clock.now().date()
    problems = check(draft, today)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise ProblemsError(wording.say(errors[0], "en"), errors)
    unanswered = outstanding(draft, problems)
    if unanswered:
        raise ProblemsError("Confirm each warning with a reason, or mend it.", unanswered)
    typed = answers(draft, today)
    named = [
        photo for member in typed.members if isinstance(photo := member.values.get("photo"), bytes)
    ]
    if session.store.photos.missing(named):
        raise RefusedError("photo", "A photo of this family is not here any more. Take it again.")
    mends = mending.registration_of(draft_id)
    with session.act() as act:
        if mends is None and act.unit.setting(_done(draft_id)) is not None:
            raise RefusedError(
                "registered_already", "This family is registered already. Look it up under Find."
            )
        if mends is not None:
            result = mending.resubmit(
                session, act, mends, draft, typed, on=today, problems=problems
            )
        else:
            filled = sheets.numbers_of(session, act.unit, draft.sheet)
            result = enter_household(
                session,
                act,
                typed,
                on=today.isoformat(),
                source={"way": "interview", **({"sheet": ", ".join(filled)} if filled else {})},
                flags=[
                    (problem.person, problem) for problem in problems if problem.person is not None
                ],
                confirmed=typed.confirmed,
            )
            act.unit.put_setting(_done(draft_id), result.registration.bytes)
            for sheet in filled:
                sheets.note(act.unit, sheet, result.registration)
        act.unit.delete_draft(draft_id)
    return result


def _done(draft_id: str) -> str:
    return f"registered/{draft_id}"


def take_photo(session: Session, source: Path | bytes) -> str:
    """Take in a photo: decoded under a limit, re-encoded small, stripped of all metadata.

    Returns its hash in hex, which the draft keeps. The photo is stored before any entry names
    it, so a missing one is impossible. Raises `RefusedError` for what is no picture.
    """
    from documents.errors import DocumentError
    from documents.photo import take_in

    require(session, Right.INTAKE)
    raw = source if isinstance(source, bytes) else _read(source)
    try:
        stored = take_in(raw)
    except DocumentError as error:
        raise RefusedError("photo", str(error)) from error
    return session.store.photos.put(stored.jpeg).hex()


MAX_PHOTO_FILE = 40 * 1024**2
"""Larger than any phone's picture; read into memory before it is decoded."""


def _read(path: Path) -> bytes:
    try:
        return read_whole(path, limit=MAX_PHOTO_FILE)
    except OSError as error:
        raise RefusedError(
            "photo",
            "The file is too large for a photo. Choose another file."
            if error.errno == errno.EFBIG
            else "The file cannot be read. Check the card or stick, and choose it again.",
        ) from error
