"""The cards beside a person's timeline: household, documents, and facts with their past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import words
from desktop.pages.paper_words import LANGUAGES, PAPERS
from desktop.style import tokens
from desktop.widgets.buttons import IconButton, LinkButton
from desktop.widgets.labels import Caption, Pill, Section, Strong, Text
from desktop.widgets.layout import Card, Plain, Rule, column, row
from desktop.words import N_, isolate, ntr, tr

if TYPE_CHECKING:
    from workspace.people import DocumentRow, HistoryRow, HouseholdCard
    from workspace.people import PersonPage as Found


class Titled(Plain):
    """A heading over a card that is filled anew."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.title = Section(title)
        self.card = Card(spacing=tokens.S8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S8)
        layout.addWidget(self.title)
        layout.addWidget(self.card)

    def _clear(self) -> None:
        while (item := self.card.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _add(self, line: QWidget) -> None:
        if self.card.body.count():
            self.card.body.addWidget(Rule())
        self.card.body.addWidget(line)


def _holder(layout: Any) -> Plain:
    plain = Plain()
    plain.setLayout(layout)
    return plain


_INSET: Final = (5, 0, 5, 0)  # as far as a link's text stands from its edge


class HouseholdPlace(Titled):
    """The household now; each member is a link."""

    chosen = Signal(object)  # person
    change_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Household"), "person-household")

    def show_household(
        self,
        household: HouseholdCard | None,
        ages: Mapping[Any, str],
        *,
        current: Any,
        may_change: bool = False,
    ) -> None:
        """Show the members; ``current`` is the person the page is about. ``may_change`` offers to
        move, split and merge."""
        self._clear()
        self.setVisible(household is not None)
        if household is None:
            return
        self.card.body.addWidget(Text(isolate(household.number)).selectable())
        for member in household.members:
            detail = " · ".join(
                part for part in (member.relation_text, ages.get(member.person, "")) if part
            )
            said = Caption(detail)
            said.setContentsMargins(*_INSET)
            if member.person == current:
                name: QWidget = Strong(member.name)
                name.setContentsMargins(*_INSET)
            else:
                name = LinkButton(member.name, on=partial(self.chosen.emit, member.person))
            self._add(_holder(column(name, said, spacing=0)))
        if may_change:
            change = LinkButton(
                tr("Move, split, merge… ({key})", key="Ctrl+H"),
                on=self.change_wanted.emit,
                name="household-change",
            )
            change.setAccessibleName(tr("Change the household"))
            self._add(_holder(row(change, None)))

    def focus_first(self) -> None:
        """Give the keyboard to the first other member."""
        for link in self.findChildren(LinkButton):
            if link.isVisible() and link.objectName() != "household-change":
                link.setFocus(Qt.FocusReason.OtherFocusReason)
                return


def _printed_as(prints: Sequence[tuple[str, str]]) -> str:
    """Languages and papers of a document and its copies, so that one tells which is meant."""
    names = {**words.NATIVE_NAMES, **LANGUAGES}
    cards_too = {**PAPERS, "card": N_("Card")}
    return " · ".join(
        tr(
            "{language}, {paper}",
            language=isolate(names.get(tag, tag)),
            paper=tr(cards_too.get(paper, paper)),
        )
        for tag, paper in prints
    )


class DocumentsPlace(Titled):
    """What was issued to the person or the household."""

    withdraw_wanted = Signal(object)  # DocumentRow
    another_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Documents issued"), "person-documents")

    def show_documents(
        self, documents: Sequence[DocumentRow], *, may_withdraw: bool, may_print: bool = False
    ) -> None:
        """Show them; the whole place goes while there are none and none may be printed."""
        self._clear()
        self.setVisible(bool(documents) or may_print)
        for one in documents:
            lines = column(
                Strong(one.type_text),
                Text(isolate(one.number)).selectable(),
                Caption(
                    tr(
                        "Issued {issued}, valid until {expires}",
                        issued=words.day(date.fromisoformat(one.issued)),
                        expires=words.day(date.fromisoformat(one.expires)),
                    )
                ),
                spacing=2,
            )
            if one.prints:
                lines.addWidget(Caption(_printed_as(one.prints)))
            if one.reprints:
                lines.addWidget(
                    Caption(ntr("Printed again {n} time", "Printed again {n} times", one.reprints))
                )
            if one.revoked:
                lines.addLayout(row(Pill(tr("Withdrawn"), tone="danger"), None))
                lines.addWidget(Caption(one.revoked))
                self._add(_holder(lines))
                continue
            if one.doomed:
                lines.addLayout(row(Pill(tr("To be withdrawn"), tone="warning"), None))
                lines.addWidget(Caption(tr("A death is recorded; make sure, then withdraw it.")))
            if may_withdraw:
                button = LinkButton(
                    tr("Withdraw…"),
                    on=partial(self.withdraw_wanted.emit, one),
                    name=f"withdraw-{one.number}",
                )
                button.setAccessibleName(tr("Withdraw document {number}", number=one.number))
                lines.addLayout(row(button, None))
            self._add(_holder(lines))
        if may_print:
            another = LinkButton(
                tr("Another document… ({key})", key="Ctrl+D"),
                on=self.another_wanted.emit,
                name="person-another-document",
            )
            another.setAccessibleName(tr("Print another document"))
            self._add(_holder(row(another, None)))


@dataclass(frozen=True, slots=True)
class Known:
    """One fact: its field, its label, what is known."""

    field: str
    label: str
    value: str


_IN_HEAD: Final = ("name", "name_latin")
"""Fields that the card above tells, and that have their past beside the others."""

_OF_ACTS: Final = "@"
"""What no form asks, such as a number or a voiding: the timeline tells it."""


def known(found: Found) -> list[Known]:
    """Every field with a past, whether something is known of it now or not: the names first."""
    shown = {fact.field: Known(fact.field, fact.label, fact.value_text) for fact in found.facts}
    now = {"name": found.name, "name_latin": found.name_latin}
    past = {
        row.field: Known(row.field, row.label, now.get(row.field, ""))
        for row in found.history
        if not row.field.startswith(_OF_ACTS)
    }
    names = {field: past[field] for field in _IN_HEAD if field in past}
    return list((names | shown | past | shown).values())


class FactsPlace(Titled):
    """What is known. The clock beside a fact unfolds its past."""

    def __init__(self) -> None:
        super().__init__(tr("What is known"), "person-facts")
        self._pasts: dict[str, QWidget] = {}

    def show_facts(self, facts: Sequence[Known], history: Sequence[HistoryRow]) -> None:
        """Show them, each with the changes that led to it."""
        self._clear()
        self._pasts = {}
        self.setVisible(bool(facts))
        for fact in facts:
            past = [change for change in history if change.field == fact.field]
            self._add(self._line(fact, past))

    def open_past(self, field: str) -> None:
        """Unfold or fold the past of a fact."""
        past = self._pasts.get(field)
        if past is not None:
            past.setVisible(past.isHidden())

    def past_is_open(self, field: str) -> bool:
        past = self._pasts.get(field)
        return past is not None and not past.isHidden()

    def _line(self, fact: Known, past: Sequence[HistoryRow]) -> QWidget:
        value = Text(fact.value or "–").selectable()
        value.setAccessibleName(f"{fact.label}: {fact.value}")
        said = column(Caption(fact.label), value, spacing=0)
        head = row(said)
        head.setStretch(0, 1)
        lines = column(head, spacing=tokens.S8)
        if past:
            clock = IconButton(
                "history",
                tr("History of {field}", field=fact.label),
                on=lambda: self.open_past(fact.field),
                name=f"history-{fact.field}",
                ink="muted",
            )
            head.addWidget(clock, 0, Qt.AlignmentFlag.AlignTop)
            unfolded = self._past(past)
            unfolded.hide()
            lines.addWidget(unfolded)
            self._pasts[fact.field] = unfolded
        return _holder(lines)

    @staticmethod
    def _past(past: Sequence[HistoryRow]) -> QWidget:
        box = Plain()
        box.setObjectName("past")
        layout = QVBoxLayout(box)
        layout.setContentsMargins(tokens.S12, 0, 0, tokens.S4)
        layout.setSpacing(tokens.S8)
        for change in past:
            old = change.old or tr("nothing")
            new = change.new or tr("nothing")
            said = (
                tr("First recorded: {new}", new=isolate(new))
                if not change.old
                else tr("{old} became {new}", old=isolate(old), new=isolate(new))
            )
            lines: list[QWidget] = [Text(said)]
            if change.state:  # it was proposed, and never came to be
                said = tr("Proposed: {new}", new=isolate(new))
                tone = "danger" if change.state == "refused" else "warning"
                lines = [Text(said), Pill(change.what, tone=tone)]
            lines += [Text(one, muted=True) for one in (change.reason, change.note) if one]
            when = tr("{when}, by {who}", when=words.moment(change.at), who=isolate(change.by))
            lines.append(Caption(when))
            if change.proposed_by and not change.state:
                lines.append(Caption(tr("Proposed by {who}", who=isolate(change.proposed_by))))
            if change.decided_by:
                lines.append(Caption(tr("Decided by {who}", who=isolate(change.decided_by))))
            layout.addLayout(column(*lines, spacing=0))
        return box
