"""A person: the card over what happened, the household beside it, and every past of a fact."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import WIDE, Key, Page
from desktop.pages import standing
from desktop.pages.ages import age_words
from desktop.pages.person_parts import DocumentsPlace, FactsPlace, HouseholdPlace, Known
from desktop.pages.sealed import FIELD, Reading, SealedPlace
from desktop.pages.timeline import Moment, Timeline
from desktop.style import tokens
from desktop.widgets.buttons import PrimaryButton
from desktop.widgets.facts import Avatar
from desktop.widgets.labels import Display, Pill, Section, Text
from desktop.widgets.layout import Card, Plain, Scroll, column, row
from desktop.widgets.messages import EmptyState, Notice
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from datetime import date

    from workspace.people import DocumentRow, TimelineRow
    from workspace.people import PersonPage as Found

_BESIDE: Final = 344
_PRINTS: Final = frozenset({"officer", "supervisor"})
_READS_SEALED: Final = "registrar"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows, gathered on the worker."""

    found: Found
    age: str
    sex: str
    ages: dict[Any, str]


class PersonPage(Page):
    """One person, as the workspace knows them now."""

    key = "person"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._person: Any = None
        self.avatar = Avatar(96)
        self.name = Display("")
        self.name.setObjectName("person-name")
        self.latin = Text("", muted=True)
        self.latin.setObjectName("person-latin")
        self.line = Text("")
        self.line.setObjectName("person-line")
        self.numbers = Text("").selectable()
        self.numbers.setObjectName("person-number")
        self.status = Pill("")
        self.sent = Pill("")
        self.conflict = Notice("warning", "")
        self.print = PrimaryButton(
            tr("Print documents"), icon="print", on=self._print, name="person-print"
        )
        self.timeline = Timeline()
        self.household = HouseholdPlace()
        self.household.chosen.connect(lambda person: self.go("person", person=person))
        self.documents = DocumentsPlace()
        self.documents.withdraw_wanted.connect(self._withdraw)
        self.facts = FactsPlace()
        self.sealed = SealedPlace()
        self.reading = Reading(desk, self.sealed, self, self.say_failure)
        self._lay_out()
        desk.changed.connect(self._changed)

    def _lay_out(self) -> None:
        words_beside = column(
            self.name,
            self.latin,
            self.line,
            self.numbers,
            4,
            row(self.status, self.sent, None),
            None,
            spacing=2,
        )
        head = row(
            column(self.avatar, None), words_beside, column(self.print, None), spacing=tokens.S16
        )
        head.setStretch(1, 1)
        card = Card(head, self.conflict)
        left = Scroll(margin=0, top=0, bottom=0)
        _make_room(left)
        for part in (card, Section(tr("What happened")), self.timeline):
            left.body.addWidget(part)
        left.body.addStretch(1)
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
        if not self._may_print:
            self.print.hide()

    @property
    def _may_print(self) -> bool:
        return self.desk.kind == "station" and self.desk.role in _PRINTS

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
        self._load()

    def on_hidden(self) -> None:
        self.reading.leave()

    def before_lock(self) -> None:
        self.reading.leave()

    def keys(self) -> list[Key]:
        if self._may_read_sealed:
            return [Key("Ctrl+R", tr("Read what is sealed"), self.reading.ask)]
        if self._may_print:
            return [Key("Ctrl+P", tr("Print documents"), self._print)]
        return []

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
        name = found.name or found.number
        self.set_title(name)
        self.avatar.set_person(name, found.photo)
        self.name.setText(name)
        self.latin.setText(found.name_latin)
        self.latin.setVisible(bool(found.name_latin) and found.name_latin != name)
        parts = [
            shown.sex,
            tr("age {age}", age=shown.age) if shown.age else "",
            tr("born {birth}", birth=found.birth_text) if found.birth_text else "",
        ]
        self.line.setText(" · ".join(part for part in parts if part))
        numbers = [isolate(found.permanent), isolate(found.number)]
        self.numbers.setText(" · ".join(part for part in numbers if part))
        word, tone = standing.registration(found.status)
        self.status.set_state(word, tone=tone)
        word, tone = standing.sending(found.sent)
        self.sent.set_state(word, tone=tone)
        self.sent.setVisible(self.desk.kind == "station")
        self.conflict.setVisible(bool(found.conflicts))
        if found.conflicts:
            self.conflict.set_message(
                "warning",
                tr(
                    "Two offices changed this at once: {fields}. Both are kept until the "
                    "registry decides; the later one is shown.",
                    fields="; ".join(found.conflicts),
                ),
            )
        at_station = self.desk.kind == "station"
        self.timeline.show_moments([_moment(row, sent=at_station) for row in found.timeline])
        self.household.show_household(found.household, shown.ages, current=self._person)
        self.documents.show_documents(
            found.documents,
            may_withdraw=self._may_print,
        )
        self.facts.show_facts(
            [Known(fact.field, fact.label, fact.value_text) for fact in found.facts],
            found.history,
        )
        self.reading.person = self._person
        self.sealed.setVisible(
            self._may_read_sealed and any(fact.field == FIELD for fact in found.facts)
        )
        self._nobody.hide()
        self._sheet.show()
        if self._may_print:
            self.print.setFocus()
        elif not self.isAncestorOf(self.window().focusWidget()):
            self.household.focus_first()

    # acts --------------------------------------------------------------------------------

    def _print(self) -> None:
        if self._person is not None:
            self.go("documents", persons=[self._person])

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and self._person is not None and changes.touches_person(self._person):
            self._load()

    def _withdraw(self, document: DocumentRow) -> None:
        """Withdraw a document that was lost or is wrong; the reason is asked for."""
        reason = self.desk.dialogs.reason(
            self,
            tr("Withdraw document {number}?", number=isolate(document.number)),
            tr(
                "Verifiers refuse it once the registry knows. A new document can be printed "
                "for the person at once."
            ),
            tr("Withdraw"),
            choices=[tr("Lost"), tr("Stolen"), tr("Wrong")],
        )
        if reason is None:
            return
        self.desk.act(
            lambda work: offices.printing.withdraw(work.session, document.id, reason=reason),
            done=lambda _none: self._load(),
            changes=Changes(documents=True),
            parent=self,
        )


def _make_room(scroll: Scroll) -> None:
    """Room for the scroll bar, which stands at the end of the line."""
    before, after = (tokens.S12, 0) if words.rtl() else (0, tokens.S12)
    scroll.inner.setContentsMargins(before, 0, after, 0)


def _gather(work: Work, *, person: Any, today: date, language: str) -> _Shown:
    found = offices.people.person_page(work.session, person, language=language)
    members = found.household.members if found.household is not None else ()
    return _Shown(
        found=found,
        age=age_words(found.birth, today, language),
        sex=next((fact.value_text for fact in found.facts if fact.field == "sex"), ""),
        ages={one.person: age_words(one.birth, today, language) for one in members},
    )


def _moment(row: TimelineRow, *, sent: bool) -> Moment:
    """``sent``: say how far it was sent, which means nothing where everything is sent to."""
    word, tone = standing.sending(row.status) if sent else ("", "")
    return Moment(
        when=words.moment(row.at),
        title=row.title,
        detail=row.detail,
        by=isolate(row.by),
        state=word,
        tone=tone,
        document=row.document_number or "",
    )
