"""One family at the table: between the model and what the officer sees and types.

Every key goes to the model and is kept; what the forms and the store find is shown without ever
taking the keyboard from the field somebody types in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal

from desktop.desk import Desk
from desktop.interview import shown
from desktop.interview.asking import Asking
from desktop.interview.board import Board
from desktop.interview.feed import Earlier, Feed
from desktop.interview.looking import Looking
from desktop.interview.marks import HOUSEHOLD, Target, shown_name
from desktop.interview.model import Interview
from desktop.interview.mrz_answers import FIELDS
from desktop.interview.mrz_field import MrzDialog
from desktop.interview.photo_taking import PhotoTaking
from desktop.interview.read_back import read_back
from desktop.interview.saver import Saver
from desktop.words import tr
from forms.definition import Field
from forms.draft import Draft
from forms.problems import Problem

QUICK: Final = 100
"""Added to the numbers of pages that ask only what is needed at once: they are others."""


class Sitting(QObject):
    """Ties the board and the side panel to one interview after the other."""

    titled = Signal(str)
    side_changed = Signal()
    taken_out = Signal(str)  # the name of a member taken out, for the way back
    register_wanted = Signal()
    moved = Signal()  # another page or member is in front
    all_confirmed = Signal()  # every warning has its reason now

    def __init__(self, desk: Desk, asking: Asking, feed: Feed, board: Board) -> None:
        super().__init__(board)
        self._desk = desk
        self._asking = asking
        self._feed = feed
        self.board = board
        self.interview: Interview | None = None
        self.saver: Saver | None = None
        self.held = False
        """Nothing may be changed or left, while the family is being registered."""
        self._sentences: dict[Problem, str] = {}
        self.looking = Looking(desk, self)
        self.looking.judged.connect(self._judged)
        self.looking.found.connect(self._found)
        self.photos = PhotoTaking(desk, self._subject, board)
        self._connect()

    def _connect(self) -> None:
        board, questions = self.board, self.board.questions
        self._feed.problem_chosen.connect(self.go_to)
        questions.edited.connect(self._edited)
        questions.left.connect(self._left)
        questions.entered.connect(self._entered)
        questions.past_end.connect(self.forward)
        questions.past_start.connect(self.backward)
        questions.photo_wanted.connect(self.photos.choose)
        questions.photo_dropped.connect(self.photos.take)
        board.family.chosen.connect(self._jump)
        board.family.add_wanted.connect(self.add_member)
        board.family.read_back_wanted.connect(self.read_back)
        board.steps.chosen.connect(self._to_step)
        board.unknown_wanted.connect(lambda: self.mark("unknown"))
        board.refused_wanted.connect(lambda: self.mark("refused"))
        board.repeat_wanted.connect(self.repeat)
        board.back_wanted.connect(self.backward)
        board.next_wanted.connect(self.forward)
        board.register_wanted.connect(self.register_wanted)
        board.take_out_wanted.connect(self.take_out)
        board.document_wanted.connect(self.read_document)
        board.last.followed.connect(self.go_to)
        board.last.confirmed.connect(self._confirm)
        board.sheet.edited.connect(self._from_sheet)

    # beginning and ending ------------------------------------------------------------------

    def begin(self, interview: Interview, saver: Saver, *, returned: str = "") -> None:
        """Sit down with a family; ``returned`` is why a supervisor sent it back."""
        self.end()
        self._feed.set_returned(returned)
        self.interview, self.saver = interview, saver
        self._feed.set_earlier(())
        self.show_again()
        self.looking.at(interview, self._asking)

    def end(self) -> None:
        """The family gets up; what was typed is with its saver."""
        if self.saver is not None:
            self.saver.save()
            self.saver.deleteLater()
        self.interview = self.saver = None
        self.held = False
        self._sentences = {}
        self.looking.at(None, None)
        self._feed.set_problems(())
        self._feed.set_earlier(())
        self._feed.set_why("")
        self._feed.set_returned("")
        self.side_changed.emit()

    def show_again(self) -> None:
        """Show everything, with the keyboard where the next answer goes."""
        self._refresh(fresh=True)

    def _subject(self) -> str:
        return self.interview.subject if self.interview is not None else HOUSEHOLD

    def _from_sheet(self, _key: str, number: Any) -> None:
        """The blank form is named; it is looked at when the family is registered."""
        if self.interview is not None:
            self.interview.from_sheet(str(number or "").strip())
            if self.saver is not None:
                self.saver.touched()

    # answers -------------------------------------------------------------------------------

    def _edited(self, name: str, raw: Any) -> None:
        if self.interview is not None and self.interview.answer(name, raw):
            self._changed(name)
            if name != self.board.questions.focused():
                self._show_answers()  # a place told its code, which is a question of its own

    def _changed(self, name: str = "") -> None:
        """Something was typed: keep it, and look at it soon."""
        if self.saver is not None:
            self.saver.touched()
        self.looking.typed(name)
        self._refresh(fresh=False)
        self._show_asked()

    def _left(self, name: str) -> None:
        interview = self.interview
        if interview is None or interview.reading_back or self._field(name) is None:
            return
        if interview.leave(name):
            self._changed(name)
            self._show_answers()
        if self.saver is not None:
            self.saver.save()
        self._show_problems()
        self.looking.check()

    def _entered(self, name: str) -> None:
        field = self._field(name)
        if field is None or self.interview is None:
            return
        had = self._feed.has_something
        self._feed.set_why(tr(field.why))
        self._tell_side(had)
        self.board.show_hints(
            unknown=field.unknown,
            refused=field.refused,
            repeat=self.interview.repeats(name),
        )

    def _field(self, name: str) -> Field | None:
        """A field of the page in front."""
        if self.interview is None:
            return None
        asked = (one.field for one in self.interview.step.fields if one.field.name == name)
        return next(asked, None)

    def mark(self, missing: str) -> None:
        """Unknown, or would not say: for the field that has the keyboard."""
        interview = self.interview
        name = self.board.questions.focused()
        if interview is None or interview.reading_back or not name:
            return
        mark = interview.unknown if missing == "unknown" else interview.refused
        if mark(name):
            self._changed(name)
            self._show_answers()

    def repeat(self) -> None:
        """As the member before: for the field that has the keyboard."""
        interview = self.interview
        name = self.board.questions.focused()
        if interview is None or interview.reading_back or not name:
            return
        if interview.repeat(name):
            self._changed(name)
            self._show_answers()

    def read_document(self) -> None:
        """Fill in what the machine readable lines of the member's document say."""
        interview = self.interview
        if interview is None or self.held or not self._reads_documents():
            return
        asked = {one.field.name for step in interview.steps for one in step.fields}
        dialog = MrzDialog(
            self.board,
            self._asking,
            today=self._desk.today,
            current={name: interview.raw(name) for name in asked},
            asked=[name for name in FIELDS if name in asked],
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.taken.connect(self._take_lines)
        dialog.open()

    def _reads_documents(self) -> bool:
        interview = self.interview
        member = interview is not None and interview.subject != HOUSEHOLD
        return member and interview is not None and not interview.reading_back

    def _take_lines(self, answers: Mapping[str, Any]) -> None:
        """What a document said, as if it had been typed."""
        interview = self.interview
        if interview is not None and self._reads_documents():
            for name, raw in answers.items():
                interview.answer(name, raw)
            self._changed()
            self._show_answers()

    def _confirm(self, problem: Problem, reason: str) -> None:
        if self.interview is not None:
            self.interview.confirm(problem, reason)
            self._changed()
            self.board.last.focus_first_open()
            if not self.interview.open_warnings():
                self.all_confirmed.emit()

    # moves ---------------------------------------------------------------------------------

    def _move(self, move: Callable[[Interview], object], *, backwards: bool = False) -> None:
        """Go somewhere, keeping what was typed and showing what was left behind."""
        interview, questions = self.interview, self.board.questions
        if interview is None or self.held:
            return
        focused = questions.focused()
        questions.settle()
        before = (*interview.place, interview.draft)
        move(interview)
        if before == (*interview.place, interview.draft):
            if not interview.reading_back:
                questions.focus(focused)
            return
        if self.saver is not None:
            self.saver.save()
        self._refresh(fresh=True, at_end=backwards)
        self.looking.moved()
        self.moved.emit()

    def forward(self) -> None:
        self._move(Interview.forward)

    def backward(self) -> None:
        self._move(Interview.back, backwards=True)

    def _jump(self, subject: str) -> None:
        self._move(lambda interview: interview.jump(subject))

    def jump_key(self, number: int) -> None:
        """What a function key does."""
        self._move(lambda interview: interview.go_to_key(number))

    def _to_step(self, step: int) -> None:
        self._move(lambda interview: interview.jump(interview.subject, step))

    def set_quick(self, quick: bool) -> None:
        """Ask only what is needed at once, or everything."""
        if self.interview is not None and not self.held:
            self.interview.set_quick(quick)
            self._refresh(fresh=True)
            self.looking.check()

    def put_off(self, reason: str) -> None:
        """Give this reason for what is asked later, before the family is registered."""
        if (interview := self.interview) is not None:
            for problem in interview.put_off():
                interview.confirm(problem, reason)

    def add_member(self) -> None:
        self._move(Interview.add_member)

    def save_member(self) -> None:
        self._move(Interview.save_member)

    def read_back(self) -> None:
        self._move(Interview.read_back)

    def go_to(self, target: Target) -> None:
        """To a field, wherever it is."""
        self._move(lambda interview: interview.go_to(target))
        self.board.questions.focus(target.field)

    def take_out(self) -> None:
        """Take the member in front out of the family; it can be put back."""
        interview = self.interview
        if interview is None or interview.reading_back:
            return  # there nobody is in front
        name = self._name(interview.subject)
        subject = interview.subject
        self._move(lambda one: one.take_out(subject))
        if subject not in interview.subjects:
            self.taken_out.emit(name)

    def put_back(self) -> None:
        """Undo the last taking out."""
        self._move(Interview.put_back)

    # showing -------------------------------------------------------------------------------

    def _refresh(self, *, fresh: bool, at_end: bool = False) -> None:
        """Show the model. The fields are left alone unless the place is a ``fresh`` one."""
        interview, board = self.interview, self.board
        if interview is None:
            return
        board.family.show_family(
            shown.family_lines(interview, self._asking, self._desk.today()),
            current=None if interview.reading_back else interview.subject,
        )
        head = self._name(interview.draft.members[0].key)
        self.titled.emit(tr("Family of {name}", name=head) if head else tr("New family"))
        if fresh:
            board.show_mode(reading_back=interview.reading_back)
        if interview.reading_back:
            self._show_last(focus=fresh)
            return
        title, detail = shown.heading(interview, self._asking)
        board.show_heading(title, detail, removable=interview.may_take_out(interview.subject))
        board.show_pace(quick=interview.quick)
        told = any(one.field.name in FIELDS for one in interview.step.fields)
        board.document.setVisible(self._reads_documents() and told)
        board.steps.show_tabs(shown.tabs(interview))
        if fresh:
            self._show_step(at_end=at_end)

    def _show_step(self, *, at_end: bool) -> None:
        interview, board = self.interview, self.board
        if interview is None:
            return
        board.show_hints(unknown=False, refused=False, repeat=False)
        board.questions.show_step(
            interview.step,
            of_member=interview.subject != HOUSEHOLD,
            number=interview.step_number + (QUICK if interview.quick else 0),
            answers=self._answers(),
            asked=[one.field.name for one in interview.asked],
            calendar=interview.calendar,
            at_end=at_end,
            ahead=interview.steps[interview.step_number + 1 :],
        )
        self._entered(board.questions.focused())
        self._show_problems()
        self.photos.show_stored(board.questions.fields())

    def _show_asked(self) -> None:
        """Fields come and go with the answers of others."""
        if self.interview is not None and not self.interview.reading_back:
            asked = {one.field.name for one in self.interview.asked}
            for name, field in self.board.questions.fields().items():
                if field.isHidden() == (name in asked):
                    field.setVisible(name in asked)

    def _show_answers(self) -> None:
        self.board.questions.show_answers(self._answers())

    def _answers(self) -> dict[str, Any]:
        if self.interview is None:
            return {}
        return {
            one.field.name: self.interview.raw(one.field.name) for one in self.interview.step.fields
        }

    def _name(self, subject: str) -> str:
        if self.interview is None or subject == HOUSEHOLD:
            return tr("The household")
        return shown_name(self.interview.draft.member(subject).values)

    def _show_last(self, *, focus: bool) -> None:
        interview, board = self.interview, self.board
        if interview is None:
            return
        board.show_heading(tr("Read this to the family"), "", removable=False)
        board.document.hide()
        board.show_hints(unknown=False, refused=False, repeat=False)
        self._feed.set_why("")
        board.last.show_family(
            read_back(interview, self._asking, self._desk.today()),
            shown.error_items(interview, self._sentences),
            shown.doubts(interview, self._sentences),
        )
        # What came back has its source already.
        board.show_sheet(interview.draft.sheet, asked=not self._feed.returned())
        board.register.setEnabled(not self.held)
        self._show_problems()
        if focus:
            board.last.setFocus()

    # what is found -------------------------------------------------------------------------

    def _judged(self, _draft: Draft, found: Sequence[tuple[Problem, str]]) -> None:
        if self.interview is not None:
            self._sentences = dict(found)
            self.interview.judged(problem for problem, _ in found)
            self._refresh(fresh=False)
            self._show_problems()

    def _show_problems(self) -> None:
        interview = self.interview
        if interview is None:
            return
        had = self._feed.has_something
        if interview.reading_back:
            self._feed.set_problems(())  # the last page lists them itself
        else:
            self._feed.set_problems(shown.problem_items(interview, self._sentences))
            self.board.questions.show_problems(
                {
                    name: [
                        (problem.severity, self._sentences.get(problem, ""), problem.field)
                        for problem in interview.shown_at(name)
                    ]
                    for name in self.board.questions.fields()
                }
            )
        self._tell_side(had)

    def _found(self, found: Sequence[Earlier]) -> None:
        had = self._feed.has_something
        self._feed.set_earlier(found)
        self._tell_side(had)

    def _tell_side(self, had: bool) -> None:
        if had != self._feed.has_something:
            self.side_changed.emit()
