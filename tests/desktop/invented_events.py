"""An invented event, and an office of events in memory. All people invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

from forms.events import check_event
from forms.loading import parse
from forms.persons import Person
from tests.desktop.field_office import NOW, person_id
from values.dates import PartialDate

TOML = """
id = "naming"
version = "1.0.0"
title = "Naming feast"
summary = "A child is given its name before the family."
event = "civil"
document = "naming"
late_after = 30

[[conflict_sets]]
name = "date"
identity = false
fields = ["date"]

[[pages]]
id = "what"
title = "What happened"

[[pages.fields]]
name = "date"
kind = "date"
label = "Day of the feast"
required = true
unknown = true
missing = "Enter the day, or press Alt+U for unknown."
why = "The register is kept by days."

[[pages.fields]]
name = "held"
kind = "yes_no"
code_list = "yes_no"
label = "Was there a feast?"
why = "Some families put it off."

[[pages.fields]]
name = "guests"
kind = "number"
label = "How many came"
at_most = 500
shown_when = "held == 'yes'"
why = "A feast of many is remembered."

[[pages]]
id = "who"
title = "Who"

[[pages.fields]]
name = "mother"
kind = "person"
label = "Mother"
required = true
missing = "Name the mother."
why = "The child is entered beside her."

[[pages.fields]]
name = "father"
kind = "person"
label = "Father"
unknown = true
refused = true
not_applicable = true
why = "The child may carry his name."

[[pages.fields]]
name = "informant"
kind = "person"
label = "Who tells of it"
why = "Somebody answers for what is written."

[[pages.fields]]
name = "place"
kind = "text"
max_length = 100
label = "Where"
repeat = true
why = "Feasts are told by their places."

[[rules]]
code = "mother_is_a_man"
field = "mother"
when = "mother.registered && mother.sex == 'M'"
say = "The mother is recorded as a man. Look at it again."
error = true

[[rules]]
code = "father_is_a_woman"
field = "father"
when = "father.registered && father.sex == 'F'"
say = "The father is recorded as a woman. Look at it again."
error = true

[[rules]]
code = "many_guests"
field = "guests"
when = "guests > 100"
say = "More than a hundred guests is unusual."
"""
FORM = parse(TOML, file="naming.toml")
TODAY = date(2026, 11, 21)
AMINA, YUSUF, LAYLA = (person_id(number) for number in (17, 18, 19))
PEOPLE = {
    AMINA.hex: Person(AMINA.hex, "F", PartialDate.parse("1985~")),
    YUSUF.hex: Person(YUSUF.hex, "M", PartialDate.parse("1980")),
    LAYLA.hex: Person(LAYLA.hex, "F", PartialDate.parse("2014-05-03")),
}


def named(raw: Mapping[str, Any]) -> dict[str, Person]:
    """Those whom answers name."""
    chosen = (one.get("person") for one in raw.values() if isinstance(one, Mapping))
    return {one: PEOPLE[one] for one in chosen if one in PEOPLE}


class EventOffice:
    """What the page asks of `station.events`, and what it was asked."""

    def __init__(self) -> None:
        self.forms = [FORM]
        self.recorded: list[Any] = []
        self.foreseen: tuple[Any, ...] = (
            SimpleNamespace(
                kind="amends",
                name="آمنة يوسف",
                number="WST-A01-K7Q-P00017-31",
                what="Marital status",
                before="Single",
                after="Married",
            ),
        )
        self.made: Any = None
        self.fails: Exception | None = None
        self.drafts: dict[str, Any] = {}

    def forms_for(self, session: Any) -> tuple[Any, ...]:
        return tuple(self.forms)

    def people_named(self, reader: Any, form: Any, raw: Mapping[str, Any]) -> dict[str, Person]:
        return named(raw)

    def check(self, session: Any, form_id: str, raw: Mapping[str, Any]) -> list[Any]:
        return check_event(FORM, raw, TODAY, named(raw))

    def foresee(self, session: Any, form_id: str, raw: Any, *, language: str) -> tuple[Any, ...]:
        return self.foreseen

    def record(
        self, session: Any, form_id: str, raw: Any, *, confirmed: Any = (), draft_id: str = ""
    ) -> Any:
        if self.fails is not None:
            raise self.fails
        self.recorded.append((form_id, dict(raw), tuple(confirmed)))
        self.drafts.pop(draft_id, None)
        return self.made or SimpleNamespace(
            event=person_id(8001), created=None, created_number="", registration=None,
            document="naming", blocked=(), late=False,
        )  # fmt: skip

    # drafts

    @staticmethod
    def draft(form: str, raw: Any, persons: Any, confirmed: Any = ()) -> Any:
        return SimpleNamespace(form=form, raw=raw, persons=persons, confirmed=confirmed)

    def save_event(self, session: Any, identity: str, draft: Any) -> Any:
        self.drafts[identity] = draft
        return NOW

    def load_event(self, session: Any, identity: str) -> Any:
        return self.drafts[identity]

    def list_events(self, session: Any) -> list[Any]:
        return [
            SimpleNamespace(
                id=one, form=draft.form, names=tuple(draft.persons.values()), saved_at=NOW
            )
            for one, draft in self.drafts.items()
        ]

    def discard_event(self, session: Any, identity: str) -> None:
        del self.drafts[identity]


@contextmanager
def nothing_read() -> Iterator[None]:
    """A store that is read and has nothing of interest."""
    yield None
