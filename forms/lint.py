"""The strict check of a whole folder of forms: what reading one form alone cannot see.

For those who write forms, and for the tests of those that ship::

    python -m forms.lint [FOLDER [LANGUAGE ...]]

Each problem names the file, the place in it and the remedy. A form that cannot be read is one
problem of many, so that all can be mended at once.
"""

from __future__ import annotations

import copy
import gettext
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from forms.codes import OWN, code_list
from forms.definition import Field, Form, Kind
from forms.errors import CodeListError, DefinitionError
from forms.events import DATE
from forms.library import (
    HOUSEHOLD,
    MEMBERSHIP,
    PERSON,
    Catalogue,
    definition_files,
    read_file,
)
from forms.library import catalogue as shipped
from resources.i18n import translation

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["DOCUMENTS", "LintProblem", "check_effects", "judged", "problem", "problems", "texts"]

DOCUMENTS = frozenset(
    {
        "birth_notification",
        "death_notification",
        "marriage_notification",
        "divorce_extract",
        "adoption_annotation",
        "recognition_annotation",
        "movement_note",
        "closing_attestation",
        "tracing_receipt",
        "loss_statement",
        "seizure_receipt",
        "absence_letter",
    }
)
"""The documents that tell of an event."""

_RELATIONS = "relation"
_INTERVIEW = (MEMBERSHIP, HOUSEHOLD, PERSON)
_GIVES = {
    Kind.TEXT: {Kind.TEXT, Kind.NAME, Kind.PLACE, Kind.PERSON},
    Kind.LONG_TEXT: {Kind.TEXT, Kind.NAME, Kind.LONG_TEXT, Kind.PLACE, Kind.PERSON},
    Kind.NAME: {Kind.NAME, Kind.PERSON},
}
"""Which answers a field of a text takes from an event: of a person the name, of a place the
words. Any other field takes an answer of its own kind."""


@dataclass(frozen=True, slots=True)
class LintProblem:
    """What is to be mended, and where: the file in its folder, the place in it, the remedy."""

    file: str
    path: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.remedy}"


def problems(
    source: Path | Traversable | Catalogue,
    languages: Iterable[str] = (),
    *,
    beside: Catalogue | None = None,
) -> tuple[LintProblem, ...]:
    """Everything that is wrong in a folder of forms, or in a catalogue; empty when all is well.

    A folder is checked beside the forms that ``beside`` holds, which are those that ship: an
    operation's forms are never used without them. ``languages`` are those in which every form of
    the source must be, besides those that it names itself.
    """
    if isinstance(source, Catalogue):
        return tuple(_in_catalogue(source, Catalogue(()), tuple(languages)))
    found: list[LintProblem] = []
    known = shipped() if beside is None else beside
    forms = _readable(source, found)
    return (*found, *judged(forms, known, languages))


def judged(
    forms: Iterable[Form], known: Catalogue, languages: Iterable[str] = ()
) -> tuple[LintProblem, ...]:
    """Everything that is wrong in forms that could be read, beside those that are ``known``."""
    found: list[LintProblem] = []
    catalogue = known
    apart: list[Form] = []
    for form in sorted(forms, key=lambda one: one.version_key):
        try:
            catalogue = Catalogue([*catalogue.every(), form])
        except DefinitionError as error:
            # Those before it fit together, so it is this one that has to be mended.
            found.append(replace(problem(error), file=form.file))
            apart.append(form)
    chosen = tuple(languages)
    person = catalogue.form(PERSON) if _has(catalogue, PERSON) else shipped().form(PERSON)
    return (
        *found,
        *_in_catalogue(catalogue, known, chosen),
        *(one for form in apart for one in _of_form(form, person, chosen)),
    )


def _readable(folder: Path | Traversable, found: list[LintProblem]) -> list[Form]:
    forms: list[Form] = []
    try:
        for name, file in definition_files(folder):
            try:
                forms.append(read_file(file, name))
            except DefinitionError as error:
                found += map(problem, error.all())
    except DefinitionError as error:  # of the folder: what was read before it still counts
        found.append(problem(error))
    if not forms and not found:
        found.append(LintProblem(".", "folder", "there is no form in it: forms end in .toml"))
    return forms


def texts(form: Form) -> Iterator[tuple[str, str]]:
    """Every text of a form that people read: its place in the form, the English source string."""
    yield "title", form.title
    if form.summary:
        yield "summary", form.summary
    for page in form.pages:
        yield f"pages.{page.id}.title", page.title
        for field in page.fields:
            yield from _texts_of(field, field.name)
    for rule in form.rules:
        yield f"rules.{rule.code}.say", rule.say


def _texts_of(field: Field, where: str) -> Iterator[tuple[str, str]]:
    said = {"label": field.label, "help": field.help, "why": field.why, "missing": field.missing}
    yield from ((f"{where}.{key}", text) for key, text in said.items() if text)
    for inner in field.fields:
        yield from _texts_of(inner, f"{where}.{inner.name}")


def problem(error: DefinitionError | CodeListError) -> LintProblem:
    """An error of reading, as one problem of many."""
    remedy = str(error).removeprefix(f"{error.file}: {error.where}: ")
    return LintProblem(error.file, error.where, remedy)


def _in_catalogue(
    catalogue: Catalogue, known: Catalogue, languages: Sequence[str]
) -> Iterator[LintProblem]:
    """What is wrong in the newest forms of a catalogue. Those that are ``known`` are well by
    themselves: what a new form of a person breaks in them is that form's fault."""
    forms = catalogue.all()
    person = catalogue.form(PERSON) if _has(catalogue, PERSON) else shipped().form(PERSON)
    for form in forms:
        if known.known(form.id, form.version):
            for where, remedy in check_effects(form, person):
                yield LintProblem(person.file or person.id, f"{form.id}.{where}", remedy)
            continue
        yield from _of_form(form, person, languages)
        if form.id in _INTERVIEW and _has(known, form.id):
            # The program itself works with these fields, whoever writes the form anew.
            for name in (one.name for one in known.form(form.id).fields() if one.name not in form):
                remedy = "the program needs this field; add it, with asked = false if need be"
                yield LintProblem(form.file or form.id, name, remedy)


def _of_form(form: Form, person: Form, languages: Sequence[str]) -> Iterator[LintProblem]:
    for where, remedy in (
        *_of_event(form),
        *_of_fields(form),
        *check_effects(form, person),
        *_of_languages(form, languages),
    ):
        yield LintProblem(form.file or form.id, where, remedy)


def _has(catalogue: Catalogue, form_id: str) -> bool:
    return any(form.id == form_id for form in catalogue.all())


def _of_event(form: Form) -> Iterator[tuple[str, str]]:
    if not form.event:
        for key, given in (
            ("document", form.document),
            ("late_after", form.late_after),
            ("effects", form.effects.amends or form.effects.leaves or form.effects.moves),
        ):
            if given:
                yield key, "only the form of an event has it; name its family under event"
        return
    if DATE not in form or form.field(DATE).kind is not Kind.DATE:
        yield DATE, "add a field of this name and of the kind date: when it happened"
    if not form.people():
        yield "pages", "add a field of the kind person: an event is about somebody"
    if not form.summary:
        yield "summary", "say in one sentence what this event is; the picker shows it"
    if form.id.startswith(OWN):
        pass  # an operation's own: its title is what it is called
    elif form.id not in code_list("event_types"):
        yield "id", "add it to the code list event_types"
    elif (family := code_list("event_types")[form.id].family) != form.event:
        yield "event", f"the code list event_types has it under {family}; let them agree"
    if form.document and form.document not in DOCUMENTS:
        yield "document", f"no document is called {form.document}; use one of the known, or none"


def _of_fields(form: Form) -> Iterator[tuple[str, str]]:
    for field in form.fields():
        if field.sensitive and field.statistics:
            yield f"{field.name}.statistics", "what is sealed cannot be counted; choose one"
        if field.sensitive and field.shared:
            yield f"{field.name}.shared", "what is sealed goes no further; choose one"
    codes = [rule.code for rule in form.rules]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"rules.{code}.code", "two rules have this code; reasons given would be confused"
    for rule in form.rules:
        if not rule.say.endswith((".", "!")):
            yield f"rules.{rule.code}.say", "write a whole sentence that says what to do"


def check_effects(form: Form, person: Form) -> Iterator[tuple[str, str]]:
    """What the effects of ``form`` say of a person's form that has no such field, or no such
    answer there: place and remedy."""
    effects = form.effects
    for name, answer in effects.creates.items():
        yield from _fits(f"effects.creates.{name}", person, name, form.field(answer))
    for number, one in enumerate(effects.amends):
        where = f"effects.amends[{number}]"
        if one.answer:
            yield from _fits(f"{where}.field", person, one.field, form.field(one.answer))
        elif one.field not in person:
            yield f"{where}.field", f"the form of a person has no field {one.field!r}"
        elif (codes := person.field(one.field).codes) and one.value not in codes:
            yield f"{where}.value", f"{one.value!r} is no code of the list {codes.name}"
    if effects.relation and form.field(effects.relation).code_list != _RELATIONS:
        yield "effects.relation", f"name a field with the code list {_RELATIONS}"
    if effects.created_as in form and form.field(effects.created_as).kind is not Kind.PERSON:
        yield "effects.created_as", "a field of this name must be of the kind person"


def _fits(where: str, person: Form, name: str, answer: Field) -> Iterator[tuple[str, str]]:
    """Whether the person's field ``name`` can take what was answered."""
    if name not in person:
        yield where, f"the form of a person has no field {name!r}"
        return
    field = person.field(name)
    if answer.kind not in _GIVES.get(field.kind, {field.kind}):
        yield where, f"{name} is of the kind {field.kind}, {answer.name} of {answer.kind}"
    elif field.code_list and field.code_list != answer.code_list:
        yield where, f"{name} has the code list {field.code_list}, {answer.name} another"
    elif answer.sensitive:
        yield where, f"{answer.name} is sealed, and would stand open in the person's record"


def _of_languages(form: Form, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    for language in dict.fromkeys((*form.languages, *languages)):
        own = form.texts.get(language, {})
        for where, text in texts(form):
            if not own.get(text) and not _translated(text, language):
                yield where, f"translate it into {language}, or take {language} out of languages"
    said = {text for _, text in texts(form)}
    for language, own in form.texts.items():
        for text in sorted(own.keys() - said):
            yield f"translations.{language}", f"{text!r} is no text of this form; take it out"


class _Lacking(gettext.NullTranslations):
    """The end of a chain of catalogues: nobody has translated it."""

    def gettext(self, message: str) -> str:
        return ""


@cache
def _chain(language: str) -> gettext.NullTranslations:
    chain = copy.deepcopy(translation(language))  # the program's own stays as it is
    chain.add_fallback(_Lacking())
    return chain


def _translated(text: str, language: str) -> bool:
    """Whether a catalogue has it; a translation may well read like its source."""
    return bool(_chain(language).gettext(text))


def main(arguments: Sequence[str]) -> int:
    """Say what is wrong in a folder, or in what ships; 0 when nothing is."""
    own = files("forms").joinpath("definitions")
    found = (
        problems(Path(arguments[0]), arguments[1:])
        if arguments
        else problems(own, beside=Catalogue(()))
    )
    for one in found:
        print(one)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
