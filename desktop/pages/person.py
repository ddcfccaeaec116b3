"""A person: the card over what happened, the household beside it, and every past of a fact."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.drawn import face_of
from desktop.page import WIDE, Key, Page
from desktop.pages import CORRECTS, DECIDES, PRINTS, RECORDS, STATION
from desktop.pages.ages import age_words
from desktop.pages.conflicts import ConflictsPlace
from desktop.pages.linked import LinkedPlace
from desktop.pages.moments import left_by, moment_of
from desktop.pages.paper_words import withdrawals
from desktop.pages.person_head import Fate, Head, fate
from desktop.pages.person_parts import DocumentsPlace, FactsPlace, HouseholdPlace, known
from desktop.pages.sealed import FIELD, Reading, SealedPlace
from desktop.pages.timeline import Moment, Timeline
from desktop.style import tokens
from desktop.widgets.labels import Section
from desktop.widgets.layout import Plain, Scroll
from desktop.widgets.messages import EmptyState, Notice
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from PySide6.QtGui import QImage

    from desktop.widgets.buttons import Button
    from station.undoing import Withdrawn
    from workspace.conflicts import ConflictShown
    from workspace.people import DocumentRow
    from workspace.people import PersonPage as Found
    from workspace.voiding import Voided

_BESIDE: Final = 344
_READS_SEALED: Final = "registrar"
_DECIDES: Final = frozenset({"supervisor", "registrar"})
"""Who settles conflicts and voids records."""

WITHDRAWS: Final = "supervisor"
"""Who withdraws events."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows, gathered on the worker."""

    found: Found
    photo: QImage | None
    age: str
    sex: str
    ages: dict[Any, str]
    fate: Fate | None
    conflicts: Sequence[ConflictShown]


class PersonPage(Page):
    """One person, as the workspace knows them now."""

    key = "person"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._person: Any = None
        self.head = Head()
        self.status = self.head.status
        self.conflict = Notice("warning", "")
        self.linked = LinkedPlace(may_compare=desk.role in DECIDES)
        self.linked.went.connect(self.went)
        self.conflicts = ConflictsPlace()
        self.conflicts.settle_wanted.connect(self._settle)
        self.timeline = Timeline()
        self.timeline.withdraw_wanted.connect(self._withdraw_event)
        self.timeline.print_wanted.connect(lambda moment: self.go("document", event=moment.about))
        self.household = HouseholdPlace()
        self.household.chosen.connect(lambda person: self.go("person", person=person))
        self.household.change_wanted.connect(self._change_household)
        self.documents = DocumentsPlace()
        self.documents.withdraw_wanted.connect(self._withdraw)
        self.documents.another_wanted.connect(self._another_document)
        self.facts = FactsPlace()
        self.sealed = SealedPlace()
        self.reading = Reading(desk, self.sealed, self, self.say_failure)
        self._acts = self._offer_acts()
        self._lay_out()
        desk.changed.connect(self._changed)

    def _offer_acts(self) -> dict[str, Button]:
        """What this role may do with a record, the likeliest first."""
        head, made = self.head, {}
        if self._may_record:
            made["event"] = head.offer(
                tr("Record event"),
                icon="calendar",
                on=self._record,
                name="person-event",
                look="primary",
            )
        if self.desk.role in CORRECTS:
            made["correct"] = head.offer(
                tr("Correct"), icon="edit", on=self._correct, name="person-correct"
            )
        self.print = head.offer(
            tr("Print documents"), icon="print", on=self._print, name="person-print"
        )
        self.print.setVisible(self._may_print)
        if self._may_print:
            made["print"] = made["another"] = self.print
            made["data"] = head.offer(
                tr("My data"), icon="documents", on=self._my_data, name="person-data"
            )
        if self.desk.role in _DECIDES:
            made["void"] = head.offer(
                tr("Void…"), icon="", on=self._void, name="person-void", look="danger"
            )
        return made

    def _lay_out(self) -> None:
        left = Scroll(margin=0, top=0, bottom=0)
        _make_room(left)
        parts = (
            self.head,
            self.linked,
            self.conflict,
            self.conflicts,
            Section(tr("What happened")),
            self.timeline,
        )
        for part in parts:
            left.body.addWidget(part)
        left.body.addStretch(1)
        self.timeline.reveal_wanted.connect(left.reveal)
        right = Scroll(margin=0, top=0, bottom=0)
        _make_room(right)
        for beside in (self.sealed, self.household, self.documents, self.facts):
            right.body.addWidget(beside)
        right.body.addStretch(1)
        right.setFixedWidth(_BESIDE)
        self._sheet = Plain()
        across = QHBoxLayout(self._sheet)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(tokens.S24)
        across.addWidget(left, 1)
        across.addWidget(right)
        self._nobody = EmptyState(
            "person", tr("Nobody chosen"), tr("Find a person first: Ctrl+K from anywhere.")
        )
        self.body.addWidget(self._sheet)
        self.body.addWidget(self._nobody)
        self._sheet.hide()
        self.sealed.hide()
        self.conflict.hide()

    @property
    def _may_record(self) -> bool:
        return self.desk.kind == STATION and self.desk.role in RECORDS

    @property
    def _may_print(self) -> bool:
        return self.desk.kind == STATION and self.desk.role in PRINTS

    @property
    def _may_read_sealed(self) -> bool:
        return self.desk.kind == "registry" and self.desk.role == _READS_SEALED

    # what is shown -----------------------------------------------------------------------

    def on_shown(self, person: Any = None, **arguments: Any) -> None:
        self.reading.leave()
        if person is not None and person != self._person:
            self._person = person
            self._sheet.hide()
            self._nobody.hide()
            for scroll in self._sheet.findChildren(Scroll):  # another person begins at the top
                scroll.verticalScrollBar().setValue(0)
        self._load()

    def on_hidden(self) -> None:
        self.reading.leave()

    def before_lock(self) -> None:
        self.reading.leave()

    def keys(self) -> list[Key]:
        acts = {
            "event": Key("Ctrl+E", tr("Record an event"), self._record),
            "correct": Key("Ctrl+T", tr("Correct the record"), self._correct),
            "print": Key("Ctrl+P", tr("Print documents"), self._print),
            "another": Key("Ctrl+D", tr("Print another document"), self._another_document),
            "data": Key("Ctrl+M", tr("Print what is recorded, for the person"), self._my_data),
        }
        found = [key for name, key in acts.items() if name in self._acts]
        if self._may_record:
            found.append(Key("Ctrl+H", tr("The household"), self._change_household))
        if self._may_read_sealed:
            found.append(Key("Ctrl+R", tr("Read what is sealed"), self.reading.ask))
        return found

    def _load(self) -> None:
        if self._person is None:
            self._sheet.hide()
            self._nobody.show()
            return
        self.desk.read(
            partial(
                _gather,
                person=self._person,
                today=self.desk.today(),
                language=self.desk.language,
            ),
            done=self._show,
            failed=self._not_found,
            parent=self,
            latest="person",
        )

    def _not_found(self, error: Exception) -> None:
        self.reading.leave()
        self._person = None
        self._sheet.hide()
        self._nobody.show()
        self.say_failure(error)

    def _show(self, shown: _Shown) -> None:
        found = shown.found
        self.set_title(found.name or found.number)
        at_station = self.desk.kind == STATION
        self.head.show_person(
            found,
            photo=shown.photo,
            sex=shown.sex,
            age=shown.age,
            fate=shown.fate,
            sent=at_station,
        )
        view: Any = found.person
        gone = view is not None and view.voided is not None
        for act in self._acts.values():
            act.setEnabled(not gone)
        self.linked.show_linked(self._person, found.linked)
        self._show_conflicts(shown)
        self.timeline.show_moments(
            [
                moment_of(
                    one,
                    sent=at_station,
                    may_withdraw=self.desk.role == WITHDRAWS,
                    may_print=self._may_print and not gone,
                )
                for one in found.timeline
            ]
        )
        self.household.show_household(
            found.household, shown.ages, current=self._person, may_change=self._may_record
        )
        self.documents.show_documents(
            found.documents,
            may_withdraw=self._may_print,
            may_print=self._may_print and not gone,
        )
        self.facts.show_facts(
            known(found),
            found.history,
        )
        self.reading.person = self._person
        self.sealed.setVisible(
            self._may_read_sealed and any(fact.field == FIELD for fact in found.facts)
        )
        self._nobody.hide()
        self._sheet.show()
        self._give_keyboard()

    def _show_conflicts(self, shown: _Shown) -> None:
        """The conflict in a sentence; both sides where they could be had."""
        conflicts = shown.found.conflicts
        self.conflict.setVisible(bool(conflicts) and not shown.conflicts)
        if conflicts:
            self.conflict.set_message(
                "warning",
                tr(
                    "Two offices changed this at once: {fields}. Both are kept until the "
                    "registry decides; the later one is shown.",
                    fields="; ".join(conflicts),
                ),
            )
        self.conflicts.show_conflicts(shown.conflicts, may_settle=self.desk.role in _DECIDES)

    def _give_keyboard(self) -> None:
        first = next((one for one in self._acts.values() if one.isEnabled()), None)
        if first is not None:
            first.setFocus()
        elif not self.isAncestorOf(self.window().focusWidget()):
            self.household.focus_first()

    # acts --------------------------------------------------------------------------------

    def _may(self, act: str) -> bool:
        button = self._acts.get(act)
        return self._person is not None and button is not None and button.isEnabled()

    def _record(self) -> None:
        if self._may("event"):
            self.go("event", person=self._person)

    def _correct(self) -> None:
        if self._may("correct"):
            self.go("correct", person=self._person)

    def _print(self) -> None:
        if self._may("print"):
            self.go("documents", persons=[self._person])

    def _another_document(self) -> None:
        if self._may("print"):
            self.go("document", person=self._person)

    def _change_household(self) -> None:
        if self._person is not None and self._may_record and not self.household.isHidden():
            self.go("household", person=self._person)

    def _my_data(self) -> None:
        """Everything that is recorded, as a paper for the person."""
        if not self._may("data"):
            return
        self.go("my_data", person=self._person)

    def _void(self) -> None:
        """Withdraw the whole record; the reason is asked for."""
        if not self._may("void"):
            return
        reason = self.desk.dialogs.reason(
            self,
            tr("Void this record?"),
            tr(
                "The person leaves the household, and the record is used no more. It stays "
                "readable, with the reason."
            ),
            tr("Void"),
            choices=[tr("Registered twice"), tr("No such person"), tr("Registered by mistake")],
        )
        if reason is None:
            return
        person = self._person
        self.desk.act(
            lambda work: offices.changes.void(work.session, person, reason=reason),
            done=self._voided,
            failed=self.say_failure,
            changes=Changes(people=True, queue=True, sending=True, documents=True),
            parent=self,
        )

    def _voided(self, made: Voided) -> None:
        """What voiding leaves to be done."""
        said = []
        if made.documents:
            numbers = ", ".join(isolate(one.number) for one in made.documents)
            said.append(tr("Withdraw these documents too: {numbers}.", numbers=numbers))
        if made.headless:
            said.append(tr("The household has no head now: choose one on its page."))
        if said:
            self.say("warning", " ".join(said))
        self._load()

    def _settle(self, choices: dict[str, Any]) -> None:
        """One reason for all that was chosen."""
        reason = self.desk.dialogs.reason(
            self,
            tr("Settle the conflict?"),
            tr("What you chose holds from now on. The other side stays in the history."),
            tr("Settle"),
            choices=[tr("Asked the person"), tr("A document was shown")],
            danger=False,
        )
        if reason is None:
            return
        person, heads = self._person, self.conflicts.heads()
        self.desk.act(
            lambda work: offices.changes.settle(
                work.session, "person", person, choices, reason=reason, at=heads
            ),
            done=lambda _none: self._load(),
            failed=self._not_settled,
            changes=Changes(people=True, sending=True),
            parent=self,
        )

    def _not_settled(self, error: Exception) -> None:
        self.say_failure(error)
        self._load()

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and self._person is not None and changes.touches_person(self._person):
            self._load()

    def _withdraw(self, document: DocumentRow) -> None:
        """Withdraw a document that was lost or is wrong; the reason is asked for."""
        said = self.desk.dialogs.paper(
            self,
            tr("Withdraw document {number}?", number=isolate(document.number)),
            tr(
                "Verifiers refuse it once the registry knows. A new document can be printed "
                "for the person at once."
            ),
            tr("Withdraw"),
            choices=withdrawals(self.desk.role),
            danger=True,
        )
        if said is None:
            return
        self.desk.act(
            lambda work: offices.papers.withdraw(
                work.session, document.id, code=said.code, words=said.words
            ),
            done=lambda _none: self._load(),
            changes=Changes(documents=True),
            parent=self,
        )

    def _withdraw_event(self, moment: Moment) -> None:
        """Withdraw an event that did not happen, or not so; what it changed is undone."""
        reason = self.desk.dialogs.reason(
            self,
            tr("Withdraw this event: {event}?", event=moment.title),
            tr(
                "What it changed is put back by further entries, where nobody changed it since. "
                "The event stays readable, with the reason."
            ),
            tr("Withdraw"),
            choices=[tr("Told twice"), tr("It did not happen"), tr("About somebody else")],
        )
        if reason is None:
            return
        language = self.desk.language
        self.desk.act(
            lambda work: offices.events.void(
                work.session, moment.event, reason=reason, language=language
            ),
            done=self._event_withdrawn,
            failed=self.say_failure,
            changes=Changes(people=True, queue=True, sending=True, documents=True),
            parent=self,
        )

    def _event_withdrawn(self, made: Withdrawn) -> None:
        if left := left_by(made):
            self.say("warning", left)
        else:
            self.say("success", tr("Withdrawn, and what it changed was put back."))
        self._load()


def _make_room(scroll: Scroll) -> None:
    """Room for the scroll bar, which stands at the end of the line."""
    before, after = (tokens.S12, 0) if words.rtl() else (0, tokens.S12)
    scroll.inner.setContentsMargins(before, 0, after, 0)


def _gather(work: Work, *, person: Any, today: date, language: str) -> _Shown:
    found = offices.people.person_page(work.session, person, language=language)
    members = found.household.members if found.household is not None else ()
    conflicts: Sequence[ConflictShown] = ()
    if found.conflicts:
        conflicts = offices.changes.conflicts(work.session, "person", person, language)
    died = next((fact.value_text for fact in found.facts if fact.field == "death"), "")
    return _Shown(
        found=found,
        photo=face_of(found.photo),
        age=age_words(found.birth, today, language),
        sex=next((fact.value_text for fact in found.facts if fact.field == "sex"), ""),
        ages={one.person: age_words(one.birth, today, language) for one in members},
        fate=fate(found, died),
        conflicts=conflicts,
    )
