"""The interview without its widgets: the draft, where the officer is in it, and what is open.

Nothing here knows Qt, a file or a clock. The page shows what the model says, tells it every
keystroke, and asks it where to go next.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from desktop.interview.birth import understood
from desktop.interview.marks import (
    HOUSEHOLD,
    FamilyRow,
    State,
    TakenOut,
    Target,
    is_empty,
    shown_name,
)
from desktop.interview.steps import Step, household_pages, steps_of
from forms.definition import Kind
from forms.draft import REFUSED, UNKNOWN, Confirmation, Draft, Raw
from forms.library import Asked, Catalogue
from forms.problems import Problem
from forms.reading import not_asked

BIRTH: Final = "birth"
"""The one date that may be said as an age."""

GREGORIAN: Final = "gregorian"

FIRST_KEY: Final = 2
LAST_KEY: Final = 9
"""F2 to F9 go to the household and the first seven members; F10 adds one, as on the screen."""


class Interview:
    """One family being taken in. Start it with a new draft or with one that was left off."""

    def __init__(
        self, catalogue: Catalogue, draft: Draft | None = None, *, today: date | None = None
    ) -> None:
        self._catalogue = catalogue
        self._today = today or date.min
        self._steps = {
            False: steps_of(household_pages(catalogue)),
            True: steps_of(catalogue.pages(head=False)),
        }
        self.revision = 0
        """Counts the changes, so that a save can tell whether it is still the latest."""
        self._draft = draft if draft is not None else Draft.new()
        self._subject = self._draft.members[0].key if self._draft.members else HOUSEHOLD
        self._step = 0
        self._reading_back = False
        self._left: set[Target] = set()
        self._asked_all = False
        self._problems: tuple[Problem, ...] = ()
        self._taken_out: TakenOut | None = None

    # where we are --------------------------------------------------------------

    @property
    def draft(self) -> Draft:
        """The family as typed so far."""
        return self._draft

    @property
    def subject(self) -> str:
        """``HOUSEHOLD`` or the key of the member in front."""
        return self._subject

    @property
    def reading_back(self) -> bool:
        """Whether the last page is in front."""
        return self._reading_back

    @property
    def subjects(self) -> tuple[str, ...]:
        """The rows of the family list."""
        return (HOUSEHOLD, *(member.key for member in self._draft.members))

    def steps_of(self, subject: str) -> tuple[Step, ...]:
        """The pages asked of the household, or of a member."""
        return self._steps[subject != HOUSEHOLD]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The pages asked of the subject in front."""
        return self.steps_of(self._subject)

    @property
    def step(self) -> Step:
        """The page in front."""
        return self.steps[self._step]

    @property
    def place(self) -> tuple[str, int, bool]:
        """Where the officer is: subject, step, and whether the family is being read back."""
        return self._subject, self._step, self._reading_back

    @property
    def step_number(self) -> int:
        """Which of ``steps`` is in front, from 0."""
        return self._step

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The fields of the page in front that are asked, given the answers so far."""
        return tuple(one for one in self.step.fields if self.is_asked(one, self._subject))

    @property
    def empty(self) -> bool:
        """Whether nothing has been typed at all."""
        return self.revision == 0

    def is_asked(self, asked: Asked, subject: str) -> bool:
        """Whether a field's condition holds for this subject."""
        typed = (
            self._draft.household if subject == HOUSEHOLD else self._draft.member(subject).values
        )
        return asked.field.shown_when is None or asked.field.name not in not_asked(
            self._catalogue.form(asked.form), typed, self._today
        )

    def raw(self, name: str, subject: str | None = None) -> Raw:
        """What was typed, or None."""
        at = self._subject if subject is None else subject
        if at == HOUSEHOLD:
            return self._draft.household.get(name)
        return self._draft.member(at).values.get(name)

    def previous_raw(self, name: str) -> Raw:
        """What the member before answered, which Ctrl+D would take over; None for none."""
        if self._subject == HOUSEHOLD:
            return None
        place = self._draft.index(self._subject)
        return self._draft.members[place - 1].values.get(name) if place else None

    @property
    def calendar(self) -> str:
        """The calendar in which this family says its dates: the last one that was used."""
        said = [self._draft.household, *(member.values for member in self._draft.members)]
        for values in reversed(said):
            for raw in values.values():
                if isinstance(raw, dict) and raw.get("text") and raw.get("calendar"):
                    return str(raw["calendar"])
        return GREGORIAN

    # answers -------------------------------------------------------------------

    def answer(self, name: str, raw: Raw) -> bool:
        """Take what was typed; says whether anything changed."""
        if self.raw(name) == raw or (self.raw(name) is None and is_empty(raw)):
            return False
        self._change(
            self._draft.with_household(name, raw)
            if self._subject == HOUSEHOLD
            else self._draft.with_value(self._subject, name, raw)
        )
        return True

    def unknown(self, name: str) -> bool:
        """Mark the field unknown, or take the mark off; says whether that was possible."""
        return self._mark(name, UNKNOWN, allowed=self._field(name).field.unknown)

    def refused(self, name: str) -> bool:
        """Mark that the person does not want to say, or take the mark off."""
        return self._mark(name, REFUSED, allowed=self._field(name).field.refused)

    def repeat(self, name: str) -> bool:
        """Take over the previous member's answer; says whether there was one."""
        if not self._field(name).field.repeat or is_empty(self.previous_raw(name)):
            return False
        self._change(self._draft.repeated(self._subject, name))
        return True

    def leave(self, name: str) -> bool:
        """The officer left the field: what is wrong with it may be shown from now on.

        A date typed in words ("34y") becomes the notation the forms read; says whether the
        answer changed by that.
        """
        self._left.add(Target(self._subject, name))
        raw = self.raw(name)
        if self._field(name).field.kind != Kind.DATE or not isinstance(raw, dict):
            return False
        text = understood(str(raw.get("text", "")), ages=name == BIRTH)
        return self.answer(name, {**raw, "text": text})

    # moves ---------------------------------------------------------------------

    def forward(self) -> None:
        """On to the next page; after a subject's last page, to the next subject.

        The head is asked first, then the household, then the others, then it is read back.
        """
        if self._reading_back:
            return
        self._leave_page()
        if self._step + 1 < len(self.steps):
            self._step += 1
            return
        order = self._order()
        place = order.index(self._subject)
        if place + 1 < len(order):
            self.go(order[place + 1])
        else:
            self.read_back()

    def back(self) -> None:
        """To the page before; before a subject's first page, to the subject before."""
        if self._reading_back:
            order = self._order()
            self.go(order[-1], step=-1)
            return
        self._leave_page()
        if self._step:
            self._step -= 1
            return
        order = self._order()
        place = order.index(self._subject)
        if place:
            self.go(order[place - 1], step=-1)

    def go(self, subject: str, step: int = 0) -> None:
        """To a page of a subject; ``step`` -1 is its last. Raises KeyError for an unknown one."""
        if subject not in self.subjects:
            raise KeyError(subject)
        self._reading_back = False
        self._drop_untouched(unless=subject)
        self._subject = subject
        self._step = step % len(self.steps)

    def jump(self, subject: str, step: int = 0) -> None:
        """As `go`, when somebody leaves the page in front on purpose: it counts as left."""
        self._leave_page()
        self.go(subject, step)

    def go_to_key(self, number: int) -> bool:
        """What the function key does: 2 is the household, 3 the first member; says if it did."""
        place = number - FIRST_KEY
        if not 0 <= place < len(self.subjects) or number > LAST_KEY:
            return False
        self.jump(self.subjects[place])
        return True

    def go_to(self, target: Target) -> None:
        """To the page on which a field stands. Raises KeyError."""
        for number, step in enumerate(self.steps_of(target.subject)):
            if any(one.field.name == target.field for one in step.fields):
                self.go(target.subject, number)
                return
        self.go(target.subject)

    def add_member(self) -> str:
        """One more member, and to its first page; returns its key."""
        self._leave_page()
        self._drop_untouched()
        self._change(self._draft.with_member())
        key = self._draft.members[-1].key
        self.go(key)
        return key

    def save_member(self) -> None:
        """Done with this subject: on to what is open, else to a new member.

        After the head comes the household while it has something to ask.
        """
        if self._reading_back:
            return
        for step in self.steps:
            self._left.update(Target(self._subject, one.field.name) for one in step.fields)
        order = self._order()
        place = order.index(self._subject)
        following = order[place + 1 :]
        if following and following[0] == HOUSEHOLD and self.missing(HOUSEHOLD):
            self.go(HOUSEHOLD)
            return
        members = [subject for subject in following if subject != HOUSEHOLD]
        if members:
            self.go(members[0])
        else:
            self.add_member()

    def read_back(self) -> None:
        """To the last page. From here on everything open is shown."""
        self._leave_page()
        self._drop_untouched()
        if self._subject not in self.subjects:
            self._subject = self._draft.members[-1].key
        self._reading_back = True
        self._asked_all = True

    def may_take_out(self, subject: str) -> bool:
        """Whether this is a member other than the head."""
        return subject != HOUSEHOLD and self._draft.index(subject) > 0

    def take_out(self, subject: str) -> bool:
        """Take a member out of the family; the head and the household stay."""
        if not self.may_take_out(subject):
            return False
        self._taken_out = TakenOut(self._draft, subject)
        place = self._draft.index(subject)
        self._change(self._draft.without_member(subject))
        if self._subject == subject:
            self._subject = self._draft.members[place - 1].key
            self._step = 0
        return True

    def put_back(self) -> bool:
        """Undo the last taking out, if nothing was typed since."""
        taken, self._taken_out = self._taken_out, None
        if taken is None or taken.before.without_member(taken.subject) != self._draft:
            return False
        self._change(taken.before)
        self.go(taken.subject)
        return True

    # what is open --------------------------------------------------------------

    def judged(self, problems: Iterable[Problem]) -> None:
        """Take the problems that the forms found in the draft."""
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything the forms found."""
        return self._problems

    def target(self, problem: Problem) -> Target:
        """Where a problem is. One that names no field is shown at the subject's first field."""
        subject = HOUSEHOLD
        if problem.person is not None and problem.person < len(self._draft.members):
            subject = self._draft.members[problem.person].key
        return Target(subject, problem.field)

    def is_missing(self, problem: Problem) -> bool:
        """Whether the problem is that nothing was answered yet."""
        target = self.target(problem)
        return bool(problem.field) and is_empty(self.raw(problem.field, target.subject))

    def shown(self) -> tuple[Problem, ...]:
        """The problems to show now: of fields that were left, and all at the end; errors first.

        A warning confirmed with a reason is shown no more.
        """
        seen = [
            problem
            for problem in self._problems
            if (self._asked_all or self._was_left(problem)) and not self.reason_for(problem)
        ]
        return tuple(sorted(seen, key=lambda problem: not problem.is_error))

    def shown_at(self, name: str) -> tuple[Problem, ...]:
        """The problems to show under one field of the page in front."""
        here = Target(self._subject, name)
        return tuple(problem for problem in self.shown() if self.target(problem) == here)

    def errors(self) -> tuple[Problem, ...]:
        """What must be mended before the family can be registered, in the order of the pages."""
        found = [problem for problem in self._problems if problem.is_error]
        return tuple(sorted(found, key=self._place))

    def warnings(self) -> tuple[Problem, ...]:
        """What must be looked at, confirmed or not, in the order of the pages."""
        found = [problem for problem in self._problems if not problem.is_error]
        return tuple(sorted(found, key=self._place))

    def open_warnings(self) -> tuple[Problem, ...]:
        """Warnings that nobody has given a reason for."""
        return tuple(problem for problem in self.warnings() if not self.reason_for(problem))

    def confirm(self, problem: Problem, reason: str) -> None:
        """Give a reason for a warning; an empty one takes the confirmation back."""
        target = self.target(problem)
        made = Confirmation(problem.code, problem.field, target.subject, reason)
        self._change(self._draft.with_confirmation(made))

    def reason_for(self, problem: Problem) -> str:
        """The reason given for a warning, or nothing."""
        target = self.target(problem)
        for one in self._draft.confirmed:
            if (one.code, one.field, one.member) == (problem.code, problem.field, target.subject):
                return one.reason.strip()
        return ""

    def missing(self, subject: str) -> tuple[str, ...]:
        """The required fields of a subject that have no answer yet."""
        return tuple(
            one.field.name
            for step in self.steps_of(subject)
            for one in step.fields
            if one.field.required
            and self.is_asked(one, subject)
            and is_empty(self.raw(one.field.name, subject))
        )

    def family(self) -> tuple[FamilyRow, ...]:
        """The family list."""
        return tuple(self._row(number, subject) for number, subject in enumerate(self.subjects))

    # inside --------------------------------------------------------------------

    def _row(self, number: int, subject: str) -> FamilyRow:
        mine = [one for one in self.shown() if self.target(one).subject == subject]
        wrong = [one for one in mine if one.is_error and not self.is_missing(one)]
        odd = [one for one in mine if not one.is_error]
        missing = len(self.missing(subject))
        state = State.COMPLETE
        if wrong:
            state = State.ERROR
        elif missing:
            state = State.OPEN
        elif odd:
            state = State.WARNING
        key = number + FIRST_KEY
        member = None if subject == HOUSEHOLD else self._draft.member(subject)
        return FamilyRow(
            subject=subject,
            name=shown_name(member.values) if member else "",
            relation=member.relation if member else "",
            birth=member.values.get("birth") if member else None,
            state=state,
            missing=missing,
            errors=len(wrong),
            warnings=len(odd),
            key=key if key <= LAST_KEY else 0,
        )

    def _order(self) -> list[str]:
        """The order in which subjects are asked: the head, the household, the others."""
        keys = [member.key for member in self._draft.members]
        return [*keys[:1], HOUSEHOLD, *keys[1:]]

    def _place(self, problem: Problem) -> tuple[int, int, str]:
        target = self.target(problem)
        for number, step in enumerate(self.steps_of(target.subject)):
            for inner, one in enumerate(step.fields):
                if one.field.name == target.field:
                    return self._order().index(target.subject), number * 100 + inner, problem.code
        return self._order().index(target.subject), -1, problem.code

    def _was_left(self, problem: Problem) -> bool:
        target = self.target(problem)
        if target.field:
            return target in self._left
        return any(one.subject == target.subject for one in self._left)

    def _field(self, name: str) -> Asked:
        for step in self.steps:
            for one in step.fields:
                if one.field.name == name:
                    return one
        raise KeyError(name)

    def _mark(self, name: str, mark: Raw, *, allowed: bool) -> bool:
        if not allowed:
            return False
        marked = self.raw(name) == mark
        self.answer(name, self._blank(name) if marked else dict(mark))
        return True

    def _blank(self, name: str) -> Raw:
        """What an unanswered field of this kind holds."""
        kind = self._field(name).field.kind
        if kind == Kind.DATE:
            return {"text": "", "calendar": GREGORIAN}
        if kind in (Kind.CODES, Kind.DOCUMENTS):
            return []
        return {} if kind == Kind.CONSENT else ""

    def _leave_page(self) -> None:
        if not self._reading_back and self._subject in self.subjects:
            for one in self.asked:
                self.leave(one.field.name)

    def _change(self, draft: Draft) -> None:
        if draft != self._draft:
            self._draft = draft
            self.revision += 1

    def _untouched(self, subject: str) -> bool:
        """Whether a member was added and nothing said about it."""
        if subject == HOUSEHOLD or self._draft.index(subject) == 0:
            return False
        return all(is_empty(raw) for raw in self._draft.member(subject).values.values())

    def _drop_untouched(self, unless: str | None = None) -> None:
        """A member nobody said anything about is not left behind as a gap in the family."""
        subject = self._subject
        if subject in self.subjects and subject != unless and self._untouched(subject):
            self._change(self._draft.without_member(subject))
            self._left = {one for one in self._left if one.subject != subject}
            self._subject = self._draft.members[-1].key
            self._step = 0
