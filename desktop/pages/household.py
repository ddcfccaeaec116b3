"""A household: who belongs to it, and moving, splitting, merging, another head or relation.

Every change is one act with its reason, and the last one can be undone.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desktop.desk import Changes, Desk
from desktop.households import acts
from desktop.households.acts import HEAD, Known
from desktop.households.form import ActForm
from desktop.households.past import Past
from desktop.page import WIDE, Key, Page
from desktop.pages.ages import age_words
from desktop.style import tokens
from desktop.widgets.buttons import Button
from desktop.widgets.flow import Lines
from desktop.widgets.labels import Caption, Title
from desktop.widgets.layout import Plain, Scroll, column, row
from desktop.widgets.messages import EmptyState, Notice
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from station.households import HouseholdChange
    from workspace.people import MemberRow

_BESIDE: Final = 360


class HouseholdPage(Page):
    """The household of one member."""

    key = "household"
    layout_width = WIDE
    once = frozenset({"person"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._person: Any = None
        self._known: Known | None = None
        self._busy = False
        self.number = Title("")
        self.number.setObjectName("household-title")
        self.count = Caption("")
        self.lacks = Notice("warning", "")
        self.lacks.setObjectName("household-lacks")
        self.lacks.hide()
        empty = EmptyState(
            "household",
            tr("Nobody belongs to this household now"),
            tr("It stays with its past. What was done can be undone."),
        )
        self.table: DataTable[MemberRow] = DataTable(
            _columns(desk),
            name="household",
            label=tr("Members of the household"),
            prefs=desk.prefs,
            identity=lambda member: member.person,
            empty=empty,
        )
        self.table.selection_changed.connect(self._enable)
        self.table.activated.connect(lambda member: self.go("person", person=member.person))
        self.move_away = Button(tr("Move… ({key})", key="M"), on=self._move, name="household-move")
        self.relation = Button(
            tr("Relation… ({key})", key="R"), on=self._relation, name="household-relation"
        )
        self.head = Button(tr("Make head… ({key})", key="H"), on=self._head, name="household-head")
        self.split = Button(
            tr("Split off… ({key})", key="S"), icon="split", on=self._split, name="household-split"
        )
        self.merge = Button(
            tr("Merge with another… ({key})", key="G"),
            icon="merge",
            on=self._merge,
            name="household-merge",
        )
        self.correct = Button(
            tr("Correct its answers… ({key})", key="C"),
            icon="edit",
            on=self._correct,
            name="household-correct",
        )
        self.undo = Button(
            tr("Undo the last change… ({key})", key="U"),
            icon="undo",
            on=self._undo,
            name="household-undo",
        )
        self.past = Past()
        self.form = ActForm(desk)
        self.form.signed.connect(self._sign)
        self.form.left.connect(self._close_form)
        self._lay_out()
        self._enable()
        desk.changed.connect(self._changed)

    def _lay_out(self) -> None:
        of_one = Lines(self.move_away, self.relation, self.head)
        of_all = Lines(self.split, self.merge, self.correct)
        members = Plain()
        members.setLayout(
            column(
                column(self.number, self.count, spacing=2),
                self.lacks,
                of_all,
                self.table,
                of_one,
                spacing=tokens.S12,
            )
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(members)
        self.stack.addWidget(self.form)
        beside = Scroll(margin=0, top=0, bottom=0)
        beside.setFixedWidth(_BESIDE)
        beside.body.addLayout(row(self.undo, None))
        beside.body.addWidget(self.past)
        beside.body.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(tokens.S24)
        across.addWidget(self.stack, 1)
        across.addWidget(beside)
        self.body.addLayout(across, 1)

    # what is shown -------------------------------------------------------------------------

    def on_shown(self, person: Any = None, **arguments: Any) -> None:
        if person is not None and person != self._person:
            self._person = person
            self._close_form()
        self._load()

    def _load(self) -> None:
        if self._person is None:
            return
        self.desk.read(
            partial(acts.known, person=self._person, language=self.desk.language),
            done=self._show,
            failed=self.say_failure,
            parent=self,
            latest="household",
        )

    def _show(self, known: Known | None) -> None:
        self._known = known
        if known is None:  # the last member left: it is looked at from another person's page
            self.table.set_rows([])
            self.past.show_past(())
            self.lacks.hide()
            self._enable()
            return
        self.set_title(tr("Household {number}", number=isolate(known.card.number)))
        self.number.setText(isolate(known.card.number))
        self.count.setText(ntr("{n} person", "{n} persons", len(known.card.members)))
        before = self.table.selected()
        self.table.set_rows(known.card.members)
        if not before or not self.table.selected():
            self._choose_who_one_came_from()
        self.past.show_past(known.past)
        self._show_lacks(known)
        if self.stack.currentWidget() is not self.form and not self.table.view.hasFocus():
            self.table.view.setFocus()
        self._enable()

    def _show_lacks(self, known: Known) -> None:
        """That nobody speaks for the household, or decides for its children, and what to do."""
        lacks = known.card.lacks
        self.lacks.setVisible(lacks is not None)
        if lacks is None:
            return
        said = []
        if lacks.children:
            said.append(
                tr(
                    "Only children are left in this household. Call the child-protection focal "
                    "point now: they look at what is best for each child (best-interests "
                    "procedure). Then say in the child's record that they know."
                )
            )
        if lacks.headless:
            said.append(tr("The household has no head: choose a member who speaks for it."))
        name = (tr("Make head…"), self._head) if lacks.headless else None
        record = (tr("The child's record"), partial(self._record_of, lacks.person))
        self.lacks.set_message("warning", " ".join(said), action=name or record)

    def _record_of(self, person: Any) -> None:
        self.go("correct", person=person, field="uasc_status")

    def _choose_who_one_came_from(self) -> None:
        for place, member in enumerate(self.table.shown()):
            if member.person == self._person:
                self.table.choose(place)
                return
        self.table.select_first()

    def _chosen(self) -> MemberRow | None:
        chosen = self.table.selected()
        return chosen[0] if chosen else None

    def _last(self) -> HouseholdChange | None:
        """The newest act, where it can be undone."""
        past = self._known.past if self._known is not None else ()
        newest = next((one for one in past if not one.undone and one.what != "undo"), None)
        return newest if newest is not None and newest.undoable else None

    def _enable(self) -> None:
        member, known = self._chosen(), self._known
        several = known is not None and len(known.card.members) > 1
        is_head = member is not None and member.relation == HEAD
        self.move_away.setEnabled(
            member is not None and not (is_head and several) and not self._busy
        )
        self.relation.setEnabled(member is not None and not is_head and not self._busy)
        self.head.setEnabled(member is not None and not is_head and not self._busy)
        self.split.setEnabled(several and not self._busy)
        self.merge.setEnabled(known is not None and not self._busy)
        self.correct.setEnabled(known is not None and not self._busy)
        self.undo.setEnabled(self._last() is not None and not self._busy)

    def keys(self) -> list[Key]:
        return [
            Key("M", tr("Move the member to another household"), self._move),
            Key("R", tr("Another relation to the head"), self._relation),
            Key("H", tr("Make the member the head"), self._head),
            Key("S", tr("Split off some members"), self._split),
            Key("G", tr("Merge with another household"), self._merge),
            Key("C", tr("Correct what the household answered"), self._correct),
            Key("U", tr("Undo the last change"), self._undo),
            Key("Return", tr("Open the member")),
            Key("Ctrl+Return", tr("In a form: sign"), self.form.sign_now),
            Key("Escape", tr("Close the form"), self._close_form),
        ]

    # acts ----------------------------------------------------------------------------------

    @property
    def _open(self) -> bool:
        """Whether a form is in front, where letters are typed."""
        return self.stack.currentWidget() is self.form

    def _move(self) -> None:
        member = self._chosen()
        if not self._open and self.move_away.isEnabled() and member is not None:
            self._show_form(lambda form, known: form.ask_move(known, member))

    def _relation(self) -> None:
        member = self._chosen()
        if not self._open and self.relation.isEnabled() and member is not None:
            self._show_form(lambda form, known: form.ask_relation(known, member))

    def _head(self) -> None:
        member = self._chosen()
        if not self._open and self.head.isEnabled() and member is not None:
            self._show_form(lambda form, known: form.ask_head(known, member))

    def _split(self) -> None:
        if not self._open and self.split.isEnabled():
            chosen = self._chosen()
            self._show_form(lambda form, known: form.ask_split(known, chosen))

    def _merge(self) -> None:
        if not self._open and self.merge.isEnabled():
            self._show_form(lambda form, known: form.ask_merge(known))

    def _correct(self) -> None:
        if not self._open and self.correct.isEnabled():
            self.go("correct", household=self._person)

    def _show_form(self, ask: Any) -> None:
        if self._known is None:
            return
        self.hush()
        self.stack.setCurrentWidget(self.form)
        ask(self.form, self._known)

    def _close_form(self) -> None:
        if self._open:
            self.hush()
            self.stack.setCurrentIndex(0)
            self.table.view.setFocus()

    def _sign(self, act: acts.Act) -> None:
        """Do what the form asked for."""
        if self._busy:
            return
        self._run(act, done=self._signed)

    def _signed(self, said: str) -> None:
        self._busy = False
        self._close_form()
        self.say("success", said)
        self._load()

    def _undo(self) -> None:
        last = self._last()
        if self._open or last is None or self._busy:
            return
        reason = self.desk.dialogs.reason(
            self,
            tr("Undo the last change: {what}?", what=last.title),
            tr("Further entries put everybody back where they were. Both stay in the past."),
            tr("Undo"),
            choices=[tr("Done by mistake"), tr("The family says otherwise")],
            danger=False,
        )
        if reason is not None:
            self._run(acts.Undo(last.act, reason), done=self._signed)

    def _run(self, act: acts.Act, *, done: Any) -> None:
        self._busy = True
        self._enable()
        self.hush()
        self.desk.act(
            partial(acts.do, act=act),
            done=done,
            failed=self._failed,
            changes=Changes(people=True, sending=True),
            parent=self,
        )

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._enable()
        self.say_failure(error)
        self.form.again()

    def _changed(self, changes: Changes) -> None:
        if changes.people and self.isVisible() and not self._open:
            self._load()


def _columns(desk: Desk) -> list[Column[MemberRow]]:
    return [
        Column(
            key="name",
            title=tr("Name"),
            value=lambda one: one.name,
            strong=True,
            stretch=True,
        ),
        Column(
            key="relation", title=tr("Relation"), value=lambda one: one.relation_text, width=190
        ),
        Column(
            key="age",
            title=tr("Age"),
            value=lambda one: age_words(one.birth, desk.today(), desk.language),
            width=90,
        ),
        Column(
            key="number", title=tr("Number"), value=lambda one: one.number, width=190, mono=True
        ),
    ]
