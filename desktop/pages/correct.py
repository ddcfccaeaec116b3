"""Correcting a record: its pages as they stand, what changes side by side, and why.

What may be changed freely is changed at once; the rest is proposed to a second person. What is
typed is kept until it is signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.desk import Changes, Desk
from desktop.events import correction, left_off
from desktop.events.board import Board
from desktop.events.corrected import Done
from desktop.events.correction import Moved, Opened, UnreadableDraftError
from desktop.events.filling import Filling
from desktop.events.keeping import Keeping
from desktop.events.locks import mark_locks
from desktop.events.people import Acquaintances
from desktop.events.reasons import Reasons
from desktop.events.summary import Summary
from desktop.events.telling import Telling
from desktop.interview.feed import Feed
from desktop.interview.reach import ORIGIN, Reach
from desktop.page import FREE, Key, Page
from desktop.widgets.layout import Plain
from desktop.words import isolate, tr
from forms.draft import Confirmation

if TYPE_CHECKING:
    from workspace.correcting import Changed
    from workspace.differing import Difference

_LOOKS: Final = "compare"


class CorrectPage(Page):
    """One record at a time, from its pages to the signature."""

    key = "correct"
    layout_width = FREE
    once = frozenset({"person", "household", "field", "then"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.telling: Telling | None = None
        self.keeping: Keeping | None = None
        self.opened: Opened | None = None
        self.then: list[Any] = []
        self._differences: tuple[Difference, ...] = ()
        self._compared_at = -1
        self._field = ""  # the question that one came for
        self._meant = ""  # why the change is meant although the record moved on
        self.feed = Feed()
        self.feed.setParent(self)
        self.feed.hide()
        self.summary = Summary(
            title=tr("What changes"),
            nothing=tr("Nothing yet: every answer is as it stands."),
            spoken=tr("What is wrong or odd in the changes"),
        )
        self.reasons = Reasons()
        self.reasons.enter.past_end.connect(self._submit)
        self.summary.under_last(self.reasons)
        self.done = Done()
        self.done.back_wanted.connect(self._back_to_record)
        self.done.next_wanted.connect(self._next)
        self.stack = QStackedWidget()
        self.stack.addWidget(Plain())  # until the record is there
        self.stack.addWidget(self.done)
        self.body.addWidget(self.stack)

    @property
    def filling(self) -> Filling | None:
        """The record that is being changed."""
        return self.telling.filling if self.telling is not None else None

    @property
    def _busy(self) -> bool:
        return self.telling is not None and self.telling.held

    # coming and going ----------------------------------------------------------------------

    def on_shown(
        self,
        person: Any = None,
        household: Any = None,
        field: str = "",
        then: Sequence[tuple[Any, str]] = (),
        **_more: Any,
    ) -> None:
        """``person`` opens a person's record, ``household`` that member's household's own answers,
        at ``field``; ``then`` are those to go on with, each with a field. Without: as it was."""
        if self._busy or (person is None and household is None):
            self._show_again()
            return
        self.then, self._field = list(then), field
        kind = correction.PERSON if person is not None else correction.HOUSEHOLD
        self._open(kind, person if person is not None else household)

    def on_hidden(self) -> None:
        self._save()

    def before_lock(self) -> None:
        self._save()

    def _save(self) -> None:
        if self.telling is not None and self.telling.saver is not None:
            self.telling.saver.save()

    def _show_again(self) -> None:
        """Where one was, or the record anew if it was put away."""
        opened = self.opened
        if opened is None or self.filling or self.stack.currentWidget() is self.done:
            self._show_board()
        else:
            self._open(opened.kind, opened.where)

    def _open(self, kind: str, where: Any) -> None:
        now = self.opened
        saver = self.telling.saver if self.telling is not None else None
        same = now is not None and (now.kind, now.where) == (kind, where)
        if same and saver is not None and (saver.known or saver.pending):
            self._show_board()  # where one was in it is not lost by looking elsewhere
            return
        self._save()
        self.desk.read(
            partial(
                correction.opened,
                kind=kind,
                where=where,
                language=self.desk.language,
                first=self.telling is None,
            ),
            done=self._begin,
            failed=partial(self._cannot_open, kind, where),
            parent=self,
            latest="open",
        )

    def _cannot_open(self, kind: str, where: Any, error: Exception) -> None:
        self.stack.setCurrentIndex(0)
        if isinstance(error, UnreadableDraftError):
            discard = partial(self._discard_unread, kind, where, error)
            self.say("danger", tr(error.sentence), action=(tr("Discard what was typed…"), discard))
        else:
            self.say_failure(error)

    def _discard_unread(self, kind: str, where: Any, unread: UnreadableDraftError) -> None:
        if left_off.agreed(self, tr("What was typed before")):
            anew = partial(self._open, kind, where)
            left_off.discard(self, unread.kind, unread.subject, done=anew)

    def _show_board(self) -> None:
        if self.telling is not None and self.filling is not None:
            self.stack.setCurrentWidget(self.telling.board)
            self.telling.show_again()
            self._to_question()
        self.side_changed.emit()

    def _to_question(self) -> None:
        """To the question that one came for, once."""
        field, self._field = self._field, ""
        if field:
            self._do(lambda telling: telling.go_to(field))

    def side(self) -> QWidget | None:
        shown = self.filling is not None and not self.filling.reading_back
        return self.feed if shown and self.feed.has_something else None

    def keys(self) -> list[Key]:
        return [
            Key("Return", tr("Next field, then next page")),
            Key("Shift+Return", tr("Previous field, then previous page")),
            Key("Ctrl+Return", tr("What changes; on that page: sign"), self._go_on),
            Key("Ctrl+PgDown", tr("Next page"), partial(self._do, Telling.forward)),
            Key("Ctrl+PgUp", tr("Previous page"), partial(self._do, Telling.backward)),
            Key("Ctrl+R", tr("What changes"), partial(self._do, Telling.read_back)),
            Key("Alt+U", tr("The answer is unknown; again: another reason why there is none")),
            Key("Alt+W", tr("The person would not say"), partial(self._mark, "refused")),
            Key("Alt+A", tr("The question does not apply"), partial(self._mark, "not_applicable")),
            Key("Ctrl+Shift+D", tr("Discard what was typed"), self._discard),
        ]

    def _do(self, what: Any) -> None:
        if self.telling is not None and self.filling is not None:
            what(self.telling)

    def _mark(self, missing: str) -> None:
        self._do(lambda telling: telling.mark(missing))

    def _go_on(self) -> None:
        if self.stack.currentWidget() is self.done:
            (self._next if self.then else self._back_to_record)()
        elif self.filling is not None and self.filling.reading_back:
            self._submit()
        else:
            self._do(Telling.read_back)

    # a record ------------------------------------------------------------------------------

    def _begin(self, opened: Opened) -> None:
        """The record as it stands, with what was typed over it before on top."""
        if self.telling is None:
            self._make_board(opened)
        telling, keeping = self.telling, self.keeping
        if telling is None or keeping is None:
            return
        saver = telling.saver
        if saver is not None and saver.failing and saver.identity != opened.draft_id:
            return  # it says so, and what was typed there is nowhere else
        telling.end()  # what was typed into another record goes to its saver first
        self.hush()
        self.set_note("")
        self.opened = opened
        self._compared_at, self._meant = -1, ""
        self._differences = ()
        draft = opened.draft
        typed, aside = correction.on_top(opened.at, draft.answers if draft else {})
        filling = Filling(
            opened.at.form,
            typed,
            today=self.desk.today(),
            only=correction.correctable(opened.at),
            confirmed=correction.confirmed(opened),
        )
        self.reasons.begin(
            opened.asking.options(correction.BASES),
            reason=draft.reason if draft else "",
            basis=draft.basis if draft else "",
        )
        self.summary.changes.show_changes(())
        self.set_title(tr("Correct: {name}", name=isolate(opened.name)))
        self.stack.setCurrentWidget(telling.board)
        telling.begin(
            filling,
            judge=correction.judge(opened.at, opened.asking),
            title=isolate(opened.name),
            detail=isolate(opened.detail),
            saver=keeping.begin(opened, filling, aside),
        )
        self._tell_how_it_stands(opened)
        self._to_question()
        self.side_changed.emit()

    def _tell_how_it_stands(self, opened: Opened) -> None:
        """What was typed before, what moved under it, and what cannot be changed now."""
        said = []
        if opened.draft is not None:
            said.append(tr("This was typed before and is not signed yet."))
        if opened.moved:
            said.append(
                tr(
                    "Since then somebody changed: {answers}. What you typed stands on top of it; "
                    "look at it again, then sign.",
                    answers=", ".join(opened.moved),
                )
            )
        if opened.at.in_conflict:
            said.append(
                tr(
                    "What is in conflict cannot be changed here: a supervisor or a registrar "
                    "settles it first, on the person's page."
                )
            )
        if said:
            self.say(
                "warning" if opened.moved or opened.at.in_conflict else "info",
                " ".join(said),
                action=(tr("Discard what was typed…"), self._discard) if opened.draft else None,
            )

    def _make_board(self, opened: Opened) -> None:
        people = Acquaintances(self.desk, self)
        asking = opened.asking.reaching(Reach(places=opened.places, people=people, codes=ORIGIN))
        board = Board(asking, self.desk.today, last=self.summary, sign=tr("Sign the changes"))
        telling = Telling(
            self.desk,
            asking,
            self.feed,
            board,
            last=self.summary.last,
            people=people,
            reads_back=False,
        )
        telling.side_changed.connect(self.side_changed)
        telling.moved.connect(self.hush)
        telling.all_confirmed.connect(self.hush)
        telling.read_back_shown.connect(self._compare)
        telling.step_shown.connect(self._mark_locks)
        telling.sign_wanted.connect(self._submit)
        telling.past_start.connect(self.back)
        self.telling = telling
        self.keeping = Keeping(self, telling, self.reasons)
        self.keeping.gone.connect(self._put_away)
        self.keeping.discarded.connect(self._begin_anew)
        self.stack.addWidget(board)

    def _discard(self) -> None:
        if self.keeping is not None:
            self.keeping.discard()

    def _begin_anew(self, opened: Opened) -> None:
        self._put_away()
        self._open(opened.kind, opened.where)

    def _put_away(self) -> None:
        if self.telling is not None:
            self.telling.end()
        self.stack.setCurrentIndex(0)

    def _mark_locks(self) -> None:
        if self.telling is not None and self.opened is not None:
            mark_locks(
                self.telling.board.questions.fields(),
                approved=correction.approved(self.opened.at),
            )

    def _compare(self) -> None:
        """What would change, whenever the last page is in front."""
        filling, opened = self.filling, self.opened
        if filling is None or opened is None or self._compared_at == filling.revision:
            return
        self._compared_at = filling.revision
        self.desk.read(
            partial(
                correction.compare,
                at=opened.at,
                typed=filling.typed,
                language=self.desk.language,
            ),
            done=lambda found: self._compared(filling, found),
            parent=self,
            latest=_LOOKS,
        )

    def _compared(self, filling: Filling, found: tuple[Difference, ...]) -> None:
        if self.filling is not filling or self.opened is None:
            return
        self._differences = found
        approval = any(one.approval for one in found)
        self.summary.changes.show_changes(
            correction.touched(isolate(self.opened.name), self.opened.detail, found)
        )
        self.summary.say(
            "info",
            tr(
                "What needs approval is proposed to a supervisor. Until then the record stays as "
                "it is."
            )
            if approval
            else "",
        )
        self.reasons.show_asked(changes=bool(found), approval=approval)
        if found and filling.reading_back and not filling.open_warnings():
            self.reasons.reason.focus_editor()

    # signing -------------------------------------------------------------------------------

    def _submit(self) -> None:
        telling, filling, opened = self.telling, self.filling, self.opened
        if telling is None or filling is None or opened is None or self._busy:
            return
        if not filling.reading_back or self._compared_at != filling.revision:
            return
        if filling.errors():
            telling.go_to(filling.target(filling.errors()[0]))
            self.say("danger", tr("Mend what is marked first."))
            return
        if filling.open_warnings():
            self.say("warning", tr("Say why what is marked is right as it is, or mend it."))
            self.summary.last.focus_first_open()
            return
        if not self._differences:
            self.say("info", tr("Nothing was changed. Change an answer first, or go back."))
            return
        if not self.reasons.said:
            self.reasons.ask_again()
            return
        saver = telling.saver
        if saver is None:
            return
        confirmed = list(filling.confirmed)
        if self._meant:
            confirmed.append(Confirmation(correction.MEANWHILE, "", "", self._meant))
        self.hush()
        saver.save()
        saver.stop()
        telling.held = True
        telling.board.sign.setEnabled(False)
        self.desk.act(
            partial(
                correction.submit,
                opened=opened,
                typed=filling.typed,
                reason=self.reasons.said,
                basis=self.reasons.rests_on,
                confirmed=confirmed,
            ),
            done=self._submitted,
            failed=self._refused,
            changes=lambda made: self._changes(opened, made),
            parent=self,
        )

    @staticmethod
    def _changes(opened: Opened, made: Changed) -> Changes:
        person = opened.kind == correction.PERSON
        subject = UUID(int=opened.at.subject.int)
        return Changes(
            persons=frozenset({subject} if person else ()),
            households=frozenset(() if person else {subject}),
            people=not person,
            queue=made.proposed is not None,
            drafts=True,
            sending=True,
        )

    def _submitted(self, made: Changed) -> None:
        telling, opened = self.telling, self.opened
        if telling is None or opened is None:
            return
        at_once = [one.label for one in self._differences if not one.approval]
        waits = [one.label for one in self._differences if one.approval]
        telling.end()
        self.set_note("")
        self.set_title(tr("Corrected"))
        self.done.show_done(
            isolate(opened.name),
            at_once=at_once if made.amended else [],
            waits=waits if made.proposed is not None else [],
            then=len(self.then),
        )
        self.stack.setCurrentWidget(self.done)
        self.done.focus_first()
        self.side_changed.emit()

    def _refused(self, error: Exception) -> None:
        telling, opened = self.telling, self.opened
        if telling is None or opened is None:
            return
        telling.held = False
        telling.board.sign.setEnabled(True)
        if telling.saver is not None:
            telling.saver.resume()
        filling, keeping = self.filling, self.keeping
        if getattr(error, "code", "") == correction.MEANWHILE and filling and keeping:
            self.desk.read(
                partial(
                    correction.meanwhile,
                    opened_at=opened,
                    draft=keeping.typed(opened, filling),
                    language=self.desk.language,
                ),
                done=self._moved_on,
                parent=self,
                latest="meanwhile",
            )
            return
        self.say_failure(error)

    def _moved_on(self, moved: Moved) -> None:
        """Somebody else changed the record: take that up, with one's own changes on top."""
        self._begin(moved.opened)
        if self.filling is not None and self.keeping is not None:
            self.filling.revision += 1  # it stands on another record now, and is kept so
            self.keeping.touched()
        self._do(Telling.read_back)
        said = "; ".join(
            f"{one.label}: {one.before or '–'} → {one.after or '–'}" for one in moved.differences
        )
        self.say(
            "warning",
            tr(
                "Somebody changed this record meanwhile: {changes}. Your changes stand on top of "
                "it; look at them again, then sign.",
                changes=said,
            )
            if said
            else tr("Somebody changed this record meanwhile. Look at your changes again."),
        )

    # afterwards ----------------------------------------------------------------------------

    def _back_to_record(self) -> None:
        if self.opened is not None:
            self.go("person", person=self.opened.where)

    def _next(self) -> None:
        if self.then:
            self.opened = None
            (person, field), *rest = self.then
            self.go("correct", person=person, field=field, then=rest)
        else:
            self._back_to_record()
