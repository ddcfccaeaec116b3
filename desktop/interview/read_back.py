"""The family in sentences, to be read aloud before it is registered.

Pure: from the interview and the prepared words to sentences whose every fact knows the field it
came from. What has not been asked yet is said as such, at the place where it belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from desktop.interview.asking import Asking
from desktop.interview.marks import HOUSEHOLD, Target, is_empty, shown_name
from desktop.interview.model import Interview
from desktop.words import N_, ntr, tr
from forms.definition import Field, Kind
from forms.draft import Raw, is_missing


@dataclass(frozen=True, slots=True)
class Fact:
    """A part of a sentence. It leads to its field, unless it is only a label (no target).

    ``open``: it has not been asked yet.
    """

    text: str
    target: Target | None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A translated sentence with named places, and the facts that fill them."""

    template: str
    facts: Mapping[str, Fact]

    def plain(self) -> str:
        """The sentence without its links."""
        return self.template.format(**{name: fact.text for name, fact in self.facts.items()})


@dataclass(frozen=True, slots=True)
class Block:
    """What is said about the household or one member."""

    subject: str
    title: str
    sentences: tuple[Sentence, ...]


_RELATION: Final = {
    "head": N_("{name} is the head of the household."),
    "spouse": N_("{name} is the husband or wife of the head."),
    "co_wife": N_("{name} is a co-wife in this household."),
    "child": N_("{name} is a son or daughter of the head."),
    "step_child": N_("{name} is a stepchild of the head."),
    "foster_child": N_("{name} is a foster child of the head."),
    "unrelated_minor": N_("{name} is a child who is not related to the head."),
    "parent": N_("{name} is the father or mother of the head."),
    "sibling": N_("{name} is a brother or sister of the head."),
    "grandchild": N_("{name} is a grandchild of the head."),
    "grandparent": N_("{name} is a grandparent of the head."),
    "nephew_niece": N_("{name} is a nephew or niece of the head."),
    "uncle_aunt": N_("{name} is an uncle or aunt of the head."),
    "cousin": N_("{name} is a cousin of the head."),
    "in_law": N_("{name} is related to the head by marriage."),
}

# Sentences that say several answers at once; each is used when any of its answers was given.
_TOGETHER: Final = (
    N_("They left {origin_place}, {origin_country}."),
    N_("Why they left: {cause}, {hazard}."),
    N_("Nationality: {nationality}. Language: {language}."),
    N_("Father: {father_name}. Mother: {mother_name}."),
)
_ALONE: Final = {
    "origin_place": N_("They left {origin_place}."),
    "origin_country": N_("They left {origin_country}."),
    "cause": N_("Why they left: {cause}."),
    "nationality": N_("Nationality: {nationality}."),
    "language": N_("Language: {language}."),
    "father_name": N_("Father: {father_name}."),
    "mother_name": N_("Mother: {mother_name}."),
    "arrival": N_("They arrived here: {arrival}."),
    "shelter": N_("They sleep here: {shelter}."),
    "name_latin": N_("In Latin letters: {name_latin}."),
    "birth": N_("Born {birth}."),
    "birth_place": N_("Born in {birth_place}."),
    "sex": N_("Sex: {sex}."),
    "phone": N_("Telephone: {phone}."),
    "documents": N_("Holds {documents}."),
    "notes": N_("Notes: {notes}."),
}


def read_back(interview: Interview, asking: Asking, today: date) -> tuple[Block, ...]:
    """The whole family, the head first, then the household, then the others."""
    draft = interview.draft
    order = [member.key for member in draft.members]
    return tuple(
        _block(interview, asking, today, subject) for subject in (*order[:1], HOUSEHOLD, *order[1:])
    )


def _block(interview: Interview, asking: Asking, today: date, subject: str) -> Block:
    teller = _Teller(interview, asking, today, subject)
    if subject == HOUSEHOLD:
        return Block(subject, tr("The household"), tuple(teller.sentences()))
    name = shown_name(interview.draft.member(subject).values)
    place = interview.draft.index(subject) + 1
    title = name or tr("Member {n}, no name yet", n=place)
    return Block(subject, title, tuple(teller.sentences()))


class _Teller:
    """Says one subject's answers in the order of the pages."""

    def __init__(self, interview: Interview, asking: Asking, today: date, subject: str) -> None:
        self._interview = interview
        self._asking = asking
        self._today = today
        self._subject = subject
        self._fields = {
            one.field.name: one.field
            for step in interview.steps_of(subject)
            for one in step.fields
            if interview.is_asked(one, subject)
        }
        self._done: set[str] = set()

    def sentences(self) -> list[Sentence]:
        """All of them."""
        made: list[Sentence] = []
        if self._subject != HOUSEHOLD:
            made += self._who()
        for name in self._fields:
            if name not in self._done:
                made += self._say(name)
        return made

    def _who(self) -> list[Sentence]:
        self._done |= {"name", "relation"}
        name = self._fact("name") or self._open("name", tr("No name yet"))
        raw = self._interview.raw("relation", self._subject)
        template = _RELATION.get(raw if isinstance(raw, str) else "")
        if template is not None:
            return [Sentence(tr(template), {"name": name})]
        relation = self._fact("relation") or self._open("relation", tr("relation not asked yet"))
        return [
            Sentence(tr("{name}: {relation}."), {"name": name, "relation": relation}),
        ]

    def _say(self, name: str) -> list[Sentence]:
        for template in _TOGETHER:
            names = [one for one in self._fields if "{" + one + "}" in template]
            if name in names and len(names) > 1 and all(self._answered(one) for one in names):
                self._done |= set(names)
                facts = {one: fact for one in names if (fact := self._fact(one)) is not None}
                if template.count("{") == len(facts):
                    return [Sentence(tr(template), facts)]
        self._done.add(name)
        field = self._fields[name]
        special = _SPECIAL.get(field.kind)
        if special is not None and not is_missing(self._raw(name)):
            return special(self, field)
        fact = self._fact(name)
        if fact is None:
            if not field.required:
                return []
            fact = self._open(name, tr("not asked yet"))
        alone = _ALONE.get(name) if not is_missing(self._raw(name)) and not fact.open else None
        if alone is not None:
            return [Sentence(tr(alone), {name: fact})]
        return [Sentence(tr("{label}: {answer}."), {"label": _still(field), "answer": fact})]

    # facts -----------------------------------------------------------------------------

    def _raw(self, name: str) -> Raw:
        """The answer; where nothing was said, what the form takes it to be."""
        raw = self._interview.raw(name, self._subject)
        return self._fields[name].default if is_empty(raw) else raw

    def _answered(self, name: str) -> bool:
        return not is_empty(self._raw(name)) and not is_missing(self._raw(name))

    def _fact(self, name: str) -> Fact | None:
        raw = self._raw(name)
        if is_empty(raw):
            return None
        text = self._asking.answer(self._fields[name], raw, self._today)
        return Fact(text, Target(self._subject, name)) if text else None

    def _open(self, name: str, text: str) -> Fact:
        return Fact(text, Target(self._subject, name), open=True)

    # kinds with sentences of their own ---------------------------------------------------

    def _consent(self, field: Field) -> list[Sentence]:
        raw = self._raw(field.name)
        given = raw if isinstance(raw, dict) else {}
        purposes = self._asking.options(field.code_list)
        target = Target(self._subject, field.name)
        made = []
        for answer, template in (
            ("yes", N_("Agrees to: {purposes}.")),
            ("no", N_("Does not agree to: {purposes}.")),
            ("", N_("Not asked yet about: {purposes}.")),
        ):
            named = [label for code, label in purposes if given.get(code, "") == answer]
            if named:
                fact = Fact(" · ".join(named), target, open=not answer)
                made.append(Sentence(tr(template), {"purposes": fact}))
        return made

    def _yes_no(self, field: Field) -> list[Sentence]:
        fact = self._fact(field.name)
        if fact is None:
            return []
        return [Sentence(tr("{label} {answer}."), {"label": _still(field), "answer": fact})]

    def _needs(self, field: Field) -> list[Sentence]:
        """Sealed needs are counted, not named: others of the family listen."""
        raw = self._raw(field.name)
        codes = {str(code) for code in raw} if isinstance(raw, list) else set()
        target = Target(self._subject, field.name)
        made = []
        marked = [one for one in self._asking.needs if one.code in codes]
        if named := [one.label for one in marked if not one.sealed]:
            said = Fact(" · ".join(named), target)
            made.append(Sentence(tr("Specific needs: {needs}."), {"needs": said}))
        if sealed := sum(one.sealed for one in marked):
            said = Fact(ntr("{n} sealed need", "{n} sealed needs", sealed), target)
            made.append(Sentence(tr("Not to be read aloud: {needs}."), {"needs": said}))
        return made

    def _photo(self, field: Field) -> list[Sentence]:
        taken = not is_empty(self._raw(field.name))
        text = tr("A photo has been taken") if taken else tr("No photo")
        return [Sentence(tr("{photo}."), {"photo": Fact(text, Target(self._subject, field.name))})]


def _still(field: Field) -> Fact:
    """A label inside a sentence."""
    return Fact(tr(field.label), None)


_SPECIAL: Final[dict[Kind, Callable[[_Teller, Field], list[Sentence]]]] = {
    Kind.CODES: _Teller._needs,
    Kind.CONSENT: _Teller._consent,
    Kind.YES_NO: _Teller._yes_no,
    Kind.PHOTO: _Teller._photo,
}
