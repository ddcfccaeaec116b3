"""The household interview: the page that ties its parts together.

It keeps every key, asks the forms what is wrong and the store who may be here already, and
shows both without ever taking the keyboard from the field somebody types in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.interview import photos, shown
from desktop.interview.asking import Asking, prepare
from desktop.interview.board import Board
from desktop.interview.done import Done
from desktop.interview.feed import Earlier, Feed
from desktop.interview.model import HOUSEHOLD, Interview, Target, is_empty, shown_name
from desktop.interview.photo_field import SUFFIXES, PhotoField
from desktop.interview.read_back import read_back
from desktop.interview.saver import Saver
from desktop.interview.start import Start
from desktop.page import FREE, Key, Page
from desktop.pages.ages import age_words
from desktop.words import ntr, tr
from forms.check import check
from forms.definition import Field
from forms.draft import Draft, MemberDraft
from forms.problems import Problem
from values.identifiers import uuid7

if TYPE_CHECKING:
    from station.drafts import DraftRow
    from station.enter import Registered
    from workspace.search import Hit

CHECK_PAUSE: Final = 200  # ms after a key until the forms look
LOOK_PAUSE: Final = 400  # ms after a key until the store is asked who may be here already
_MATCHED_ON: Final = frozenset({"name", "name_latin", "sex", "birth"})


class InterviewPage(Page):
    """One family after the other."""

    key = "interview"
    layout_width = FREE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.asking: Asking | None = None
        self.interview: Interview | None = None
        self.saver: Saver | None = None
        self.board: Board | None = None
        self._wanted: dict[str, Any] = {}
        self._sentences: dict[Problem, str] = {}
        self._registering = False
        self.feed = Feed()
        self.feed.setParent(self)
        self.feed.hide()
        self.feed.problem_chosen.connect(self._go_to)
        self.feed.earlier_chosen.connect(self._look_at)
        self.start = Start()
        self.start.new_wanted.connect(self._begin)
        self.start.continued.connect(self._continue)
        self.start.discard_wanted.connect(self._discard)
        self.done = Done()
        self.done.next_wanted.connect(self._begin)
        self.done.print_wanted.connect(self._print)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.start)
        self.stack.addWidget(self.done)
        self.body.addWidget(self.stack)
        self._check_soon = self._timer(CHECK_PAUSE, self._check)
        self._look_soon = self._timer(LOOK_PAUSE, self._look_for_earlier)

    def _timer(self, pause: int, run: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(pause)
        timer.timeout.connect(run)
        return timer

    # coming and going ----------------------------------------------------------------

    def on_shown(self, **arguments: Any) -> None:
        """``new=True`` begins a family, ``draft=id`` goes on with one."""
        self._wanted = arguments
        if self.asking is None or self.asking.language != self.desk.language:
            language = self.desk.language
            self.desk.read(
                lambda work: (
                    prepare(work.session.catalogue, language),
                    offices.drafts.list_drafts(work.session),
                ),
                done=lambda found: self._prepared(*found),
                parent=self,
                latest="prepare",
            )
            return
        self._arrive()

    def on_hidden(self) -> None:
        if self.saver is not None:
            self.saver.save()

    def before_lock(self) -> None:
        if self.saver is not None:
            self.saver.save()

    def _prepared(self, asking: Asking, drafts: Sequence[DraftRow]) -> None:
        self.asking = asking
        self.board = Board(asking, self.desk.today)
        self._connect(self.board)
        self.stack.addWidget(self.board)
        self._arrive(drafts)

    def _arrive(self, drafts: Sequence[DraftRow] | None = None) -> None:
        """Where the officer wants to be: a new family, a draft, or where she was."""
        wanted, self._wanted = self._wanted, {}
        if wanted.get("new"):
            self._begin()
        elif wanted.get("draft"):
            self._continue(str(wanted["draft"]))
        elif self.interview is not None and self.board is not None:
            self._show_board()
            self._refresh(fresh=True)
        elif drafts is not None:
            self._show_start(drafts)
        else:
            self._list_drafts()

    def _list_drafts(self) -> None:
        self.desk.read(
            lambda work: offices.drafts.list_drafts(work.session),
            done=self._show_start,
            parent=self,
            latest="drafts",
        )

    def _show_start(self, drafts: Sequence[DraftRow]) -> None:
        if not drafts:
            self._begin()
            return
        self._leave_interview()
        self.start.show_drafts(drafts)
        self.stack.setCurrentWidget(self.start)
        self.start.new.setFocus()

    def _leave_interview(self) -> None:
        if self.saver is not None:
            self.saver.save()
        self.interview = self.saver = None
        self._sentences = {}
        self.set_note("")
        self.set_title(tr("Register"))
        self.side_changed.emit()

    # a family ------------------------------------------------------------------------

    def _begin(self) -> None:
        """A new family."""
        if self.saver is not None:
            self.saver.save()
        identity = uuid7(self.desk.clock.now(), self.desk.session.env.entropy)
        self._sit_down(str(identity), None)

    def _continue(self, identity: str) -> None:
        """A family that was left off."""
        if self.saver is not None and self.saver.identity == identity and self.interview:
            self._show_board()
            self._refresh(fresh=True)
            return
        self.desk.read(
            lambda work: offices.drafts.load(work.session, identity),
            done=lambda draft: self._sit_down(identity, draft),
            failed=self._no_draft,
            parent=self,
            latest="draft",
        )

    def _no_draft(self, error: Exception) -> None:
        self.say_failure(error)
        self._list_drafts()

    def _sit_down(self, identity: str, draft: Draft | None) -> None:
        if self.asking is None or self.board is None:
            return
        if self.saver is not None:
            self.saver.save()
            self.saver.deleteLater()
        self._registering = False
        self.hush()
        self.interview = interview = Interview(self.asking.catalogue, draft)
        self._sentences = {}
        self.saver = Saver(
            self.desk,
            identity,
            lambda: (interview.revision, interview.draft),
            self,
            known=draft is not None,
        )
        self.saver.saved.connect(self._saved)
        self.saver.failed.connect(self._not_saved)
        self.set_note("")
        self.feed.set_earlier(())
        self._show_board()
        self._refresh(fresh=True)
        self._check()
        self._look_for_earlier()

    def _discard(self, row: DraftRow) -> None:
        title = row.title or tr("No name yet")
        reason = self.desk.dialogs.reason(
            self,
            tr("Discard this family?"),
            tr("{name}: what was typed goes for good. Nobody of it was registered.", name=title),
            tr("Discard"),
            choices=(tr("The family left"), tr("Typed twice"), tr("A trial")),
        )
        if reason is None:
            return
        self.desk.act(
            lambda work: offices.drafts.discard(work.session, row.id),
            done=lambda _none: self._list_drafts(),
            changes=Changes(drafts=True),
            parent=self,
        )

    # the board -----------------------------------------------------------------------

    def _connect(self, board: Board) -> None:
        questions = board.questions
        questions.edited.connect(self._edited)
        questions.left.connect(self._left)
        questions.entered.connect(self._entered)
        questions.past_end.connect(self._forward)
        questions.past_start.connect(self._backward)
        questions.photo_wanted.connect(self._choose_photo)
        questions.photo_dropped.connect(self._take_photo)
        board.family.chosen.connect(self._jump)
        board.family.add_wanted.connect(self._add_member)
        board.family.read_back_wanted.connect(self._read_back)
        board.steps.chosen.connect(self._to_step)
        board.unknown_wanted.connect(lambda: self._mark("unknown"))
        board.refused_wanted.connect(lambda: self._mark("refused"))
        board.repeat_wanted.connect(self._repeat)
        board.back_wanted.connect(self._backward)
        board.next_wanted.connect(self._forward)
        board.register_wanted.connect(self._register)
        board.take_out_wanted.connect(self._take_out)
        board.last.followed.connect(self._go_to)
        board.last.confirmed.connect(self._confirm)

    def _show_board(self) -> None:
        if self.board is not None:
            self.stack.setCurrentWidget(self.board)
        self.side_changed.emit()

    def side(self) -> QWidget | None:
        return self.feed if self.interview is not None and self.feed.has_something else None

    def keys(self) -> list[Key]:
        jumps = [
            Key(f"F{number}", "", lambda number=number: self._jump_key(number))
            for number in range(2, 10)
        ]
        jumps[0] = Key("F2", tr("The household; F3 to F9: the members"), jumps[0].run)
        return [
            Key("Return", tr("Next field, then next page")),
            Key("Shift+Return", tr("Previous field, then previous page")),
            Key("Ctrl+Return", tr("Save the member and go on; on the last page: register"), self._save),
            Key("Ctrl+PgDown", tr("Next page"), self._forward),
            Key("Ctrl+PgUp", tr("Previous page"), self._backward),
            *jumps,
            Key("F10", tr("Add a member"), self._add_member),
            Key("Ctrl+R", tr("Read the family back"), self._read_back),
            Key("Alt+U", tr("The answer is unknown")),
            Key("Alt+W", tr("The person would not say"), lambda: self._mark("refused")),
            Key("Ctrl+D", tr("As the member before"), self._repeat),
        ]

    def event(self, event: Any) -> bool:
        """F6 is a member here. The frame's F6 would make the key ambiguous, so take it first."""
        if event.type() == event.Type.ShortcutOverride and shown.is_f6(event) and self.interview:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        if shown.is_f6(event) and self.interview:
            self._jump_key(6)
            return
        super().keyPressEvent(event)

    # answers -------------------------------------------------------------------------

    def _edited(self, name: str, raw: Any) -> None:
        if self.interview is None or not self.interview.answer(name, raw):
            return
        self._changed(name)

    def _changed(self, name: str = "") -> None:
        """Something was typed: keep it, and look at it soon."""
        if self.saver is not None:
            self.saver.touched()
        self._check_soon.start()
        if not name or name in _MATCHED_ON:
            self._look_soon.start()
        self._refresh(fresh=False, but=name)

    def _left(self, name: str) -> None:
        interview = self.interview
        if interview is None or interview.reading_back:
            return
        if not any(one.field.name == name for one in interview.step.fields):
            return  # the page moved on before Qt said that its field was left
        if interview.leave(name):
            self._changed(name)
            self._show_answers()
        if self.saver is not None:
            self.saver.save()
        self._show_problems()
        self._check()

    def _entered(self, name: str) -> None:
        field = self._field(name)
        if field is None or self.interview is None or self.board is None:
            return
        had = self.feed.has_something
        self.feed.set_why(tr(field.why))
        if had != self.feed.has_something:
            self.side_changed.emit()
        self.board.show_hints(
            unknown=field.unknown,
            refused=field.refused,
            repeat=field.repeat and not is_empty(self.interview.previous_raw(name)),
        )

    def _field(self, name: str) -> Field | None:
        if self.interview is None:
            return None
        asked = (one.field for one in self.interview.step.fields if one.field.name == name)
        return next(asked, None)

    def _mark(self, missing: str) -> None:
        """Unknown, or would not say: for the field that has the keyboard."""
        if self.interview is None or self.board is None or self.interview.reading_back:
            return
        name = self.board.questions.focused()
        if not name:
            return
        mark = self.interview.unknown if missing == "unknown" else self.interview.refused
        if mark(name):
            self._changed(name)
            self._show_answers()

    def _repeat(self) -> None:
        if self.interview is None or self.board is None or self.interview.reading_back:
            return
        name = self.board.questions.focused()
        if name and self.interview.repeat(name):
            self._changed(name)
            self._show_answers()

    # moves ---------------------------------------------------------------------------

    def _move(self, move: Any) -> None:
        """Go somewhere, keeping what was typed and showing what was left behind."""
        interview, board = self.interview, self.board
        if interview is None or board is None or self._registering:
            return
        focused = board.questions.focused()
        board.questions.settle()
        before = (interview.subject, interview.step_number, interview.reading_back, interview.draft)
        move(interview)
        if before == (
            interview.subject, interview.step_number, interview.reading_back, interview.draft
        ):  # fmt: skip
            board.questions.focus(focused)
            return
        if self.saver is not None:
            self.saver.save()
        self._refresh(fresh=True)
        self._check()
        self._look_soon.start()

    def _forward(self) -> None:
        self._move(Interview.forward)

    def _backward(self) -> None:
        self._move(Interview.back)

    def _jump(self, subject: str) -> None:
        self._move(lambda interview: interview.jump(subject))

    def _jump_key(self, number: int) -> None:
        self._move(lambda interview: interview.go_to_key(number))

    def _to_step(self, step: int) -> None:
        self._move(lambda interview: interview.jump(interview.subject, step))

    def _add_member(self) -> None:
        self._move(Interview.add_member)

    def _read_back(self) -> None:
        self._move(Interview.read_back)

    def _save(self) -> None:
        """Ctrl+Enter: on with the next member; at the end, register."""
        if self.stack.currentWidget() is self.done:
            self._begin()
        elif self.interview is not None and self.interview.reading_back:
            self._register()
        else:
            self._move(Interview.save_member)

    def _go_to(self, target: Target) -> None:
        self._move(lambda interview: interview.go_to(target))
        if self.board is not None:
            self.board.questions.focus(target.field)

    def _take_out(self) -> None:
        interview = self.interview
        if interview is None:
            return
        name = self._name(interview.subject)
        if not interview.take_out(interview.subject):
            return
        self._move(lambda one: None)
        self.say(
            "info",
            tr("{name} is not in the family any more.", name=name),
            action=(tr("Put back"), self._put_back),
        )

    def _put_back(self) -> None:
        self.hush()
        self._move(Interview.put_back)

    def _look_at(self, person: Any) -> None:
        self.go("person", person=person)

    # showing -------------------------------------------------------------------------

    def _refresh(self, *, fresh: bool, but: str = "") -> None:
        """Show the model. ``but`` is the field being typed in: its editor is left alone."""
        interview, board, asking = self.interview, self.board, self.asking
        if interview is None or board is None or asking is None:
            return
        today = self.desk.today()
        board.family.show_family(
            shown.family_lines(interview, asking, today),
            current=None if interview.reading_back else interview.subject,
        )
        head = self._name("m1") if "m1" in interview.subjects else ""
        self.set_title(tr("Family of {name}", name=head) if head else tr("New family"))
        if fresh:
            board.show_mode(reading_back=interview.reading_back)
        if interview.reading_back:
            self._show_last(focus=fresh)
            return
        title, detail = shown.heading(interview, asking)
        board.name.setText(title)
        board.detail.setText(detail)
        board.take_out.setVisible(interview.may_take_out(interview.subject))
        board.steps.show_tabs(shown.tabs(interview))
        if fresh:
            self._show_step()
        elif but:
            self._show_asked()

    def _show_step(self) -> None:
        interview, board = self.interview, self.board
        if interview is None or board is None:
            return
        board.show_hints(unknown=False, refused=False, repeat=False)
        board.questions.show_step(
            interview.step,
            of_member=interview.subject != HOUSEHOLD,
            number=interview.step_number,
            answers=self._answers(),
            asked=[one.field.name for one in interview.asked],
            calendar=interview.calendar,
        )
        self._entered(board.questions.focused())
        self._show_problems()
        self._show_photo()

    def _show_asked(self) -> None:
        """Fields come and go with the answers of others."""
        if self.interview is None or self.board is None:
            return
        asked = {one.field.name for one in self.interview.asked}
        for name, field in self.board.questions.fields().items():
            if field.isHidden() == (name in asked):
                field.setVisible(name in asked)

    def _show_answers(self) -> None:
        if self.board is not None:
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

    # what is wrong -------------------------------------------------------------------

    def _check(self) -> None:
        """Let the forms look at the draft, away from the keyboard."""
        interview, asking = self.interview, self.asking
        if interview is None or asking is None:
            return
        self._check_soon.stop()
        draft, today = interview.draft, self.desk.today()

        def look() -> list[tuple[Problem, str]]:
            found = check(draft, today, catalogue=asking.catalogue)
            return [(problem, asking.say(problem)) for problem in found]

        self.desk.pure(
            look, done=lambda found: self._judged(draft, found), parent=self, latest="check"
        )

    def _judged(self, draft: Draft, found: Sequence[tuple[Problem, str]]) -> None:
        interview = self.interview
        if interview is None or interview.draft is not draft:
            return  # typed on since; the next look is on its way
        self._sentences = dict(found)
        interview.judged(problem for problem, _ in found)
        self._refresh(fresh=False)
        self._show_problems()

    def _show_problems(self) -> None:
        interview, board = self.interview, self.board
        if interview is None or board is None:
            return
        had = self.feed.has_something
        if interview.reading_back:
            self.feed.set_problems(())  # the last page lists them itself
        else:
            self.feed.set_problems(shown.problem_items(interview, self._sentences))
            board.questions.show_problems(
                {
                    name: [
                        (problem.severity, self._sentences.get(problem, ""))
                        for problem in interview.shown_at(name)
                    ]
                    for name in board.questions.fields()
                }
            )
        if had != self.feed.has_something:
            self.side_changed.emit()

    def _confirm(self, problem: Problem, reason: str) -> None:
        if self.interview is not None:
            self.interview.confirm(problem, reason)
            self._changed()
            self._show_problems()

    # who may be here already -----------------------------------------------------------

    def _look_for_earlier(self) -> None:
        interview = self.interview
        if interview is None or interview.subject == HOUSEHOLD or interview.reading_back:
            self._found(None, [])
            return
        self._look_soon.stop()
        member = interview.draft.member(interview.subject)
        if not shown_name(member.values):
            self._found(member, [])
            return
        today, language = self.desk.today(), self.desk.language

        def look(work: Work) -> list[Earlier]:
            hits = offices.possible.possible(work.session, member)
            return [_earlier(hit, age_words(hit.birth, today, language)) for hit in hits]

        self.desk.read(
            look,
            done=lambda found: self._found(member, found),
            failed=lambda _error: None,  # a hint that cannot be had is no reason to interrupt
            parent=self,
            latest="earlier",
        )

    def _found(self, member: MemberDraft | None, found: Sequence[Earlier]) -> None:
        interview = self.interview
        if interview is not None and member is not None and member.key != interview.subject:
            return
        had = self.feed.has_something
        self.feed.set_earlier(found)
        if had != self.feed.has_something:
            self.side_changed.emit()

    # photos --------------------------------------------------------------------------

    def _choose_photo(self, field: PhotoField) -> None:
        patterns = [f"*{suffix}" for suffix in SUFFIXES]
        path = self.desk.dialogs.open_file(
            self, tr("Choose a photo"), [(tr("Pictures"), patterns)]
        )
        if path is not None:
            self._take_photo(field, path)

    def _take_photo(self, field: PhotoField, path: Path) -> None:
        subject = self.interview.subject if self.interview is not None else HOUSEHOLD
        field.say(tr("Taking the photo in…"))
        self.desk.read(
            lambda work: photos.take(work, path),
            done=lambda taken: self._photo_taken(field, subject, *taken),
            failed=lambda error: field.say(words.failure(error)),
            parent=self,
        )

    def _photo_taken(
        self, field: PhotoField, subject: str, digest: str, image: QImage
    ) -> None:
        if self.interview is None or self.interview.subject != subject:
            return
        field.say(tr("Stored at its smallest useful size, without place or time."))
        field.take(digest, image)

    def _show_photo(self) -> None:
        """A photo taken in earlier is looked up, not kept in the draft."""
        if self.board is None or self.interview is None:
            return
        for field in self.board.questions.fields().values():
            if isinstance(field, PhotoField):
                field.show_picture(None)
                digest = field.value()
                if isinstance(digest, str) and digest:
                    self.desk.read(
                        lambda work, digest=digest: photos.look(work, digest),
                        done=lambda image, one=field, digest=digest: (
                            one.show_picture(image) if one.value() == digest else None
                        ),
                        parent=self,
                        latest="photo",
                    )

    # the last page -------------------------------------------------------------------

    def _show_last(self, *, focus: bool) -> None:
        interview, board, asking = self.interview, self.board, self.asking
        if interview is None or board is None or asking is None:
            return
        board.name.setText(tr("Read this to the family"))
        board.detail.setText("")
        board.take_out.hide()
        board.show_hints(unknown=False, refused=False, repeat=False)
        self.feed.set_why("")
        board.last.show_family(
            read_back(interview, asking, self.desk.today()),
            shown.error_items(interview, self._sentences),
            shown.doubts(interview, self._sentences),
        )
        board.register.setEnabled(not self._registering)
        self._show_problems()
        if focus:
            board.last.setFocus()

    def _register(self) -> None:
        interview, saver = self.interview, self.saver
        if interview is None or saver is None or self._registering:
            return
        if interview.errors():
            self._go_to(interview.target(interview.errors()[0]))
            count = len(interview.errors())
            self.say(
                "danger",
                ntr(
                    "{n} thing has to be mended before the family can be registered.",
                    "{n} things have to be mended before the family can be registered.",
                    count,
                ),
            )
            return
        if interview.open_warnings():
            self.say(
                "warning",
                tr("Mend what is marked, or say why it is right as it is; then register."),
            )
            if self.board is not None and self.board.last.first_open() is not None:
                self.board.last.focus_first_open()
            return
        saver.save()
        saver.stop()
        self._registering = True
        if self.board is not None:
            self.board.register.setEnabled(False)
        self.set_note(tr("Registering…"))
        identity, draft = saver.identity, interview.draft
        self.desk.act(
            lambda work: offices.register.register(work.session, identity, draft),
            done=self._registered,
            failed=self._not_registered,
            changes=lambda made: Changes(
                persons=frozenset(UUID(int=person.int) for person, _, _ in made.persons),
                people=True,
                queue=True,
                drafts=True,
                documents=True,
                sending=True,
            ),
            parent=self,
        )

    def _registered(self, made: Registered) -> None:
        self._registering = False
        self.hush()
        self.interview = self.saver = None
        self.set_note("")
        self.set_title(tr("Registered"))
        self.done.show_registered(made)
        self.stack.setCurrentWidget(self.done)
        self.side_changed.emit()
        self.done.print.setFocus()

    def _not_registered(self, error: Exception) -> None:
        self._registering = False
        if self.saver is not None:
            self.saver.resume()
        self.set_note("")
        self.say_failure(error)
        self._check()
        self._refresh(fresh=False)

    def _print(self, made: Registered) -> None:
        self.go("documents", persons=[person for person, _, _ in made.persons])

    # saving --------------------------------------------------------------------------

    def _saved(self, at: datetime) -> None:
        if not self._registering:
            self.set_note(tr("Saved {time}", time=words.clock_time(at)))

    def _not_saved(self, error: Exception) -> None:
        self.set_note(tr("Not saved"))
        self.say(
            "danger",
            tr(
                "What you typed is not saved yet. {reason} Waystation goes on trying.",
                reason=words.failure(error),
            ),
        )


def _earlier(hit: Hit, age: str) -> Earlier:
    """One possible earlier registration as the side panel shows it."""
    likeness = tr("The name is the same") if hit.score >= 0.995 else tr("The name is very like")
    latin = hit.name_latin if hit.name_latin != hit.name else ""
    parts = [latin, age, words.isolate(hit.household_number or hit.number)]
    return Earlier(hit.person, hit.name, " · ".join(part for part in parts if part), likeness)
