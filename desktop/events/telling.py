"""One form at the table: between its model and what is seen and typed.

Every key goes to the model and is kept; what the office finds in the answers is shown without ever
taking the keyboard from the field somebody types in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.desk import Desk, Work
from desktop.events import shown
from desktop.events.board import Board
from desktop.events.filling import Filling
from desktop.events.offer import text_of
from desktop.events.people import Acquaintances
from desktop.events.said import HERE, Saying, read_back
from desktop.interview.asking import Asking
from desktop.interview.feed import Feed
from desktop.interview.group_field import GroupField
from desktop.interview.last_page import LastPage
from desktop.interview.looking import CHECK_PAUSE
from desktop.interview.person_field import PersonLine
from desktop.interview.photo_taking import PhotoTaking
from desktop.interview.saver import Saver
from forms.draft import Raw
from forms.persons import Person
from forms.problems import Problem
from forms.raw import is_blank

MARKS: Final = ("unknown", "refused", "not_applicable")


@dataclass(frozen=True, slots=True)
class Judged:
    """What an office found in the answers: problems with their sentences, and what is known of
    those who are named."""

    problems: tuple[tuple[Problem, str], ...] = ()
    people: Mapping[str, Person] = field(default_factory=dict)


Judge = Callable[[Work, Mapping[str, Raw]], Judged]
"""Asks the office. On the worker."""


class Telling(QObject):
    """Ties the board and the side panel to one filling after the other."""

    side_changed = Signal()
    moved = Signal()  # another page is in front
    read_back_shown = Signal()  # the last page is in front, or something on it changed
    sign_wanted = Signal()
    past_start = Signal()  # back from the first page
    step_shown = Signal()
    all_confirmed = Signal()

    def __init__(
        self,
        desk: Desk,
        asking: Asking,
        feed: Feed,
        board: Board,
        *,
        last: LastPage,
        people: Acquaintances,
        reads_back: bool = True,
    ) -> None:
        """``reads_back``: the last page says all answers in sentences."""
        super().__init__(board)
        self._reads_back = reads_back
        self.people = people
        self._desk = desk
        self._asking = asking
        self._feed = feed
        self.board = board
        self.last = last
        self.filling: Filling | None = None
        self.saver: Saver | None = None
        self.held = False
        """Nothing may be changed or left, while it is being signed."""
        self._judge: Judge | None = None
        self._judged = Judged()
        self._title = self._detail = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(CHECK_PAUSE)
        self._soon.timeout.connect(self.check)
        self.photos = PhotoTaking(desk, lambda: HERE, board)
        feed.problem_chosen.connect(self.go_to)
        board.steps.chosen.connect(lambda number: self._move(lambda one: one.jump(number)))
        board.marked.connect(self.mark)
        board.repeat_wanted.connect(self.repeat)
        board.back_wanted.connect(self.backward)
        board.next_wanted.connect(self.forward)
        board.sign_wanted.connect(self.sign_wanted)
        last.followed.connect(lambda target: self.go_to(target.field))
        last.confirmed.connect(self._confirm)

    def _connect(self) -> None:
        questions = self.board.questions
        questions.edited.connect(self._edited)
        questions.left.connect(self._left)
        questions.entered.connect(self._entered)
        questions.past_end.connect(self.forward)
        questions.past_start.connect(self.backward)
        questions.photo_wanted.connect(self.photos.choose)
        questions.photo_dropped.connect(self.photos.take)

    # beginning and ending ------------------------------------------------------------------

    def begin(
        self,
        filling: Filling,
        *,
        judge: Judge,
        title: str = "",
        detail: str = "",
        names: Mapping[str, str] | None = None,
        near: Sequence[PersonLine] = (),
        saver: Saver | None = None,
    ) -> None:
        """Begin with a form. ``title`` and ``detail`` stand over its pages; ``names`` are known
        already, ``near`` are offered first where somebody is to be named."""
        self.end()
        self.filling, self.saver, self._judge = filling, saver, judge
        self._title, self._detail = title, detail
        self.people.begin(near, names or {})
        self.board.begin()
        self._connect()
        self.show_again()
        self.check()

    def end(self) -> None:
        """The form is put away; what was typed is with its saver."""
        self._soon.stop()
        if self.saver is not None:
            self.saver.save()
            self.saver.deleteLater()
        self.filling = self.saver = self._judge = None
        self.held = False
        self._judged = Judged()
        self._feed.set_problems(())
        self._feed.set_why("")
        self.side_changed.emit()

    def show_again(self) -> None:
        """Show everything, with the keyboard where the next answer goes."""
        self._refresh(fresh=True)

    @property
    def saying(self) -> Saying:
        """How answers are said, with the names that are known."""
        return Saying(self._asking, self._desk.today(), self.people.names)

    def names_in(self, filling: Filling) -> dict[str, str]:
        """What the registered persons are called whom the answers name, by id in hexadecimal."""
        found: dict[str, str] = {}
        for one in filling.form.people():
            raw = filling.raw(one.name)
            key = str(raw.get("person") or "") if isinstance(raw, Mapping) else ""
            if key:
                found[key] = self.people.names.get(key, "")
        return found

    # answers -------------------------------------------------------------------------------

    def _edited(self, name: str, raw: Any) -> None:
        if self.filling is not None and self.filling.answer(name, raw):
            self._changed()
            if name != self.board.questions.focused():
                self._show_answers()  # a place told its code, which is a question of its own

    def _changed(self) -> None:
        """Something was typed: keep it, and look at it soon."""
        if self.saver is not None:
            self.saver.touched()
        self._soon.start()
        self._refresh(fresh=False)
        self._show_asked()

    def _left(self, name: str) -> None:
        filling = self.filling
        if filling is None or filling.reading_back or name not in filling.asked:
            return
        if filling.leave(name):
            self._changed()
            self._show_answers()
        if self.saver is not None:
            self.saver.save()
        self._show_problems()
        self.check()

    def _entered(self, name: str) -> None:
        filling = self.filling
        if filling is None or name not in filling.form:
            return
        one = filling.form.field(name)
        had = self._feed.has_something
        self._feed.set_why(text_of(filling.form, one.why))
        self._tell_side(had)
        offered = {mark for mark in MARKS if one.allows(mark)}
        if not is_blank(filling.previous_raw(name)):
            offered.add("repeat")
        self.board.show_hints(offered)

    def mark(self, missing: str) -> None:
        """Unknown, would not say, or does not apply: for the field that has the keyboard."""
        self._with_focused(lambda filling, name: filling.mark(name, missing))

    def repeat(self) -> None:
        """As last time: for the field that has the keyboard."""
        self._with_focused(lambda filling, name: filling.repeat(name))

    def _with_focused(self, change: Callable[[Filling, str], bool]) -> None:
        filling, name = self.filling, self.board.questions.focused()
        if filling is None or filling.reading_back or self.held or not name:
            return
        if change(filling, name):
            self._changed()
            self._show_answers()

    def _confirm(self, problem: Problem, reason: str) -> None:
        if self.filling is None or self.held:
            return
        self.filling.confirm(problem, reason)
        self._changed()
        self.last.focus_first_open()
        if not self.filling.open_warnings():
            self.all_confirmed.emit()

    # moves ---------------------------------------------------------------------------------

    def _move(self, move: Callable[[Filling], object], *, backwards: bool = False) -> None:
        """Go somewhere, keeping what was typed and showing what was left behind."""
        filling, questions = self.filling, self.board.questions
        if filling is None or self.held:
            return
        focused = questions.focused()
        questions.settle()
        before = (filling.place, filling.revision)
        move(filling)
        if before == (filling.place, filling.revision):
            if not filling.reading_back:
                questions.focus(focused)
            return
        if self.saver is not None:
            self.saver.save()
        self._refresh(fresh=True, at_end=backwards)
        self.check()
        self.moved.emit()

    def forward(self) -> None:
        self._move(Filling.forward)

    def backward(self) -> None:
        filling = self.filling
        before = filling.place if filling is not None else None
        self._move(Filling.back, backwards=True)
        if filling is not None and filling.place == before and not self.held:
            self.past_start.emit()

    def read_back(self) -> None:
        self._move(Filling.read_back)

    def go_to(self, name: str) -> None:
        """To a question, wherever it is; in a group with its place: ``witnesses.1.name``."""
        base = name.partition(".")[0]
        self._move(lambda filling: filling.go_to(base))
        self.board.questions.focus(base)
        field = self.board.questions.field(base)
        if isinstance(field, GroupField) and name != base:
            field.focus_place(name)

    # showing -------------------------------------------------------------------------------

    def _refresh(self, *, fresh: bool, at_end: bool = False) -> None:
        """Show the model. The fields are left alone unless the place is a ``fresh`` one."""
        filling, board = self.filling, self.board
        if filling is None:
            return
        if fresh:
            board.show_mode(reading_back=filling.reading_back)
            board.show_heading(self._title, self._detail)
        if filling.reading_back:
            self._show_last(focus=fresh)
            return
        board.steps.show_tabs(shown.tabs(filling))
        if fresh:
            self._show_step(at_end=at_end)

    def _show_step(self, *, at_end: bool) -> None:
        filling, board = self.filling, self.board
        if filling is None:
            return
        board.show_hints(set())
        board.questions.show_step(
            filling.step,
            of_member=True,
            number=filling.step_number,
            answers=self._answers(),
            asked=filling.asked,
            calendar=filling.calendar,
            at_end=at_end,
            ahead=filling.steps[filling.step_number + 1 :],
        )
        self._entered(board.questions.focused())
        self._show_problems()
        if not self._reads_back and not at_end and filling.asked:
            board.questions.focus(filling.asked[0])  # all is answered: one reads from the top
        self.photos.show_stored(board.questions.fields())
        self.step_shown.emit()

    def _show_asked(self) -> None:
        """Fields come and go with the answers of others."""
        if self.filling is None or self.filling.reading_back:
            return
        asked = set(self.filling.asked)
        for name, one in self.board.questions.fields().items():
            if one.isHidden() == (name in asked):
                one.setVisible(name in asked)

    def _show_answers(self) -> None:
        self.board.questions.show_answers(self._answers())

    def _answers(self) -> dict[str, Any]:
        filling = self.filling
        if filling is None:
            return {}
        return {one.field.name: filling.raw(one.field.name) for one in filling.step.fields}

    def _show_last(self, *, focus: bool) -> None:
        filling = self.filling
        if filling is None:
            return
        self.board.show_hints(set())
        self._feed.set_why("")
        sentences = dict(self._judged.problems)
        self.last.show_family(
            read_back(filling, self.saying) if self._reads_back else (),
            shown.error_items(filling, sentences),
            shown.doubts(filling, sentences),
        )
        self.board.sign.setEnabled(not self.held)
        self._show_problems()
        if focus:
            self.last.setFocus()
            self.side_changed.emit()
        self.read_back_shown.emit()

    # what is found -------------------------------------------------------------------------

    def check(self) -> None:
        """Let the office look now."""
        filling, judge = self.filling, self._judge
        self._soon.stop()
        if filling is None or judge is None or not self._desk.unlocked:
            return  # as the window locks, the keyboard leaves the question it was in
        typed, revision = filling.meant(), filling.revision
        self._desk.read(
            lambda work: judge(work, typed),
            done=lambda found: self._found(filling, revision, found),
            parent=self,
            latest="check",
        )

    def _found(self, filling: Filling, revision: int, found: Judged) -> None:
        if self.filling is not filling or filling.revision != revision:
            return  # typed on since: the next look is on its way
        self._judged = found
        filling.judged(problem for problem, _ in found.problems)
        before = filling.asked
        filling.know(found.people)
        self._refresh(fresh=False)
        if filling.asked != before:
            self._show_asked()
        self._show_problems()

    def _show_problems(self) -> None:
        filling = self.filling
        if filling is None:
            return
        sentences = dict(self._judged.problems)
        had = self._feed.has_something
        if filling.reading_back:
            self._feed.set_problems(())  # the last page lists them itself
        else:
            self._feed.set_problems(shown.problem_items(filling, sentences))
            self.board.questions.show_problems(
                {
                    name: [
                        (one.severity, sentences.get(one, ""), one.field)
                        for one in filling.shown_at(name)
                    ]
                    for name in self.board.questions.fields()
                }
            )
        self._tell_side(had)

    def _tell_side(self, had: bool) -> None:
        if had != self._feed.has_something:
            self.side_changed.emit()
