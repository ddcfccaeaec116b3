"""The words of the interview, prepared on a worker: what is asked, and how answers are said.

Code lists and names of countries come from files and from CLDR; once prepared, saying an answer
touches neither, so the page may do it while somebody types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final

from desktop.interview.birth import understood
from desktop.interview.needs_field import Choice
from desktop.interview.reach import Reach
from desktop.widgets.calendar_names import CalendarNames, calendar_names
from desktop.words import N_, led, tr
from forms import wording
from forms.codes import CodeList, code_list
from forms.definition import Field, Kind
from forms.draft import Raw, is_missing
from forms.everyday import everyday
from forms.library import Catalogue
from forms.problems import Problem
from values.dates import Calendar, DateError, PartialDate

NEEDS: Final = "needs"
PURPOSES: Final = "purposes"
FAMILIES: Final = "need_families"
EVENTS: Final = "event_types"
_SAMPLE: Final = date(2024, 5, 3)
_SAID: Final = {
    "unknown": N_("not known"),
    "refused": N_("did not want to say"),
    "not_applicable": N_("does not apply"),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """One language's words for every code that the interview asks for."""

    catalogue: Catalogue
    language: str
    labels: Mapping[str, Mapping[str, str]] = field(repr=False)
    offered: Mapping[str, tuple[str, ...]] = field(repr=False)
    questions: Mapping[str, str] = field(repr=False)
    needs: tuple[Choice, ...] = field(repr=False)
    names: CalendarNames = field(repr=False)
    also: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """List to code to everyday words by which the code is found."""
    reach: Reach = field(default_factory=Reach, repr=False)

    def reaching(self, reach: Reach) -> Asking:
        """The same words, with other places and persons to choose from."""
        return replace(self, reach=reach)

    def choices(self, name: str) -> tuple[Choice, ...]:
        """A long list to tick, by family where its codes have one."""
        if name == NEEDS:
            return self.needs
        also = self.also.get(name, {})
        return tuple(
            Choice(code, label, "", also=also.get(code, "")) for code, label in self.options(name)
        )

    def text(self, form: str, source: str) -> str:
        """A form's own words in the language: the catalogue's, or those the form brings along."""
        if not source:
            return ""
        try:
            own = self.catalogue.form(form).texts.get(self.language, {}).get(source, "")
        except KeyError:
            own = ""
        return led(own) if own else tr(source)

    def label(self, name: str, code: str) -> str:
        """What a code is called; the code itself when the list does not know it."""
        return self.labels.get(name, {}).get(code, code)

    def options(self, name: str) -> list[tuple[str, str]]:
        """The codes to choose from, each with what it is called."""
        return [(code, self.label(name, code)) for code in self.offered.get(name, ())]

    def answer(
        self, asked: Field, raw: Raw, today: date, *, people: Mapping[str, str] | None = None
    ) -> str:
        """An answer in words; empty when there is none.

        ``people``: what registered persons are called, by their hexadecimal ids.
        """
        if is_missing(raw):
            return tr(_SAID[raw["missing"]]) if raw["missing"] in _SAID else ""
        match asked.kind:
            case Kind.DATE:
                return self.when(asked, raw, today)
            case Kind.CODE | Kind.YES_NO:
                return self.label(asked.code_list, raw) if isinstance(raw, str) else ""
            case Kind.CODES:
                codes = raw if isinstance(raw, list) else []
                return " · ".join(self.label(asked.code_list, str(code)) for code in codes)
            case Kind.DOCUMENTS:
                return self._papers(asked, raw)
            case Kind.PERSON:
                return _person(raw, people or {})
            case Kind.GROUP:
                rows = (
                    [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
                )
                return "; ".join(
                    filter(None, (self._row(asked, one, today, people) for one in rows))
                )
            case Kind.PLACE if isinstance(raw, dict):
                return " ".join(str(raw.get("text") or raw.get("code") or "").split())
            case Kind.CONSENT | Kind.PHOTO | Kind.SEALED:
                return ""
            case _:
                return " ".join(raw.split()) if isinstance(raw, str) else ""

    def _row(
        self, asked: Field, row: Mapping[str, Raw], today: date, people: Mapping[str, str] | None
    ) -> str:
        """One row of a group."""
        said = (self.answer(one, row.get(one.name), today, people=people) for one in asked.fields)
        return ", ".join(filter(None, said))

    def when(self, asked: Field, raw: Raw, today: date) -> str:
        """A date as it was understood, a birth with the age; else what was typed."""
        text = str(raw.get("text", "")) if isinstance(raw, dict) else ""
        said = read_date(raw, today, birth=asked.name == "birth")
        if said is None:
            return text.strip()
        return self.reading(said, today, birth=asked.name == "birth")

    def reading(self, said: PartialDate, today: date, *, birth: bool) -> str:
        """A date in words: "about 1985, age about 41"."""
        words = wording.say_date(said, self.language)
        if not birth or said.in_future(today):
            return words
        return tr("{date}, age {age}", date=words, age=wording.say_age(said, today, self.language))

    def age(self, raw: Raw, today: date) -> str:
        """The age that an answer means, in words; empty when it means none."""
        said = read_date(raw, today, birth=True)
        if said is None or said.in_future(today):
            return ""
        return wording.say_age(said, today, self.language)

    def say(self, problem: Problem) -> str:
        """What to do about a problem."""
        return wording.say(problem, self.language, forms=self.catalogue)

    def _papers(self, asked: Field, raw: Raw) -> str:
        papers = [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
        said = (
            (self.label(asked.code_list, str(one.get("type", ""))), str(one.get("number", "")))
            for one in papers
        )
        return " · ".join(" ".join(part for part in paper if part) for paper in said)


def _person(raw: Raw, people: Mapping[str, str]) -> str:
    """Who is named: a registered person, or somebody who is not."""
    if not isinstance(raw, Mapping):
        return ""
    if raw.get("person"):
        return people.get(str(raw["person"]), "") or tr("a registered person")
    name = " ".join(str(raw.get("name") or "").split())
    return tr("{name} (not registered)", name=name) if name else ""


def read_date(raw: Raw, today: date, *, birth: bool) -> PartialDate | None:
    """A typed date as it is understood, or None when it cannot be."""
    if not isinstance(raw, Mapping) or "text" not in raw:
        return None
    text = understood(str(raw["text"]), ages=birth)
    if not text:
        return None
    calendar = str(raw.get("calendar") or Calendar.GREGORIAN)
    try:
        if "/" in text:
            return PartialDate(text, Calendar(calendar), text)
        return PartialDate.parse(text, calendar, said_on=today)
    except (DateError, ValueError):
        return None


@lru_cache(maxsize=4)
def prepare(catalogue: Catalogue, language: str) -> Asking:
    """Read every list once, in this language. On a worker; the same words serve every page."""
    names = {
        asked.code_list
        for form in catalogue.all()
        for asked in _all_of(form.fields())
        if asked.code_list
    } | {"calendars", FAMILIES}
    lists = {name: code_list(name) for name in sorted(names)}
    _warm(language)
    return Asking(
        catalogue=catalogue,
        language=language,
        labels={
            name: {code.code: wording.label(name, code.code, language) for code in codes.offered()}
            for name, codes in lists.items()
        },
        offered={name: _ordered(codes, language) for name, codes in lists.items()},
        questions=_questions(lists.get(PURPOSES), language),
        needs=_needs(lists.get(NEEDS), language),
        names=calendar_names(language),
        also={name: everyday(name, language) for name in sorted({*names, EVENTS})},
    )


def _all_of(fields: Iterable[Field]) -> Iterator[Field]:
    """Fields, and those inside groups."""
    for one in fields:
        yield one
        yield from _all_of(one.fields)


def _warm(language: str) -> None:
    """Have CLDR's data for dates and the catalogue in memory before somebody types."""
    for text in ("1361-07-12", "1361-07", "1361~"):
        wording.say_date(PartialDate.parse(text, Calendar.SOLAR_HIJRI), language)
    wording.say_date(PartialDate.of_day(_SAMPLE), language)
    wording.say_date(PartialDate.parse("2024-05"), language)


def _ordered(codes: CodeList, language: str) -> tuple[str, ...]:
    """Short lists keep their own order; countries and languages go by name."""
    offered = [code.code for code in codes.offered()]
    if codes.name in ("countries", "languages"):
        offered.sort(key=lambda code: wording.label(codes.name, code, language).casefold())
    return tuple(offered)


def _questions(purposes: CodeList | None, language: str) -> dict[str, str]:
    """The sentence to read aloud for each purpose."""
    if purposes is None:
        return {}
    return {code.code: tr(code.extra.get("question") or code.label) for code in purposes.offered()}


def _needs(needs: CodeList | None, language: str) -> tuple[Choice, ...]:
    """The needs, by family in the list's order."""
    if needs is None:
        return ()
    offered: Sequence[str] = [code.code for code in needs.offered()]
    also = everyday(NEEDS, language)
    return tuple(
        Choice(
            code=code,
            label=wording.label(NEEDS, code, language),
            family=wording.label(FAMILIES, needs[code].family, language),
            sealed=needs[code].sealed,
            also=also.get(code, ""),
        )
        for code in offered
    )
