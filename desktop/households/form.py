"""The form of one act: where to, who goes as what, and why. Enter walks through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.households import acts
from desktop.households.acts import (
    HEAD,
    MIRRORED,
    Act,
    Known,
    Merge,
    Move,
    SetHead,
    SetRelation,
    Split,
)
from desktop.households.rows import MemberLine
from desktop.interview.people import DeskPeople
from desktop.interview.person_field import PersonField, PersonLine
from desktop.style import tokens
from desktop.widgets.buttons import PrimaryButton, QuietButton
from desktop.widgets.enter import EnterMoves
from desktop.widgets.fields import TextField
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Plain, Rule, Scroll, column, row
from desktop.widgets.messages import Notice
from desktop.words import isolate, tr
from values.identifiers import PersonId

if TYPE_CHECKING:
    from workspace.people import HouseholdCard, MemberRow

REASON_LEAST: Final = 3


class ActForm(Plain):
    """One act being prepared. It tells ``signed`` with the act once nothing is missing."""

    signed = Signal(object)  # Act
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("household-form")
        self._desk = desk
        self._known: Known | None = None
        self._make: Callable[[], Act | None] = lambda: None
        self._lines: list[MemberLine] = []
        self._to: HouseholdCard | None = None
        self._title = Section("")
        self._explanation = Text("", muted=True)
        self._people = DeskPeople(desk, self)
        self.destination = PersonField(
            "destination",
            tr("The other household"),
            people=self._people,
            placeholder=tr("Type its number, or the name of a member"),
        )
        self.destination.chosen.connect(lambda _key, line: self._chosen(line))
        self._there = Notice("info", "")
        self._there.setObjectName("destination-said")
        self._members = Plain()
        self._rows = QVBoxLayout(self._members)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(tokens.S8)
        self.reason = TextField("reason", tr("Why"), required=True, limit=400)
        self._problem = Notice("danger", "")
        self._problem.setObjectName("household-problem")
        self.sign = PrimaryButton(tr("Sign"), icon="check", on=self.sign_now, name="household-sign")
        self.close_button = QuietButton(tr("Back"), on=self.left.emit, name="household-back")
        scroll = Scroll(limit=tokens.FORM_WIDTH, margin=tokens.S4, top=0, bottom=tokens.S12)
        for part in (
            self._title,
            self._explanation,
            self.destination,
            self._there,
            self._members,
            self.reason,
            self._problem,
        ):
            scroll.body.addWidget(part)
        scroll.body.addStretch(1)
        self.enter = EnterMoves(scroll.inner)
        self.enter.past_end.connect(self.sign_now)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S8)
        layout.addWidget(scroll, 1)
        layout.addLayout(column(Rule(), row(None, self.close_button, self.sign)))

    # what is asked ---------------------------------------------------------------------------

    def ask_move(self, known: Known, member: MemberRow) -> None:
        """Where a member goes, and as what."""
        self._begin(
            known,
            tr("Move {name} to another household", name=isolate(member.name)),
            tr("The past of both households tells of it."),
            destination=True,
        )
        self._add([member], asked=False)
        self._make = lambda: self._moved(member)
        self.destination.focus_editor()

    def ask_relation(self, known: Known, member: MemberRow) -> None:
        """What a member is to the head."""
        self._begin(known, tr("What {name} is to the head", name=isolate(member.name)), "")
        self._add([member], asked=False, filled=True)
        self._make = lambda: self._related(member)
        self._lines[0].relation.focus_editor()

    def ask_head(self, known: Known, member: MemberRow) -> None:
        """Who is head from now on; the others' relations are to the new head."""
        self._begin(
            known,
            tr("Make {name} the head", name=isolate(member.name)),
            tr("Say what each of the others is to the new head."),
        )
        others = [one for one in known.card.members if one.person != member.person]
        self._add(others, asked=False)
        for line in self._lines:
            if line.member.relation == HEAD:
                line.relation.set_value(MIRRORED.get(member.relation, ""))
        self._make = lambda: self._headed(member)
        open_one = next((line for line in self._lines if not line.chosen), None)
        (open_one.relation if open_one else self.reason).focus_editor()

    def ask_split(self, known: Known, chosen: MemberRow | None) -> None:
        """Who goes, as what, and who of them is the head."""
        self._begin(
            known,
            tr("Split off a household"),
            tr(
                "Tick those who go. One of them is the new head; say what the others are to that "
                "person. The head of this household stays."
            ),
        )
        going = [one for one in known.card.members if one.relation != HEAD]
        self._add(going, asked=True)
        for line in self._lines:
            if chosen is not None and line.member.person == chosen.person:
                line.go(True)
                line.relation.set_value(HEAD)
        self._make = self._split
        if self._lines:
            self._lines[0].tick.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_merge(self, known: Known) -> None:
        """Which household comes over, and what each of its members is here."""
        self._begin(
            known,
            tr("Merge with another household"),
            tr("All members of the other household come over to this one."),
            destination=True,
        )
        self._make = self._merged
        self.destination.focus_editor()

    def _begin(
        self, known: Known, title: str, explanation: str, *, destination: bool = False
    ) -> None:
        self._known, self._to = known, None
        self._title.setText(title)
        self._explanation.setText(explanation)
        self._explanation.setVisible(bool(explanation))
        self.destination.set_value("")
        self.destination.set_problems(())
        self.destination.setVisible(destination)
        self._there.hide()
        self._problem.hide()
        self.reason.set_value("")
        self.reason.set_problems(())
        self._add([], asked=False)
        self.again()

    def _add(self, members: Sequence[MemberRow], *, asked: bool, filled: bool = False) -> None:
        """A line for each of these. ``asked``: whether they go at all; ``filled``: as they are."""
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = []
        known = self._known
        for number, member in enumerate(members):
            line = MemberLine(
                member,
                number,
                relations=known.relations if known is not None else (),
                also=known.also if known is not None else {},
                asked=asked,
                age=known.ages.get(member.person, "") if known is not None else "",
            )
            if filled:
                line.relation.set_value(member.relation)
            self._rows.addWidget(line)
            self._lines.append(line)
        self.enter.watch()
        before: QWidget = self.destination
        for line in self._lines:
            for widget in line.inputs():
                QWidget.setTabOrder(before, widget)
                before = widget
        QWidget.setTabOrder(before, self.reason.editor)

    # the other household -----------------------------------------------------------------------

    def _chosen(self, line: PersonLine | None) -> None:
        """Somebody of the other household was named."""
        self._to = None
        self._there.hide()
        if line is None:
            return
        self._desk.read(
            partial(
                acts.card_of,
                person=PersonId(UUID(hex=line.person)),
                language=self._desk.language,
            ),
            done=self._found,
            parent=self,
            latest="destination",
        )

    def _found(self, card: HouseholdCard | None) -> None:
        known = self._known
        if known is None:
            return
        if card is None:
            self._refuse(tr("This person belongs to no household."), self.destination)
            return
        if card.id == known.card.id:
            self._refuse(tr("That is this household. Choose another one."), self.destination)
            return
        self._to = card
        self.destination.set_problems(())
        names = " · ".join(isolate(one.name) for one in card.members)
        self._there.set_message(
            "info",
            tr(
                "Household {number}: {names}",
                number=isolate(card.number),
                names=names,
            ),
        )
        self._there.show()
        if not self._lines:  # a merge asks about those who come
            self._add(card.members, asked=False)
            for line in self._lines:
                line.relation.set_value("")
            if self._lines:
                self._lines[0].relation.focus_editor()

    # signing -----------------------------------------------------------------------------------

    def sign_now(self) -> None:
        """Make the act of what was said, if nothing is missing."""
        if not self.isVisible() or not self.sign.isEnabled():
            return
        self._problem.hide()
        self.reason.set_problems(())
        act = self._make()
        if act is None:
            return
        self.sign.setEnabled(False)
        self.signed.emit(act)

    def again(self) -> None:
        """It was not done: it can be signed again."""
        self.sign.setEnabled(True)

    def _moved(self, member: MemberRow) -> Act | None:
        to = self._destination()
        relation = self._relation_of(self._lines[0]) if to is not None else None
        reason = self._why() if relation else None
        if to is None or not relation or not reason:
            return None
        return Move(member.person, to.id, relation, reason)

    def _related(self, member: MemberRow) -> Act | None:
        relation = self._relation_of(self._lines[0])
        reason = self._why() if relation else None
        if self._known is None or not relation or not reason:
            return None
        return SetRelation(self._known.card.id, member.person, relation, reason)

    def _headed(self, member: MemberRow) -> Act | None:
        told = self._told()
        reason = self._why() if told is not None else None
        if self._known is None or told is None or not reason:
            return None
        old = next(
            (line.member.person for line in self._lines if line.member.relation == HEAD), None
        )
        changed = {
            line.member.person: told[line.member.person]
            for line in self._lines
            if line.member.person != old and told[line.member.person] != line.member.relation
        }
        relation_of_old = told.get(old, "") if old is not None else ""
        return SetHead(self._known.card.id, member.person, relation_of_old, reason, changed)

    def _split(self) -> Act | None:
        if not any(line.goes for line in self._lines):
            self._refuse(tr("Tick those who go."), None)
            self._lines[0].tick.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        told = self._told()
        if told is None:
            return None
        if list(told.values()).count(HEAD) != 1:
            self._refuse(tr("Choose one of those who go as the head of the household."), None)
            going = next(line for line in self._lines if line.goes)
            going.relation.focus_editor()
            return None
        reason = self._why()
        if self._known is None or not reason:
            return None
        return Split(self._known.card.id, told, reason)

    def _merged(self) -> Act | None:
        to = self._destination()
        told = self._told() if to is not None else None
        reason = self._why() if told is not None else None
        if self._known is None or to is None or told is None or not reason:
            return None
        return Merge(self._known.card.id, to.id, told, reason)

    def _destination(self) -> HouseholdCard | None:
        if self._to is None:
            self._refuse(tr("Choose the other household."), self.destination)
        return self._to

    def _told(self) -> dict[PersonId, str] | None:
        """The relation of each who goes; None where one is missing."""
        told: dict[PersonId, str] = {}
        for line in self._lines:
            if line.goes:
                relation = self._relation_of(line)
                if relation is None:
                    return None
                told[line.member.person] = relation
        return told

    def _relation_of(self, line: MemberLine) -> str | None:
        known = {code for code, _ in self._known.relations} if self._known is not None else set()
        if line.chosen in known:
            return line.chosen
        line.relation.set_problems([("error", tr("Choose the relation to the head."))])
        line.relation.focus_editor()
        return None

    def _why(self) -> str | None:
        said = str(self.reason.value() or "").strip()
        if len(said) >= REASON_LEAST:
            return said
        self.reason.set_problems([("error", tr("Say why: who says so, or what was shown."))])
        self.reason.focus_editor()
        return None

    def _refuse(self, sentence: str, field: Any) -> None:
        if field is not None:
            field.set_problems([("error", sentence)])
            field.focus_editor()
            return
        self._problem.set_message("danger", sentence)
        self._problem.show()
