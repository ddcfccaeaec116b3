"""The household interview: one family after the other.

A family is begun or gone on with, sat through (``desktop.interview.sitting``), and registered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop import offices
from desktop.desk import Changes, Desk, Work
from desktop.interview import pace, shown
from desktop.interview.asking import Asking, prepare
from desktop.interview.board import TAKE_OUT_KEY, Board
from desktop.interview.done import Done
from desktop.interview.feed import Feed
from desktop.interview.kept import say_kept
from desktop.interview.model import Interview
from desktop.interview.people import DeskPeople
from desktop.interview.reach import ORIGIN, Reach
from desktop.interview.reaching import places
from desktop.interview.saver import Saver
from desktop.interview.sitting import Sitting
from desktop.interview.start import Start
from desktop.page import FREE, Key, Page
from desktop.words import ntr, tr
from forms.draft import Draft
from values.identifiers import uuid7

if TYPE_CHECKING:
    from desktop.widgets.place_field import FindPlaces
    from station.drafts import DraftRow
    from station.enter import Registered


RETURNED: Final = "returned"


class InterviewPage(Page):
    """Where officers spend the day."""

    key = "interview"
    layout_width = FREE
    once = frozenset({"new", "choose"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.asking: Asking | None = None
        self.sitting: Sitting | None = None
        self._wanted: dict[str, Any] = {}
        self._mending = False
        self._before: dict[str, Any] = {}  # the household's answers of the family before
        self.feed = Feed()
        self.feed.setParent(self)
        self.feed.hide()
        self.feed.earlier_chosen.connect(lambda person: self.go("person", person=person))
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

    @property
    def interview(self) -> Interview | None:
        """The family at the table, if there is one."""
        return self.sitting.interview if self.sitting is not None else None

    @property
    def _busy(self) -> bool:
        """The family is being registered just now."""
        return self.sitting is not None and self.sitting.held

    # coming and going ----------------------------------------------------------------------

    def on_shown(self, **arguments: Any) -> None:
        """``new`` begins a family, ``draft=id`` goes on with one, ``choose`` lists them.

        ``choose="returned"`` puts the keyboard on the first of those that came back.
        """
        self._wanted = arguments
        if self.sitting is not None:
            self._arrive()
            return
        language = self.desk.language
        self.desk.read(
            lambda work: (
                prepare(work.session.catalogue, language),
                offices.drafts.list_drafts(work.session),
                places(work, language),
            ),
            done=lambda found: self._prepared(*found),
            parent=self,
            latest="prepare",
        )

    def on_hidden(self) -> None:
        self._save()

    def before_lock(self) -> None:
        self._save()

    def _save(self) -> None:
        if self.sitting is not None and self.sitting.saver is not None:
            self.sitting.saver.save()

    def _prepared(
        self, asking: Asking, drafts: Sequence[DraftRow], places: FindPlaces | None
    ) -> None:
        reach = Reach(places=places, people=DeskPeople(self.desk, self), codes=ORIGIN)
        self.asking = asking = asking.reaching(reach)
        board = Board(asking, self.desk.today)
        self.sitting = Sitting(self.desk, asking, self.feed, board)
        self.sitting.titled.connect(self.set_title)
        self.sitting.side_changed.connect(self.side_changed)
        self.sitting.moved.connect(self.hush)
        self.sitting.all_confirmed.connect(self.hush)
        self.sitting.taken_out.connect(self._taken_out)
        self.sitting.register_wanted.connect(self._register)
        board.pace_wanted.connect(self._change_pace)
        self.stack.addWidget(board)
        self._arrive(drafts)

    def _arrive(self, drafts: Sequence[DraftRow] | None = None) -> None:
        """Where the officer wants to be: a new family, a draft, or where she was."""
        wanted, self._wanted = self._wanted, {}
        self._mending = wanted.get("choose") == RETURNED
        if wanted.get("new"):
            self._begin()
        elif wanted.get("draft"):
            self._continue(str(wanted["draft"]))
        elif self.interview is not None and (self._busy or not wanted.get("choose")):
            self._show_board()
        elif drafts is not None:
            self._show_start(drafts)
        else:
            self._list_drafts()

    def _list_drafts(self) -> None:
        self._save()
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
        if self.sitting is not None:
            self.sitting.end()
        self.set_note("")
        self.set_title(tr("Register"))
        self.start.show_drafts(drafts)
        self.stack.setCurrentWidget(self.start)
        if self._mending:
            self.start.focus_returned()
        else:
            self.start.new.setFocus()

    def _show_board(self) -> None:
        if self.sitting is not None:
            self.stack.setCurrentWidget(self.sitting.board)
            self.sitting.show_again()
        self.side_changed.emit()

    def side(self) -> QWidget | None:
        return self.feed if self.interview is not None and self.feed.has_something else None

    # keys ----------------------------------------------------------------------------------

    def keys(self) -> list[Key]:
        jumps = [Key(f"F{number}", "", partial(self._jump_key, number)) for number in range(2, 10)]
        jumps[0] = Key("F2", tr("The household; F3 to F9: the members"), jumps[0].run)
        del jumps[4]  # F6 is the frame's too: keyPressEvent
        return [
            Key("Return", tr("Next field, then next page")),
            Key("Shift+Return", tr("Previous field, then previous page")),
            Key("Ctrl+Return", tr("Save the member; on the last page: register"), self._go_on),
            Key("Ctrl+PgDown", tr("Next page"), partial(self._do, Sitting.forward)),
            Key("Ctrl+PgUp", tr("Previous page"), partial(self._do, Sitting.backward)),
            *jumps,
            Key("F10", tr("Add a member"), partial(self._do, Sitting.add_member)),
            Key(
                TAKE_OUT_KEY,
                tr("Take this person out of the family; the notice puts them back"),
                partial(self._do, Sitting.take_out),
            ),
            Key("Ctrl+R", tr("Read the family back"), partial(self._do, Sitting.read_back)),
            Key("Alt+U", tr("The answer is unknown")),
            Key("Alt+W", tr("The person would not say"), self._refused),
            Key("Ctrl+D", tr("As the member before"), partial(self._do, Sitting.repeat)),
            Key("Ctrl+I", tr("Read a document"), partial(self._do, Sitting.read_document)),
            Key("Ctrl+M", tr("Mass arrival: ask only what is needed now"), self._change_pace),
            Key("Ctrl+P", tr("After registering: print the documents"), self._print_last),
        ]

    def takes(self) -> frozenset[str]:
        """F6 is a member while a family sits here."""
        return frozenset({"F6"}) if self.interview is not None else frozenset()

    def _do(self, what: Any) -> None:
        """Something that only makes sense while a family sits here."""
        if self.sitting is not None and self.interview is not None:
            what(self.sitting)

    def _jump_key(self, number: int) -> None:
        self._do(lambda sitting: sitting.jump_key(number))

    def _change_pace(self) -> None:
        """Ask only what is needed at once, or everything again; it is remembered."""
        self.desk.prefs.quick = not self.desk.prefs.quick
        self._do(lambda sitting: sitting.set_quick(self.desk.prefs.quick))

    def _refused(self) -> None:
        self._do(lambda sitting: sitting.mark("refused"))

    def _go_on(self) -> None:
        """Ctrl+Enter: on with the next member; at the end register; after it the next family."""
        if self.stack.currentWidget() is self.done:
            self._begin()
        elif self.interview is not None and self.interview.reading_back:
            self._register()
        else:
            self._do(Sitting.save_member)

    def event(self, event: Any) -> bool:
        """The frame's F6 would make the key ambiguous, so it is taken before the frame sees it."""
        if event.type() == event.Type.ShortcutOverride and self.takes() and shown.is_f6(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:
        if self.takes() and shown.is_f6(event):
            self._jump_key(6)
            return
        super().keyPressEvent(event)

    # a family ------------------------------------------------------------------------------

    def _begin(self) -> None:
        """A new family."""
        identity = uuid7(self.desk.clock.now(), self.desk.session.env.entropy)
        self._sit_down(str(identity), None)

    def _continue(self, identity: str) -> None:
        """A family that was left off."""
        saver = self.sitting.saver if self.sitting is not None else None
        if saver is not None and saver.identity == identity:
            self._show_board()
            return
        self._save()
        self.desk.read(
            partial(_load, identity=identity),
            done=lambda found: self._sit_down(identity, *found),
            failed=self._no_draft,
            parent=self,
            latest="draft",
        )

    def _no_draft(self, error: Exception) -> None:
        self.say_failure(error)
        self._list_drafts()

    def _sit_down(self, identity: str, draft: Draft | None, returned: str = "") -> None:
        if self.sitting is None or self.asking is None:
            return
        self.hush()
        self.set_note("")
        interview = Interview(
            self.asking.catalogue,
            draft,
            today=self.desk.today(),
            quick=self.desk.prefs.quick and not returned,
            before=self._before,
        )
        saver = Saver(
            self.desk,
            identity,
            lambda: (interview.revision, interview.draft),
            self,
            known=draft is not None,
            keep=_keep if draft is not None else _Begun(interview),
        )
        say_kept(saver, self, still=lambda: self.sitting is None or not self.sitting.held)
        self.stack.setCurrentWidget(self.sitting.board)
        self.sitting.begin(interview, saver, returned=returned)
        self.side_changed.emit()

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

    def _taken_out(self, name: str) -> None:
        said = tr("{name} is not in the family any more.", name=name or tr("The member"))
        self.say("info", said, action=(tr("Put back"), self._put_back))

    def _put_back(self) -> None:
        self.hush()
        self._do(Sitting.put_back)

    # registering ---------------------------------------------------------------------------

    def _register(self) -> None:
        sitting, interview = self.sitting, self.interview
        if sitting is None or interview is None or sitting.saver is None or sitting.held:
            return
        if interview.errors():
            self._mend(interview)
            return
        if interview.open_warnings():
            self.say(
                "warning",
                tr("Mend what is marked, or say why it is right as it is; then register."),
            )
            sitting.board.last.focus_first_open()
            return
        self.hush()
        saver = sitting.saver
        saver.save()
        saver.stop()
        sitting.held = True
        sitting.board.register.setEnabled(False)
        self.set_note(tr("Registering…"))
        sitting.put_off(tr(pace.LATER))
        identity, draft, quick = saver.identity, interview.draft, interview.quick
        self.desk.act(
            lambda work: _register(work, identity, draft, quick=quick),
            done=self._registered,
            failed=self._not_registered,
            changes=_changes,
            parent=self,
        )

    def _mend(self, interview: Interview) -> None:
        """To the first thing that has to be mended."""
        errors = interview.errors()
        first = interview.target(errors[0])
        steps = interview.steps_of(first.subject)
        if not any(one.field.name == first.field for step in steps for one in step.fields):
            self._do(lambda sitting: sitting.set_quick(False))
        self._do(lambda sitting: sitting.go_to(first))
        self.say(
            "danger",
            ntr(
                "{n} thing has to be mended before the family can be registered.",
                "{n} things have to be mended before the family can be registered.",
                len(errors),
            ),
        )

    def _registered(self, made: Registered) -> None:
        mended = bool(self.feed.returned())
        if self.interview is not None:
            self._before = dict(self.interview.draft.household)
        if self.sitting is not None:
            self.sitting.end()
        self.set_note("")
        self.set_title(tr("Registered"))
        self.done.show_registered(made, mended=mended)
        self.stack.setCurrentWidget(self.done)
        self.done.next.setFocus()
        self.side_changed.emit()

    def _not_registered(self, error: Exception) -> None:
        self.set_note("")
        self.say_failure(error)
        if self.sitting is not None:
            self.sitting.held = False
            self.sitting.board.register.setEnabled(True)
            if self.sitting.saver is not None:
                self.sitting.saver.resume()
            self.sitting.looking.check()

    def _print_last(self) -> None:
        if self.stack.currentWidget() is self.done:
            self.done.print.click()

    def _print(self, made: Registered) -> None:
        self.go("documents", persons=[person for person, _, _ in made.persons])


def _load(work: Work, *, identity: str) -> tuple[Draft, str]:
    """A draft, and why it came back if it did."""
    draft = offices.drafts.load(work.session, identity)
    rows = offices.drafts.list_drafts(work.session)
    return draft, next((row.reason for row in rows if row.id == identity), "")


def _keep(work: Work, identity: str, draft: Draft) -> datetime:
    """Keep a family that was begun before."""
    return offices.drafts.save(work.session, identity, draft)


class _Begun:
    """Keeps a new family; with its first answer it is noted since when it sits here, and how it
    is asked."""

    def __init__(self, interview: Interview) -> None:
        self._interview = interview
        self._noted: bool | None = None

    def __call__(self, work: Work, identity: str, draft: Draft) -> datetime:
        quick = self._interview.quick
        if self._noted is not quick:
            offices.completing.begin(work.session, identity, quick=quick)
            self._noted = quick
        return _keep(work, identity, draft)


def _register(work: Work, identity: str, draft: Draft, *, quick: bool) -> Registered:
    """Register the family, and note it for completing if only little was asked."""
    if quick:
        offices.completing.begin(work.session, identity, quick=True)
    return offices.register.register(work.session, identity, draft)


def _changes(made: Registered) -> Changes:
    return Changes(
        persons=frozenset(UUID(int=person.int) for person, _, _ in made.persons),
        people=True,
        queue=True,
        drafts=True,
        documents=True,
        sending=True,
    )
