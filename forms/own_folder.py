"""An operation's folder of forms, read strictly: beside the program's, and beside what was loaded
before. Whatever is wrong refuses the whole, with file, place and remedy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from forms.codes import OWN, CodeList, parse_own
from forms.definition import Field, Form
from forms.errors import CodeListError, DefinitionError
from forms.library import Catalogue, definition_files, file_bytes, read_definition
from forms.library import catalogue as shipped
from forms.lint import LintProblem, judged, problem
from forms.loading import VERSION, VERSION_FORM
from forms.own import NONE, KeptFile, OwnForms, beside

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

__all__ = ["TOTAL_LIMIT", "Reading", "read"]

TOTAL_LIMIT = 8 * 1024**2
"""Bytes that an operation's forms and lists may have together, earlier versions among them: a
hundred times what ships, and read at every opening."""

FORM_LIMIT = 200
"""Versions of forms that an operation may have: they are all read when a workspace is opened, a
hundred in half a second."""

_OWN_NAME = re.compile(r"x_[a-z0-9_]{1,38}")
_NO_EVENT = "name the family of the event: an operation's own forms are of events"
_OF_PROGRAM = (
    "begin it with x_; forms without it are the program's, which an operation does not change: ask "
    "what else you need in an event of your own"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder holds together with what was kept before, and what is wrong: nothing of it may
    be used unless ``problems`` is empty. ``new`` are the forms that were not kept before."""

    own: OwnForms
    new: tuple[Form, ...]
    problems: tuple[LintProblem, ...]


def read(
    folder: Path | Traversable, *, kept: OwnForms = NONE, program: Catalogue | None = None
) -> Reading:
    """Read a folder beside what was ``kept`` before, and the ``program``'s forms."""
    found: list[LintProblem] = []
    held = _files(folder, found)
    lists, names = _lists(held, kept, found)
    forms: list[tuple[Form, bytes]] = []
    for name, data in held.items():
        if not name.endswith(".toml"):
            continue
        try:
            forms.append((read_definition(data, name, names), data))
        except DefinitionError as error:
            found += map(problem, error.all())
    if not forms and not found:
        found.append(LintProblem(".", "folder", "there is no form in it: forms end in .toml"))
    found += [one for form, _ in forms for one in _named(form)]
    before = {(one.id, one.version): one for one in kept.forms}
    new: list[tuple[Form, bytes]] = []
    for form, data in forms:
        known = before.get((form.id, form.version))
        if known is None:
            new.append((form, data))
        elif known.hash != form.hash:
            remedy = f"{form.version} was loaded with other content; give it a higher version"
            found.append(LintProblem(form.file, "version", remedy))
    old = replace(kept, lists=lists).read()[0]
    ships = program or shipped()
    found += judged([form for form, _ in new if form.id.startswith(OWN)], beside(ships, old)[0])
    found += _versions([form for form, _ in forms], old)
    found += _untranslated((form for form, _ in new), {one.id: one.file for one in lists})
    made = OwnForms(
        (*kept.forms, *(KeptFile(*form.reference, form.file, data) for form, data in new)), lists
    )
    if sum(len(one.data) for one in (*made.forms, *made.lists)) > TOTAL_LIMIT:
        remedy = (
            f"with what was loaded before it is over {TOTAL_LIMIT // 1024**2} MiB; make it less"
        )
        found.append(LintProblem(".", "folder", remedy))
    if len(made.forms) > FORM_LIMIT:
        remedy = f"an operation has {FORM_LIMIT} versions of forms at most; load fewer"
        found.append(LintProblem(".", "folder", remedy))
    return Reading(made, tuple(form for form, _ in new), tuple(dict.fromkeys(found)))


def _files(folder: Path | Traversable, found: list[LintProblem]) -> dict[str, bytes]:
    """The bytes of each form and list in the folder, by name; each file is read once."""
    held: dict[str, bytes] = {}
    total = 0
    try:
        for name, file in definition_files(folder, (".toml", ".csv")):
            try:
                held[name] = file_bytes(file, name)
            except DefinitionError as error:
                found.append(problem(error))
                continue
            total += len(held[name])
            if total > TOTAL_LIMIT:
                remedy = f"keep forms alone in the folder, {TOTAL_LIMIT // 1024**2} MiB at most"
                raise DefinitionError(name, "file", remedy)
    except DefinitionError as error:
        found.append(problem(error))
    return held


def _lists(
    held: Mapping[str, bytes], kept: OwnForms, found: list[LintProblem]
) -> tuple[tuple[KeptFile, ...], dict[str, str]]:
    """The code lists that count from now on, and what the forms call each of them."""
    before = {one.id: one for one in kept.lists}
    now = dict(before)
    seen: dict[str, str] = {}
    for file, data in held.items():
        if not file.endswith(".csv"):
            continue
        name = PurePosixPath(file).stem
        try:
            if not _OWN_NAME.fullmatch(name):
                remedy = "name the file of a code list x_ and small letters, digits, _: x_crops.csv"
                raise CodeListError(file, "name", remedy)
            if name in seen:
                raise CodeListError(file, "name", f"{seen[name]} has it too; join the two")
            seen[name] = file
            read_list = parse_own(name, data, file=file)
            if not VERSION.fullmatch(read_list.version):
                raise CodeListError(file, "version", VERSION_FORM)
            one = KeptFile(name, read_list.version, hashlib.sha256(data).digest(), file, data)
            if name in before and before[name].hash != one.hash:
                _check_later(before[name], one, read_list)
            now[name] = one
        except CodeListError as error:
            found.append(problem(error))
    lists = tuple(now[name] for name in sorted(now))
    return lists, OwnForms(lists=lists).names()


def _check_later(before: KeptFile, now: KeptFile, read_list: CodeList) -> None:
    """A list only grows, and says so with its version."""
    if now.version_key <= before.version_key:
        remedy = f"{before.version} was loaded with other content; give it a higher version"
        raise CodeListError(now.file, "version", remedy)
    for code in parse_own(before.id, before.data, file=before.file):
        if code.code not in read_list:
            remedy = "a code stays for ever: put it back, with offered = no"
            raise CodeListError(now.file, f"code {code.code}", remedy)


def _named(form: Form) -> Iterator[LintProblem]:
    if not _OWN_NAME.fullmatch(form.id):
        yield LintProblem(form.file, "id", _OF_PROGRAM)
    if not form.event:
        yield LintProblem(form.file, "event", _NO_EVENT)


def _versions(forms: Iterable[Form], old: Iterable[Form]) -> Iterator[LintProblem]:
    """The newest version in the folder is the newest of all, and no question is lost on the way."""
    told: dict[str, dict[tuple[int, ...], Form]] = {}
    for form in forms:
        told.setdefault(form.id, {})[form.version_key] = form
    for form_id, mine in told.items():
        newest = mine[max(mine)]
        loaded = {one.version_key: one for one in old if one.id == form_id}
        if loaded and max(loaded) > max(mine):
            remedy = f"{loaded[max(loaded)].version} was loaded; give it a higher version"
            yield LintProblem(newest.file, "version", remedy)
            continue
        every = {**loaded, **mine}
        for before, after in pairwise(every[key] for key in sorted(every)):
            for name in _lost(before, after):
                remedy = (
                    f"version {before.version} asked it: say under [[migrations]] what it is called"
                    " now, or keep it with asked = false"
                )
                yield LintProblem(after.file, name, remedy)


def _lost(before: Form, after: Form) -> Iterator[str]:
    gone = {
        name for step in after.migrations if step.since >= before.version_key for name in step.gone
    }
    yield from (
        one.name for one in before.fields() if one.name not in {*gone} and one.name not in after
    )


def _untranslated(forms: Iterable[Form], files: Mapping[str, str]) -> Iterator[LintProblem]:
    """Labels of the operation's lists that a form wants in a language that they do not have."""
    for form in forms:
        asked = (inner for one in form.fields() for inner in (one, *one.fields))
        for field in asked:
            name, own, _ = field.code_list.partition("@")
            if own:
                yield from _labels(form, field, files.get(name, name))


def _labels(form: Form, field: Field, file: str) -> Iterator[LintProblem]:
    for language in form.languages:
        told = field.codes.texts.get(language, {}) if field.codes else {}
        for code in field.codes or ():
            if not told.get(code.label):
                remedy = f"translate it: {form.id} is to be in {language}"
                yield LintProblem(file, f"code {code.code}, label:{language}", remedy)
