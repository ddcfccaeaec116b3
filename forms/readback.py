"""The interview's last page: the family read back in sentences, each fact tied to its field.

Sentences are whole source strings with named placeholders, so that a language can order them; a
label stands after a colon, where no grammar bends it. Sealed needs are never read aloud.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter

from forms.codes import code_list, sensitive_needs
from forms.definition import Field, Kind
from forms.draft import Draft, Raw, is_missing
from forms.library import HOUSEHOLD, PERSON, Catalogue
from forms.library import catalogue as shipped
from forms.raw import Answer, is_blank, read_raw
from forms.reading import not_asked
from forms.sentences import N_
from forms.wording import label, say_age, say_date
from resources.i18n import translation

__all__ = ["Part", "Sentence", "read_back"]

_HEAD = N_("{name} is the head of the household.")
_MEMBER = N_("{name} belongs to the household as: {relation}.")
_NAMELESS = N_("A child without a name yet belongs to the household as: {relation}.")
_UNNAMED = N_("A person whose name is not entered belongs to the household as: {relation}.")

_SAID: Mapping[str, str] = {
    "household.origin_country": N_("They left this country: {answer}."),
    "household.origin_place": N_("They left this place: {answer}."),
    "household.origin_code": N_("The code of that place: {answer}."),
    "household.cause": N_("They left because of: {answer}."),
    "household.hazard": N_("The hazard was: {answer}."),
    "household.arrival": N_("They arrived here: {answer}."),
    "household.shelter": N_("They sleep here: {answer}."),
    "household.notes": N_("Notes about the household: {answer}"),
    "person.name_latin": N_("In Latin letters: {answer}."),
    "person.sex": N_("Sex: {answer}."),
    "person.birth": N_("Born: {answer}."),
    "person.birth_place": N_("Place of birth: {answer}."),
    "person.nationality": N_("Nationality: {answer}."),
    "person.language": N_("Speaks best: {answer}."),
    "person.father_name": N_("Father: {answer}."),
    "person.mother_name": N_("Mother: {answer}."),
    "person.marital_status": N_("Marital status: {answer}."),
    "person.phone": N_("Can be called at: {answer}."),
    "person.documents": N_("Holds: {answer}."),
    "person.needs": N_("Specific needs: {answer}."),
    "person.consent": N_("Agrees to: {answer}."),
    "person.share_with_origin": N_("May the country of origin see the data: {answer}."),
    "person.notes": N_("Notes: {answer}"),
    "person.photo": N_("A photo has been taken."),
}
_SEALED = N_("Some needs are sealed and are not read aloud.")
_DISAGREES = N_("Does not agree to: {purposes}.")
_OTHERWISE = N_("{question}: {answer}.")
_MISSING: Mapping[str, str] = {
    "unknown": N_("{question}: not known."),
    "refused": N_("{question}: does not want to say."),
    "not_applicable": N_("{question}: does not apply."),
}
_NOT_ENTERED = N_("{question}: not entered.")


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a sentence. ``field`` is where they were entered (``None``: only words), ``member``
    the member's key (empty for the household)."""

    text: str
    field: str | None = None
    member: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence about the household or a member. ``person`` is the member's place, or ``None``."""

    parts: tuple[Part, ...]
    person: int | None = None

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(part.text for part in self.parts)


def read_back(
    draft: Draft, today: date, language: str = "en", *, catalogue: Catalogue | None = None
) -> tuple[Sentence, ...]:
    """The family in sentences: each member in turn, then the household.

    What was asked and is still missing is said too, so that it can be entered from here.
    """
    forms = catalogue or shipped()
    found: list[Sentence] = []
    for place, member in enumerate(draft.members):
        reader = _Reader(today, language, member.key, place)
        found.append(reader.opening(member.values))
        person = forms.form(PERSON)
        gone = not_asked(person, member.values, today) | {"name"}
        for field in person.fields():
            if field.name not in gone and field.kind is not Kind.SEALED:
                found += reader.field(PERSON, field, member.values.get(field.name))
    reader = _Reader(today, language, "", None)
    household = forms.form(HOUSEHOLD)
    gone = not_asked(household, draft.household, today)
    for field in household.fields():
        if field.name not in gone:
            found += reader.field(HOUSEHOLD, field, draft.household.get(field.name))
    return tuple(found)


class _Reader:
    """Says the answers of one member, or of the household."""

    def __init__(self, today: date, language: str, member: str, person: int | None) -> None:
        self._today = today
        self._language = language
        self._text = translation(language).gettext
        self._member = member
        self._person = person

    def opening(self, values: Mapping[str, Raw]) -> Sentence:
        """Who the member is."""
        name, relation = values.get("name"), values.get("relation")
        chosen = relation if isinstance(relation, str) else ""
        said = label("relation", chosen, self._language)
        facts = {"relation": Part(said or "…", "relation", self._member)}
        if isinstance(name, str) and name.strip():
            facts["name"] = Part(name.strip(), "name", self._member)
            return self._sentence(_HEAD if chosen == "head" else _MEMBER, facts)
        return self._sentence(_NAMELESS if self._infant(values) else _UNNAMED, facts)

    def field(self, form: str, field: Field, raw: Raw) -> Iterator[Sentence]:
        """The sentence for one answer; nothing for a question that was optional and is empty."""
        question = Part(self._text(field.label), field.name, self._member)
        if is_missing(raw):
            yield self._sentence(_MISSING[raw["missing"]], {"question": question})
            return
        answer = read_raw(field, raw, self._today)
        if answer.value is None or is_blank(answer.value):
            if field.required or field.warn_if_empty:
                yield self._sentence(_NOT_ENTERED, {"question": question})
            return
        words = self._words(field, answer)
        if words:
            label = Part(question.text.rstrip("?؟:"), field.name, self._member)
            facts = {"question": label, "answer": Part(words, field.name, self._member)}
            yield self._sentence(_SAID.get(f"{form}.{field.name}", _OTHERWISE), facts)
        if field.kind is Kind.CONSENT and (refused := self._purposes(field, answer.value, "no")):
            facts = {"purposes": Part(refused, field.name, self._member)}
            yield self._sentence(_DISAGREES, facts)
        if field.name == "needs" and sensitive_needs(answer.value)[1]:
            yield self._sentence(_SEALED, {})

    def _infant(self, values: Mapping[str, Raw]) -> bool:
        field = shipped().form(PERSON).field("birth")
        born = read_raw(field, values.get("birth"), self._today).date
        return born is not None and born.age_on(self._today)[0] == 0

    def _words(self, field: Field, answer: Answer) -> str:
        value, language = answer.value, self._language
        if answer.date is not None:
            said = say_date(answer.date, language)
            if field.name != "birth":
                return said
            age = say_age(answer.date, self._today, language)
            return self._text("{date} (age: {age})").format(date=said, age=age)
        if field.kind is Kind.PHOTO:
            return self._text("yes")
        if field.kind in (Kind.CODE, Kind.YES_NO):
            return label(field.code_list, value, language)
        if field.kind is Kind.CODES:
            return self._joined(label(field.code_list, code, language) for code in _open(value))
        if field.kind is Kind.DOCUMENTS:
            return self._joined(self._document(field, one) for one in value)
        if field.kind is Kind.CONSENT:
            return self._purposes(field, value, "yes") or self._text("nothing")
        if field.kind is Kind.GROUP:
            return self._joined(self._row(field, one) for one in value)
        if field.kind is Kind.PERSON:
            return str(value.get("name", "")) or self._text("a registered person")
        return str(value)

    def _purposes(self, field: Field, value: Mapping[str, object], answer: str) -> str:
        """The purposes that got this answer."""
        return self._joined(
            label(field.code_list, one.code, self._language)
            for one in code_list(field.code_list)
            if value.get(one.code) == answer
        )

    def _row(self, group: Field, row: Mapping[str, object]) -> str:
        """One of several: the words of its answers."""
        said = (
            self._words(one, Answer(row[one.name]))
            for one in group.fields
            if one.name in row and not is_missing(row[one.name])
        )
        return " ".join(said)

    def _document(self, field: Field, one: Mapping[str, str]) -> str:
        kind = label(field.code_list, one["type"], self._language)
        return f"{kind} {one['number']}".strip()

    def _joined(self, words: Iterator[str]) -> str:
        """A list between colon and full stop; a translation may use its own separator."""
        return self._text(", ").join(words)

    def _sentence(self, pattern: str, facts: Mapping[str, Part]) -> Sentence:
        parts: list[Part] = []
        for words, name, _, _ in Formatter().parse(self._text(pattern)):
            if words:
                parts.append(Part(words))
            if name is not None and name in facts:
                parts.append(facts[name])
        return Sentence(tuple(parts), self._person)


def _open(needs: list[str]) -> tuple[str, ...]:
    return sensitive_needs(needs)[0]
