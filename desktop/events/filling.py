"""One form while it is being filled: the answers as typed, where one is in it, what is open.

Nothing here knows Qt, a file or a clock. It serves the recording of events and the correction of
persons alike; the page shows what the model says, and tells it every keystroke.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from desktop.interview.birth import as_meant
from desktop.interview.marks import State, blank, calendar_of
from desktop.interview.steps import Step, steps_of
from forms.conditions import ALWAYS_KNOWN
from forms.definition import Field, Form, Kind
from forms.draft import Confirmation, Raw
from forms.library import Asked
from forms.persons import Person
from forms.problems import Problem
from forms.raw import is_blank
from forms.reading import hidden, read

BIRTH: Final = "birth"
"""The one date that may be said as an age."""


class Filling:
    """The answers to one form.

    ``typed`` are answers to begin with. ``before`` are those of the last time the form was filled
    here, for Ctrl+D. ``only`` leaves out every field that it does not name.
    """

    def __init__(
        self,
        form: Form,
        typed: Mapping[str, Raw] | None = None,
        *,
        today: date,
        before: Mapping[str, Raw] | None = None,
        confirmed: Iterable[Confirmation] = (),
        only: frozenset[str] | None = None,
    ) -> None:
        self.form = form
        self.steps: tuple[Step, ...] = steps_of(_pages(form, only))
        self.revision = 0
        """Counts the changes, so that a save can tell whether it is still the latest."""
        self.people: Mapping[str, Person] = {}
        """What conditions may know of the registered persons that answers name."""
        self._today = today
        self._typed: dict[str, Raw] = dict(typed or {})
        self._before = dict(before or {})
        self._confirmed: tuple[Confirmation, ...] = tuple(confirmed)
        self._step = 0
        self._reading_back = False
        self._left: set[str] = set()
        self._asked_all = False
        self._problems: tuple[Problem, ...] = ()
        self._deciding = frozenset(
            name
            for one in form.fields()
            if one.shown_when is not None
            for name in one.shown_when.names
        )
        self._gone: frozenset[str] | None = None

    # where we are --------------------------------------------------------------

    @property
    def typed(self) -> Mapping[str, Raw]:
        """Every answer as it was typed."""
        return dict(self._typed)

    @property
    def confirmed(self) -> tuple[Confirmation, ...]:
        """The warnings that were given a reason."""
        return self._confirmed

    @property
    def reading_back(self) -> bool:
        """Whether the last page is in front."""
        return self._reading_back

    @property
    def step_number(self) -> int:
        """Which of ``steps`` is in front, from 0."""
        return self._step

    @property
    def step(self) -> Step:
        """The page in front."""
        return self.steps[self._step]

    @property
    def place(self) -> tuple[int, bool]:
        """Where one is: the page, and whether all is being read back."""
        return self._step, self._reading_back

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields of the page in front that are asked, given the answers so far."""
        return self.asked_on(self._step)

    def is_asked(self, name: str) -> bool:
        """Whether a field's condition holds."""
        return name not in self._hidden()

    def fields(self) -> tuple[Field, ...]:
        """The fields that are asked, page by page."""
        gone = self._hidden()
        every = (one.field for step in self.steps for one in step.fields)
        return tuple(one for one in every if one.name not in gone)

    def raw(self, name: str) -> Raw:
        """What was typed, or None."""
        return self._typed.get(name)

    def previous_raw(self, name: str) -> Raw:
        """What Ctrl+D would take over; None for nothing."""
        return self._before.get(name) if self._field(name).repeat else None

    @property
    def calendar(self) -> str:
        """The calendar in which the dates here are said: the last one that was used."""
        return calendar_of(self._typed)

    # answers -------------------------------------------------------------------

    def answer(self, name: str, raw: Raw) -> bool:
        """Take what was typed; says whether anything changed."""
        before = self._typed.get(name)
        if before == raw or (before is None and is_blank(raw)):
            return False
        self._typed[name] = raw
        self.revision += 1
        if name in self._deciding or self._deciding & ALWAYS_KNOWN.keys():
            self._gone = None
        return True

    def mark(self, name: str, missing: str) -> bool:
        """Say that the answer is ``unknown``, ``refused`` or ``not_applicable``, or take that
        back; says whether that was possible."""
        field = self._field(name)
        if not field.allows(missing):
            return False
        mark = {"missing": missing}
        return self.answer(name, blank(field.kind) if self.raw(name) == mark else mark)

    def repeat(self, name: str) -> bool:
        """Take over the answer of last time; says whether there was one."""
        before = self.previous_raw(name)
        return not is_blank(before) and self.answer(name, before)

    def leave(self, name: str) -> bool:
        """The field was left: what is wrong with it may be shown from now on.

        A date typed in words becomes the notation that the forms read; says whether the answer
        changed by that.
        """
        self._left.add(name)
        raw = self._typed.get(name)
        if self._field(name).kind is not Kind.DATE or not isinstance(raw, Mapping):
            return False
        return self.answer(name, as_meant(raw, ages=name == BIRTH))

    def meant(self) -> dict[str, Raw]:
        """The answers as they are understood: what is said under a date is also what is judged."""
        return {
            name: as_meant(raw, ages=name == BIRTH)
            if isinstance(raw, Mapping)
            and name in self.form
            and self._field(name).kind is Kind.DATE
            else raw
            for name, raw in self._typed.items()
        }

    def know(self, people: Mapping[str, Person]) -> None:
        """Learn what conditions ask about those whom answers name."""
        if people != self.people:
            self.people = people
            self._gone = None

    # moves ---------------------------------------------------------------------

    def forward(self) -> None:
        """On to the next page on which something is asked; after the last, all is read back."""
        if self._reading_back:
            return
        self._leave_page()
        for number in range(self._step + 1, len(self.steps)):
            if self.asked_on(number):
                self._step = number
                return
        self.read_back()

    def back(self) -> None:
        """To the page before, if there is one."""
        if self._reading_back:
            self._reading_back = False
            start = len(self.steps)
        else:
            self._leave_page()
            start = self._step
        for number in range(start - 1, -1, -1):
            if self.asked_on(number):
                self._step = number
                return

    def jump(self, number: int) -> None:
        """To a page."""
        if not self._reading_back:
            self._leave_page()
        self._reading_back = False
        self._step = number % len(self.steps)

    def go_to(self, name: str) -> None:
        """To the page on which a field stands; an unknown one leads to the first."""
        self._reading_back = False
        self._step = next(
            (
                number
                for number, step in enumerate(self.steps)
                if any(one.field.name == name for one in step.fields)
            ),
            0,
        )

    def read_back(self) -> None:
        """To the last page. From here on everything open is shown."""
        self._leave_page()
        self._reading_back = True
        self._asked_all = True

    # what is open --------------------------------------------------------------

    def judged(self, problems: Iterable[Problem]) -> None:
        """Take what was found wrong or odd."""
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that was found, in the order of the pages."""
        return tuple(sorted(self._problems, key=self._order))

    def target(self, problem: Problem) -> str:
        """The field under which a problem is shown: of a group, the group."""
        name = problem.field.partition(".")[0]
        return name if name in self.form else next(iter(self.asked), "")

    def shown(self) -> tuple[Problem, ...]:
        """The problems to show now: of fields that were left, and all at the end; errors first.

        A warning confirmed with a reason is shown no more.
        """
        seen = [
            one
            for one in self.problems
            if (self._asked_all or self.target(one) in self._left) and not self.reason_for(one)
        ]
        return tuple(sorted(seen, key=lambda one: not one.is_error))

    def shown_at(self, name: str) -> tuple[Problem, ...]:
        """The problems to show under one field."""
        return tuple(one for one in self.shown() if self.target(one) == name)

    def errors(self) -> tuple[Problem, ...]:
        """What must be mended before it can be signed."""
        return tuple(one for one in self.problems if one.is_error)

    def warnings(self) -> tuple[Problem, ...]:
        """What must be looked at, confirmed or not."""
        return tuple(one for one in self.problems if not one.is_error)

    def open_warnings(self) -> tuple[Problem, ...]:
        """Warnings that nobody has given a reason for."""
        return tuple(one for one in self.warnings() if not self.reason_for(one))

    def confirm(self, problem: Problem, reason: str) -> None:
        """Give a reason for a warning; an empty one takes the confirmation back."""
        key = (problem.code, problem.field)
        kept = tuple(one for one in self._confirmed if (one.code, one.field) != key)
        self._confirmed = (*kept, Confirmation(*key, "", reason))
        self.revision += 1

    def reason_for(self, problem: Problem) -> str:
        """The reason given for a warning, or nothing."""
        for one in self._confirmed:
            if (one.code, one.field) == (problem.code, problem.field):
                return one.reason.strip()
        return ""

    def state(self, numbers: Sequence[int]) -> State:
        """How the pages of these numbers stand together.

        They are complete when something was answered on them and nothing required is open.
        """
        names = {name for number in numbers for name in self.asked_on(number)}
        mine = [one for one in self.shown() if self.target(one) in names]
        if any(one.is_error for one in mine):
            return State.ERROR
        if mine:
            return State.WARNING
        answered = {name for name in names if not is_blank(self._typed.get(name))}
        needed = {name for name in names if self._field(name).required}
        return State.COMPLETE if answered and needed <= answered else State.OPEN

    # inside --------------------------------------------------------------------

    def _field(self, name: str) -> Field:
        return self.form.field(name)

    def asked_on(self, number: int) -> tuple[str, ...]:
        """The fields of a page that are asked, given the answers so far."""
        gone = self._hidden()
        names = (one.field.name for one in self.steps[number].fields)
        return tuple(name for name in names if name not in gone)

    def _hidden(self) -> frozenset[str]:
        if self._gone is None:
            self._gone = frozenset()
            if self._deciding:
                seen = read(self.form, self._typed, self._today, people=self.people)
                fields = [one for one in self.form.fields() if one.asked]
                self._gone = hidden(fields, seen.values(), self._today, self.people)[0]
        return self._gone

    def _leave_page(self) -> None:
        for name in self.asked:
            self.leave(name)

    def _order(self, problem: Problem) -> tuple[int, str]:
        names = [one.field.name for step in self.steps for one in step.fields]
        target = self.target(problem)
        return names.index(target) if target in names else -1, problem.code


def _pages(form: Form, only: frozenset[str] | None) -> list[Step]:
    pages = []
    for page in form.pages:
        fields = tuple(
            Asked(form.id, one)
            for one in page.fields
            if one.asked and one.kind is not Kind.SEALED and (only is None or one.name in only)
        )
        if fields:
            pages.append(Step(page.id, page.title, fields))
    return pages
