"""The forms of an operation: written by itself, loaded by its administrator, asked from then on.

What was loaded is kept word for word, every version of it, so that it comes back with a backup and
an entry that names an older version can be read. A registry that takes in what stations say needs
the same forms as they.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forms import library, own
from forms.errors import FormsError
from workspace.errors import RefusedError
from workspace.rights import Right, require
from workspace.session import conflict_sets

if TYPE_CHECKING:
    from pathlib import Path

    from db.store import Reader
    from forms.library import Catalogue
    from forms.lint import LintProblem
    from workspace.session import Session

SETTING = "own_forms"
LEFT_OUT = (
    "Some of the operation's forms cannot be used by this program, so they are not asked. What was "
    "recorded with them is kept. Mend them, and load them again with a higher version."
)


class OwnFormsError(RefusedError):
    """A folder of forms that cannot be loaded; `problems` names all that is wrong in it."""

    def __init__(self, problems: tuple[LintProblem, ...]) -> None:
        more = len(problems) - 1
        rest = f" There is more to mend in {more} places: see `forms check`." if more else ""
        super().__init__("forms", f"Nothing was loaded. {problems[0]}.{rest}")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class OwnForm:
    """One version of a form, or the newest of a code list. `newest`: what is asked now. `family` is
    empty for a list, and for a form that this program cannot use."""

    id: str
    version: str
    title: str
    family: str
    hash: bytes
    newest: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading. `new` are the forms that were not here before, `changed` the views that
    were folded anew."""

    new: tuple[OwnForm, ...]
    forms: tuple[OwnForm, ...]
    lists: tuple[OwnForm, ...]
    changed: int


def load(session: Session, folder: Path) -> Loaded:
    """Take in the forms and code lists of a folder, beside those that were loaded before.

    Raises `OwnFormsError` with every file, place and remedy, and then nothing of it is taken in.
    Folds all views anew where the forms change how: a minute or more for a hundred thousand
    persons.
    """
    from forms import own_folder  # reads strictly, which no opening does
    from workspace import renewal

    require(session, Right.FORMS)
    if not folder.is_dir():
        raise RefusedError(
            "no_folder", f"{folder} is no folder. Name the one that holds the forms."
        )
    program = library.catalogue(session.office.operation.code)
    with session.store.write() as unit:
        found = own_folder.read(folder, kept=_kept(unit), program=program)
        if found.problems:
            raise OwnFormsError(found.problems)
        unit.put_setting(SETTING, found.own.to_bytes())
    with session.store.read() as reader:
        session.catalogue, _ = in_force(reader, session.office.operation.code)
        forms, lists = listed(session, reader)
    session.conflict_sets = conflict_sets(session.catalogue)
    changed = renewal.renew(session) if renewal.due(session) else 0
    new = {(one.id, one.version) for one in found.new}
    return Loaded(
        tuple(one for one in forms if (one.id, one.version) in new), forms, lists, changed
    )


def listed(session: Session, reader: Reader) -> tuple[tuple[OwnForm, ...], tuple[OwnForm, ...]]:
    """Every version of every form that was loaded here, and the code lists."""
    from forms.codes import code_list

    kept = _kept(reader)
    names = kept.names()
    forms = session.catalogue
    made = []
    for one in sorted(kept.forms, key=lambda one: (one.id, one.version_key)):
        usable = forms.known(one.id, one.version)
        form = forms.form(one.id, one.version) if usable else None
        newest = usable and forms.form(one.id).version == one.version
        title, family = (form.title, form.event) if form else ("", "")
        made.append(OwnForm(one.id, one.version, title, family, one.hash, newest))
    lists = tuple(
        OwnForm(
            one.id,
            one.version,
            code_list(names[one.id]).title if one.id in names else "",
            "",
            one.hash,
            one.id in names,
        )
        for one in kept.lists
    )
    return tuple(made), lists


def in_force(reader: Reader, operation: str) -> tuple[Catalogue, tuple[str, ...]]:
    """The program's forms with the operation's, and a sentence when some cannot be used."""
    program = library.catalogue(operation)
    kept = reader.setting(SETTING)
    if kept is None:
        return program, ()
    try:
        found, wrong = own.combined(program, kept)
    except FormsError as error:
        return program, (error.sentence,)
    return found, (LEFT_OUT,) if wrong else ()


def _kept(reader: Reader) -> own.OwnForms:
    data = reader.setting(SETTING)
    return own.OwnForms.from_bytes(data) if data is not None else own.NONE
