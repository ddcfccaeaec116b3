"""The interview without its widgets: the draft, where the officer is in it, and what is open.

Nothing here knows Qt, a file or a clock. The page shows it, and tells it every keystroke.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from desktop.interview import pace
from desktop.interview.birth import BIRTH, as_meant, dates_meant
from desktop.interview.conditions import Conditions
from desktop.interview.marks import (
    HOUSEHOLD,
    FamilyRow,
    TakenOut,
    Target,
    blank,
    calendar_of,
    is_empty,
)
from desktop.interview.rows import FIRST_KEY, LAST_KEY, rows_of
from desktop.interview.steps import Step
from forms.definition import Kind
from forms.draft import REFUSED, UNKNOWN, Confirmation, Draft, Raw
from forms.library import Asked, Catalogue
from forms.problems import Problem


class Interview:
    """One family being taken in. Start it with a new draft or with one that was left off.

    ``quick``: only what is needed at once is asked (:mod:`desktop.interview.pace`). ``before``
    are the household's answers of the family before, for Ctrl+D.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        draft: Draft | None = None,
        *,
        today: date | None = None,
        quick: bool = False,
        before: Mapping[str, Raw] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._conditions = Conditions(catalogue, today or date.min)
        self._quick = quick
        self._before = dict(before or {})
        self._steps = pace.steps_for(catalogue, quick=quick)
        self._given: dict[str, Mapping[str, Raw]] = {}
        self.revision = 0
        """Counts the changes, so that a save can tell whether it is still the latest."""
        self._draft = draft if draft is not None else Draft.new()
        self._subject = self._order()[0]
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
    def quick(self) -> bool:
        """Whether only what is needed at once is asked."""
        return self._quick

    def set_quick(self, quick: bool) -> None:
        """Ask only what is needed at once, or everything; what was typed stays."""
        if quick != self._quick:
            self._quick = quick
            self._steps, self._step = pace.steps_for(self._catalogue, quick=quick), 0
            if self.empty:
                self._subject = self._order()[0]

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
        steps = self._steps[subject != HOUSEHOLD]
        return pace.in_sight(steps, lambda one: self.is_asked(one, subject), quick=self._quick)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The pages asked of the subject in front."""
        return self.steps_of(self._subject)

    @property
    def step(self) -> Step:
        """The page in front."""
        return self.steps[min(self._step, len(self.steps) - 1)]

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
        only_apart = self._quick and asked.field.name in pace.NEVER_LATER
        return self._conditions.hold(asked, self._draft, subject, only_apart=only_apart)

    def raw(self, name: str, subject: str | None = None) -> Raw:
        """What was typed, or None."""
        at = self._subject if subject is None else subject
        if at == HOUSEHOLD:
            return self._draft.household.get(name)
        return self._draft.member(at).values.get(name)

    def previous_raw(self, name: str) -> Raw:
        """What the member before answered, which Ctrl+D would take over; None for none.

        In a mass arrival the household takes over from the family before.
        """
        if self._subject == HOUSEHOLD:
            return self._before.get(name) if self._quick else None
        place = self._draft.index(self._subject)
        return self._draft.members[place - 1].values.get(name) if place else None

    def repeats(self, name: str) -> bool:
        """Whether Ctrl+D has something to take over for a field of the page in front."""
        may = self._field(name).field.repeat or self._subject == HOUSEHOLD
        return may and not is_empty(self.previous_raw(name))

    @property
    def calendar(self) -> str:
        """The calendar in which this family says its dates: the last one that was used."""
        members = (member.values for member in self._draft.members)
        return calendar_of(self._draft.household, *members)

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
        if not self.repeats(name):
            return False
        self.answer(name, self.previous_raw(name))
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
        return self.answer(name, as_meant(raw, ages=name == BIRTH))

    def meant(self) -> Draft:
        """The family as what was typed is understood: what is said under a date is also what is
        judged, though the keyboard is still in it, or it was left off before it was finished."""
        dates = [
            {one.field.name for one in self._fields(of_member) if one.field.kind == Kind.DATE}
            for of_member in (False, True)
        ]
        return dates_meant(self._draft, *dates)

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
        begun = pace.given(self._draft, self._fields(True)) if self._quick else {}
        self._change(self._draft.with_member(begun))
        key = self._draft.members[-1].key
        self._given[key] = begun
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
        self._change(self.meant())
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
        before = self._draft.members[self._draft.index(subject) - 1].key
        self._change(self._draft.without_member(subject))
        if self._subject == subject:
            self._subject, self._step = before, 0
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
        put_off = self.put_off()
        seen = [
            one
            for one in self._problems
            if (self._asked_all or self._was_left(one))
            and not self.reason_for(one)
            and one not in put_off
        ]
        return tuple(sorted(seen, key=lambda problem: not problem.is_error))

    def shown_at(self, name: str) -> tuple[Problem, ...]:
        """The problems to show under one field of the page in front."""
        here = Target(self._subject, name)
        return tuple(problem for problem in self.shown() if self.target(problem) == here)

    def errors(self) -> tuple[Problem, ...]:
        """What must be mended before the family can be registered, in the order of the pages."""
        return self._sorted(errors=True)

    def warnings(self) -> tuple[Problem, ...]:
        """What must be looked at, confirmed or not, in the order of the pages."""
        return self._sorted(errors=False)

    def open_warnings(self) -> tuple[Problem, ...]:
        """Warnings that nobody has given a reason for, and that are not put off."""
        done = self.put_off()
        return tuple(one for one in self.warnings() if not self.reason_for(one) and one not in done)

    def put_off(self) -> tuple[Problem, ...]:
        """In a mass arrival: warnings about what is asked later."""
        found = self._problems if self._quick else ()
        return pace.later(found, map(self.target, found), self._steps)

    def confirm(self, problem: Problem, reason: str) -> None:
        """Give a reason for a warning; an empty one takes the confirmation back."""
        target = self.target(problem)
        made = Confirmation(problem.code, problem.field, target.subject, reason)
        self._change(self._draft.with_confirmation(made))

    def reason_for(self, problem: Problem) -> str:
        """The reason given for a warning, or nothing."""
        target = self.target(problem)
        key = (problem.code, problem.field, target.subject)
        given = {(one.code, one.field, one.member): one for one in self._draft.confirmed}
        return given[key].reason.strip() if key in given else ""

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
        return rows_of(self)

    # inside --------------------------------------------------------------------

    def _order(self) -> list[str]:
        """The order in which subjects are asked: the head, the household, the others.

        In a mass arrival the household comes first: where they all come from is said once.
        """
        keys = [member.key for member in self._draft.members]
        return [HOUSEHOLD, *keys] if self._quick else [*keys[:1], HOUSEHOLD, *keys[1:]]

    def _fields(self, of_member: bool) -> list[Asked]:
        return [one for step in self._steps[of_member] for one in step.fields]

    def _sorted(self, *, errors: bool) -> tuple[Problem, ...]:
        mine = [one for one in self._problems if one.is_error is errors]
        return tuple(sorted(mine, key=self._place))

    def _place(self, problem: Problem) -> tuple[int, int, str]:
        target = self.target(problem)
        for number, step in enumerate(self.steps_of(target.subject)):
            for inner, one in enumerate(step.fields):
                if one.field.name == target.field:
                    return self._order().index(target.subject), number * 100 + inner, problem.code
        return self._order().index(target.subject), -1, problem.code

    def _was_left(self, problem: Problem) -> bool:
        target = self.target(problem)
        subjects = {one.subject for one in self._left}
        return target in self._left if target.field else target.subject in subjects

    def _field(self, name: str) -> Asked:
        return {one.field.name: one for one in self._fields(self._subject != HOUSEHOLD)}[name]

    def _mark(self, name: str, mark: Raw, *, allowed: bool) -> bool:
        if allowed:
            marked = self.raw(name) == mark
            self.answer(name, blank(self._field(name).field.kind) if marked else dict(mark))
        return allowed

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
        begun = self._given.get(subject, {})
        values = self._draft.member(subject).values
        return all(is_empty(raw) or begun.get(name) == raw for name, raw in values.items())

    def _drop_untouched(self, unless: str | None = None) -> None:
        """A member nobody said anything about is not left behind as a gap in the family."""
        subject = self._subject
        if subject in self.subjects and subject != unless and self._untouched(subject):
            self._change(self._draft.without_member(subject))
            self._left = {one for one in self._left if one.subject != subject}
            self._subject, self._step = self._draft.members[-1].key, 0
