"""Recording an event: which one, what happened, what it changes, and one button.

An event is chosen, told on short pages as a family is, and read back beside what recording it
will change for every person it touches.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop import offices
from desktop.desk import Changes, Desk
from desktop.events import inquiry, left_off
from desktop.events.board import Board
from desktop.events.choice import OneOfFew
from desktop.events.filling import Filling
from desktop.events.inquiry import About, Ready
from desktop.events.left_off import LeftOff
from desktop.events.offer import offers, text_of
from desktop.events.papers import paper
from desktop.events.people import Acquaintances
from desktop.events.recorded import Done
from desktop.events.recording import Recording
from desktop.events.roles import placed
from desktop.events.start import Start
from desktop.events.summary import Summary
from desktop.events.telling import Telling
from desktop.interview.asking import EVENTS
from desktop.interview.feed import Feed
from desktop.interview.kept import say_kept
from desktop.interview.reach import ORIGIN, Reach
from desktop.interview.saver import Saver
from desktop.page import FREE, Key, Page
from desktop.style import tokens
from desktop.widgets.layout import Scroll
from desktop.words import isolate, tr
from forms.draft import Raw
from values.identifiers import uuid7

if TYPE_CHECKING:
    from forms.definition import Form
    from station.drafts import EventDraft
    from station.events import Recorded

PREFIX: Final = "event-"
"""Before the ids of drafts of events."""

REGISTERS: Final = "officer"
"""The role that may register a person, as some events do."""


class EventPage(Page):
    """From the choice of an event to its signature."""

    key = "event"
    layout_width = FREE
    once = frozenset({"person", "form", "draft", "new"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.telling: Telling | None = None
        self.about: About | None = None
        self._ready: Ready | None = None
        self._wanted: dict[str, Any] = {}
        self._before: dict[str, dict[str, Raw]] = {}
        self.recording: Recording | None = None
        self.feed = Feed()
        self.feed.setParent(self)
        self.feed.hide()
        self.start = Start()
        self.start.chosen.connect(self._chosen)
        self.start.continued.connect(self._go_on_with)
        self.start.discard_wanted.connect(self._discard)
        self.start.person_dropped.connect(self._drop_person)
        self.part = OneOfFew("event-part")
        self.part.chosen.connect(self._part_chosen)
        self.done = Done()
        self.done.next_wanted.connect(self._another)
        self.done.print_wanted.connect(self._print)
        self.done.person_wanted.connect(lambda person: self.go("person", person=person))
        self.summary = Summary(
            title=tr("What this changes"),
            nothing=tr("Nothing in the record of anybody. The event itself is kept."),
            spoken=tr("The event, read back"),
        )
        self._part_scroll = Scroll(limit=tokens.FORM_WIDTH)
        self._part_scroll.body.addWidget(self.part)
        self.stack = QStackedWidget()
        for page in (self.start, self._part_scroll, self.done):
            self.stack.addWidget(page)
        self.body.addWidget(self.stack)
        self._form: Form | None = None
        self._touched: list[Any] = []

    @property
    def filling(self) -> Filling | None:
        """The event that is being told, if there is one."""
        return self.telling.filling if self.telling is not None else None

    @property
    def _busy(self) -> bool:
        return self.telling is not None and self.telling.held

    # coming and going ----------------------------------------------------------------------

    def on_shown(self, **arguments: Any) -> None:
        """``person`` begins an event about somebody, ``form`` chooses it, ``draft`` goes on with
        one that was left off, ``new`` begins anew; without any, one is where one was."""
        self._wanted = arguments
        if self._busy or (self.filling is not None and not arguments):
            self._show_board()
            return
        self._look(arguments.get("person"))

    def on_hidden(self) -> None:
        self._save()

    def before_lock(self) -> None:
        self._save()

    def _save(self) -> None:
        if self.telling is not None and self.telling.saver is not None:
            self.telling.saver.save()

    def _look(self, person: Any) -> None:
        """Fetch what there is to choose from; what is typed meanwhile counts."""
        self._save()
        if self.telling is not None:
            self.telling.end()
        self.start.picker.begin()
        self.stack.setCurrentWidget(self.start)
        self.start.picker.search.setFocus()
        self.desk.read(
            partial(
                inquiry.ready,
                person=person,
                language=self.desk.language,
                today=self.desk.today(),
                first=self.telling is None,
            ),
            done=self._prepared,
            parent=self,
            latest="ready",
        )

    def _prepared(self, found: Ready) -> None:
        self._ready = found
        if self.telling is None:
            self._make_board(found)
        wanted, self._wanted = self._wanted, {}
        if found.about is not None or wanted:
            self.about = found.about
        if wanted.get("draft"):
            self._continue(str(wanted["draft"]))
        elif wanted.get("form"):
            self._chosen(str(wanted["form"]))
        else:
            self._show_start()

    def _make_board(self, found: Ready) -> None:
        people = Acquaintances(self.desk, self)
        reach = Reach(places=found.places, people=people, codes=ORIGIN)
        asking = found.asking.reaching(reach)
        board = Board(asking, self.desk.today, last=self.summary, sign=tr("Record this event"))
        telling = Telling(
            self.desk, asking, self.feed, board, last=self.summary.last, people=people
        )
        telling.side_changed.connect(self.side_changed)
        telling.moved.connect(self.hush)
        telling.all_confirmed.connect(self.hush)
        telling.past_start.connect(self._another)  # back to the list; what was typed is kept
        self.recording = Recording(self.desk, telling, self.summary)
        self.recording.said.connect(self.say)
        self.recording.hushed.connect(self.hush)
        self.recording.noted.connect(self.set_note)
        self.recording.failed.connect(self.say_failure)
        self.recording.recorded.connect(self._done)
        self.telling = telling
        self.stack.addWidget(board)

    def _show_start(self) -> None:
        found = self._ready
        if found is None:
            return
        if self.telling is not None:
            self.telling.end()
        self.set_note("")
        self.set_title(tr("Record an event"))
        about = self.about
        self.start.show_about(about.name if about else "", about.detail if about else "")
        titles = {form.id: text_of(form, form.title) for form in found.forms}
        self.start.show_drafts(
            [
                *(left_off.of_event(one, titles.get(one.form, one.form)) for one in found.drafts),
                *map(left_off.of_correction, found.corrections),
            ]
        )
        self.stack.setCurrentWidget(self.start)
        self.start.picker.search.setFocus()
        self.side_changed.emit()
        # Last: an event that was typed with Enter before the offers came begins with this.
        self.start.show_offers(
            offers(
                found.forms,
                registers=self.desk.role == REGISTERS,
                also=found.asking.also.get(EVENTS),
            )
        )

    def _show_board(self) -> None:
        if self.telling is not None:
            self.stack.setCurrentWidget(self.telling.board)
            self.telling.show_again()
        self.side_changed.emit()

    def side(self) -> QWidget | None:
        shown = self.filling is not None and not self.filling.reading_back
        return self.feed if shown and self.feed.has_something else None

    def _drop_person(self) -> None:
        self.about = None
        self._show_start()

    def _another(self) -> None:
        self._look(self.about.person if self.about is not None else None)

    # keys ----------------------------------------------------------------------------------

    def keys(self) -> list[Key]:
        return [
            Key("Return", tr("Next field, then next page")),
            Key("Shift+Return", tr("Previous field, then previous page")),
            Key("Ctrl+Return", tr("Read back; on the last page: record"), self._go_on),
            Key("Ctrl+PgDown", tr("Next page"), partial(self._do, Telling.forward)),
            Key("Ctrl+PgUp", tr("Previous page"), partial(self._do, Telling.backward)),
            Key("Ctrl+R", tr("Read the event back"), partial(self._do, Telling.read_back)),
            Key("Alt+U", tr("The answer is unknown; again: another reason why there is none")),
            Key("Alt+W", tr("The person would not say"), partial(self._mark, "refused")),
            Key("Alt+A", tr("The question does not apply"), partial(self._mark, "not_applicable")),
            Key("Ctrl+D", tr("As last time"), partial(self._do, Telling.repeat)),
            Key("Ctrl+N", tr("Another event"), self._another),
            Key("Ctrl+P", tr("After recording: print documents"), self._print),
        ]

    def _do(self, what: Any) -> None:
        """Something that only makes sense while an event is being told."""
        if self.telling is not None and self.filling is not None:
            what(self.telling)

    def _mark(self, missing: str) -> None:
        self._do(lambda telling: telling.mark(missing))

    def _go_on(self) -> None:
        if self.stack.currentWidget() is self.done:
            self._another()
        elif self.recording is not None and self.filling and self.filling.reading_back:
            self.recording.record()
        else:
            self._do(Telling.read_back)

    # an event ------------------------------------------------------------------------------

    def _chosen(self, form_id: str) -> None:
        """An event was chosen: who comes with us gets the part that fits."""
        found = self._ready
        form = next((one for one in found.forms if one.id == form_id), None) if found else None
        if form is None:
            self._show_start()
            return
        self._form = form
        if self.about is None:
            self._begin(form, {})
            return
        self.desk.read(
            partial(inquiry.parts_for, form=form, person=self.about.key, today=self.desk.today()),
            done=lambda parts: self._parts(form, parts),
            parent=self,
            latest="parts",
        )

    def _parts(self, form: Form, parts: Sequence[str]) -> None:
        about = self.about
        if about is None or not parts:
            self._begin(form, {})
        elif len(parts) == 1:
            self._begin(form, placed(form, parts[0], about.key))
        else:
            self._ask_part(form, parts, about)

    def _ask_part(self, form: Form, parts: Sequence[str], about: About) -> None:
        answers = [
            (name, text_of(form, form.field(name).label).rstrip("?"), "", "person")
            for name in parts
        ]
        answers.append(
            ("", tr("None of these"), tr("The people of the event are named on its pages."), "more")
        )
        self.set_title(text_of(form, form.title))
        self.part.ask(tr("Who is {name} in this event?", name=isolate(about.name)), "", answers)
        self.stack.setCurrentWidget(self._part_scroll)
        self.part.focus_first()

    def _part_chosen(self, name: str) -> None:
        if self._form is not None and self.about is not None:
            self._begin(self._form, placed(self._form, name, self.about.key) if name else {})

    def _begin(self, form: Form, typed: dict[str, Raw]) -> None:
        identity = uuid7(self.desk.clock.now(), self.desk.session.env.entropy)
        filling = Filling(form, typed, today=self.desk.today(), before=self._before.get(form.id))
        self._sit_down(f"{PREFIX}{identity}", filling, known=False)

    def _go_on_with(self, left: LeftOff) -> None:
        if left.correction is not None:
            self.go("correct", **left_off.leads_to(left.correction))
        else:
            self._continue(left.key)

    def _continue(self, identity: str) -> None:
        """An event that was left off."""
        self.desk.read(
            lambda work: offices.drafts.load_event(work.session, identity),
            done=lambda draft: self._taken_up(identity, draft),
            failed=self._no_draft,
            parent=self,
            latest="draft",
        )

    def _taken_up(self, identity: str, draft: EventDraft) -> None:
        found = self._ready
        form = next((one for one in found.forms if one.id == draft.form), None) if found else None
        if form is None:
            self.say("danger", tr("The form of this event is not here any more."))
            return
        filling = Filling(
            form,
            draft.raw,
            today=self.desk.today(),
            before=self._before.get(form.id),
            confirmed=draft.confirmed,
        )
        self._sit_down(identity, filling, known=True, names=dict(draft.persons))

    def _no_draft(self, error: Exception) -> None:
        self.say_failure(error)
        self._show_start()

    def _sit_down(
        self, identity: str, filling: Filling, *, known: bool, names: dict[str, str] | None = None
    ) -> None:
        telling, found = self.telling, self._ready
        if telling is None or found is None:
            return
        self.hush()
        self.set_note("")
        saver = Saver(
            self.desk,
            identity,
            lambda: (
                filling.revision,
                (filling.form.id, filling.typed, telling.names_in(filling), filling.confirmed),
            ),
            self,
            known=known,
            keep=inquiry.keep,
        )
        say_kept(saver, self, still=lambda: self.filling is not None and not self._busy)
        near = self.about.near if self.about is not None else ()
        title = text_of(filling.form, filling.form.title)
        self.set_title(title)
        if self.recording is not None:
            self.recording.begin()
        self.stack.setCurrentWidget(telling.board)
        telling.begin(
            filling,
            judge=inquiry.judge(filling.form, found.asking),
            title=isolate(self.about.name) if self.about is not None else "",
            detail=self.about.detail if self.about is not None else "",
            names=names,
            near=near,
            saver=saver,
        )
        self.side_changed.emit()

    def _discard(self, left: LeftOff) -> None:
        if (correction := left.correction) is not None:
            if left_off.agreed(self, left.title):
                left_off.discard(self, correction.kind, correction.subject, done=self._another)
            return
        reason = self.desk.dialogs.reason(
            self,
            tr("Discard this event?"),
            tr("{name}: what was typed goes for good. Nothing was recorded.", name=left.title),
            tr("Discard"),
            choices=[tr("Told twice"), tr("It did not happen")],
        )
        if reason is None:
            return
        self.desk.act(
            lambda work: offices.drafts.discard_event(work.session, left.key),
            done=lambda _none: self._another(),
            changes=Changes(drafts=True),
            parent=self,
        )

    # afterwards --------------------------------------------------------------------------

    def _done(self, filling: Filling, made: Recorded) -> None:
        telling, form = self.telling, filling.form
        if telling is None:
            return
        self._before[form.id] = {
            name: raw for name, raw in filling.typed.items() if form.field(name).repeat
        }
        people: list[tuple[Any, str]] = [
            (UUID(hex=key), name) for key, name in telling.names_in(filling).items()
        ]
        if (about := self.about) is not None:  # whom one came from comes first
            people.sort(key=lambda one: one[0] != about.person)
        if made.created is not None:
            people.append((UUID(int=made.created.int), made.created_number))
        self._touched = [person for person, _ in people]
        telling.end()
        title = text_of(form, form.title)
        self.set_note("")
        self.set_title(tr("Recorded"))
        self.done.show_recorded(
            title,
            made,
            blocked=[text_of(form, sentence) for sentence in made.blocked],
            document=paper(made.document),
            people=people,
        )
        self.stack.setCurrentWidget(self.done)
        (self.done.next if self.done.print.isHidden() else self.done.print).setFocus()
        self.side_changed.emit()

    def _print(self) -> None:
        """The papers of those whom the event touched, with what it changed in them."""
        if self.stack.currentWidget() is self.done and self._touched:
            self.go("documents", persons=self._touched)
