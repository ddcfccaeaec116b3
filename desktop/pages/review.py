"""Review: the second pair of eyes. A list, the family read back, and two decisions.

Corrections of records wait beside the families, on a tab of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk
from desktop.page import WIDE, Key, Page
from desktop.pages.ages import brief
from desktop.pages.came_back import CameBack
from desktop.pages.corrections import Corrections
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton, QuietButton
from desktop.widgets.labels import Caption, Section, Strong, Text, Title
from desktop.widgets.layout import Card, Plain, Scroll, Stack, column, row
from desktop.widgets.messages import EmptyState, Notice, Picture
from desktop.widgets.table import Column, DataTable
from desktop.words import N_, isolate, ntr, tr

if TYPE_CHECKING:
    from datetime import date

    from station.review import ReviewDetail, ReviewResult, ReviewRow

_BESIDE: Final = 460
_REASONS: Final = (
    N_("A name is misspelt"),
    N_("A date does not fit"),
    N_("A relation does not fit"),
    N_("Somebody is missing"),
    N_("Registered before"),
)


class ReviewPage(Page):
    """What officers took in and nobody has reviewed, the oldest first."""

    key = "review"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._detail: ReviewDetail | None = None
        self._busy = False
        empty = EmptyState(
            "review",
            tr("Nothing waits for review"),
            tr("Families that officers register appear here, so that a second person looks."),
        )
        self.table: DataTable[ReviewRow] = DataTable(
            _columns(desk.today),
            name="review",
            label=tr("Families that wait for review"),
            prefs=desk.prefs,
            identity=lambda waiting: waiting.registration,
            empty=empty,
        )
        self.table.selection_changed.connect(self._look)
        self.table.activated.connect(self._opened)
        self.beside = _Beside()
        self.approve = PrimaryButton(
            tr("Approve ({key})", key="A"), icon="check", on=self._approve, name="review-approve"
        )
        self.send_back = Button(
            tr("Send back… ({key})", key="S"), on=self._send_back, name="review-send-back"
        )
        self.all = QuietButton("", on=self._approve_plain, name="review-all")
        self.corrections = Corrections(desk)
        self.corrections.said.connect(self.say)
        self.corrections.failed.connect(self.say_failure)
        self.corrections.noted.connect(self._noted)
        self.corrections.counted.connect(self._count_corrections)
        self.corrections.person_wanted.connect(lambda person: self.go("person", person=person))
        self.tabs = [
            self._tab(tr("Families"), 0, "review-families"),
            self._tab("", 1, "review-corrections"),
            self._tab("", 2, "review-came-back"),
        ]
        self.came_back = CameBack(desk)
        self.came_back.counted.connect(self._count_returned)
        self.stack = Stack()
        self._lay_out()
        self._count_corrections(0)
        self._count_returned(0)
        self._turn_to(0)
        self._enable()
        desk.changed.connect(self._changed)

    def _lay_out(self) -> None:
        self._side = Plain()
        self._side.setFixedWidth(_BESIDE)
        layout = QVBoxLayout(self._side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S12)
        layout.addWidget(self.beside, 1)
        layout.addLayout(row(self.send_back, None, self.approve))
        families = Plain()
        inner = QVBoxLayout(families)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(tokens.S16)
        across = QHBoxLayout()
        across.setSpacing(tokens.S24)
        across.addWidget(self.table, 1)
        across.addWidget(self._side)
        inner.addLayout(across, 1)
        inner.addLayout(row(self.all, None))
        self.stack.addWidget(families)
        self.stack.addWidget(self.corrections)
        self.stack.addWidget(self.came_back)
        self.body.addLayout(row(*self.tabs, None, spacing=tokens.S8))
        self.body.addWidget(self.stack, 1)

    def keys(self) -> list[Key]:
        return [
            Key("A", tr("Approve"), self._approve),
            Key("S", tr("Send a family back with a reason"), self._send_back),
            Key("R", tr("Refuse a correction with a reason"), self._refuse),
            Key("J", tr("Next"), lambda: self._step(1)),
            Key("K", tr("Previous"), lambda: self._step(-1)),
            Key("Ctrl+PgDown", tr("Next list"), lambda: self._turn_by(1)),
            Key("Ctrl+PgUp", tr("The list before"), lambda: self._turn_by(-1)),
        ]

    # the tabs ------------------------------------------------------------------------------

    def _tab(self, text: str, number: int, name: str) -> Button:
        tab = Button(text, on=lambda: self._turn_to(number), name=name)
        tab.setCheckable(True)
        tab.setProperty("look", "segment")
        return tab

    @property
    def _on_corrections(self) -> bool:
        return self.stack.currentWidget() is self.corrections

    def _turn_to(self, number: int) -> None:
        """Families, corrections, or what came back."""
        for place, tab in enumerate(self.tabs):
            tab.setChecked(place == number)
        self.hush()
        self.stack.setCurrentIndex(number)
        table = (self.table, self.corrections.table, self.came_back.table)[number]
        if self.isVisible():
            (table.view if table.rows() else self.tabs[number]).setFocus()

    def _turn_by(self, by: int) -> None:
        self._turn_to(max(0, min(len(self.tabs) - 1, self.stack.currentIndex() + by)))

    @property
    def _on_families(self) -> bool:
        return self.stack.currentIndex() == 0

    def _count_corrections(self, count: int) -> None:
        self.tabs[1].setText(
            ntr("{n} correction", "{n} corrections", count) if count else tr("Corrections")
        )

    def _count_returned(self, count: int) -> None:
        self.tabs[2].setText(
            ntr("{n} came back", "{n} came back", count) if count else tr("Came back")
        )

    def _noted(self, note: str) -> None:
        self.hush()
        self.set_note(note)

    def _refuse(self) -> None:
        if self._on_corrections:
            self.corrections.refuse()

    # what waits ----------------------------------------------------------------------------

    def on_shown(self, tab: str = "", **arguments: Any) -> None:
        """``tab="corrections"`` turns to them, ``tab="returned"`` to what came back."""
        if tab:
            self._turn_to({"corrections": 1, "returned": 2}.get(tab, 0))
        self._load()

    def _load(self) -> None:
        self.corrections.load()
        self.came_back.load()
        language = self.desk.language
        self.desk.read(
            lambda work: offices.review.waiting(work.session, language=language),
            done=self._show,
            parent=self,
            latest="waiting",
        )

    def _show(self, waiting: Sequence[ReviewRow]) -> None:
        before = self.table.current()
        place = self.table.shown().index(before) if before in self.table.shown() else 0
        self.table.set_rows(waiting)
        if waiting and not self.table.selected():
            self.table.choose(place)
        self._side.setVisible(bool(waiting))
        plain = len(_plain(waiting))
        self.all.setVisible(plain > 1)
        self.all.setText(
            ntr("Approve {n} family without flags", "Approve all {n} families without flags", plain)
        )
        if waiting and self._on_families and not self.table.view.hasFocus():
            self.table.view.setFocus()
        self._look()

    def _step(self, by: int) -> None:
        if self._on_corrections:
            self.corrections.step(by)
            return
        table = self.table if self._on_families else self.came_back.table
        table.choose(table.view.currentIndex().row() + by)

    def _opened(self, _row: ReviewRow) -> None:
        self.approve.setFocus()

    def _chosen(self) -> ReviewRow | None:
        chosen = self.table.selected()
        return chosen[0] if chosen else None

    def _look(self) -> None:
        chosen = self._chosen()
        self._enable()
        if chosen is None:
            self._detail = None
            return
        language = self.desk.language
        self.desk.read(
            lambda work: offices.review.detail(
                work.session, chosen.registration, language=language
            ),
            done=self._show_detail,
            parent=self,
            latest="detail",
        )

    def _show_detail(self, detail: ReviewDetail) -> None:
        self._detail = detail
        self.beside.show_detail(detail)
        self._enable()

    def _enable(self) -> None:
        chosen = self._chosen()
        may = chosen is not None and not chosen.own and not self._busy
        self.approve.setEnabled(may)
        self.send_back.setEnabled(may)
        self.all.setEnabled(not self._busy)

    # decisions -----------------------------------------------------------------------------

    def _approve(self) -> None:
        if self._on_corrections:
            self.corrections.approve()
            return
        chosen = self._chosen()
        if chosen is None or self._busy or not self._on_families:
            return
        if chosen.own:
            self.say("info", _own_sentence())
            return
        self._run([chosen])

    def _approve_plain(self) -> None:
        if not self._busy:
            self._run(_plain(self.table.rows()))

    def _run(self, rows: Sequence[ReviewRow]) -> None:
        self._busy = True
        self._enable()
        self.hush()
        identities = [one.registration for one in rows]
        self.desk.act(
            lambda work: offices.review.approve(work.session, identities),
            done=self._approved,
            failed=self._failed,
            changes=Changes(queue=True, people=True, sending=True),
            parent=self,
        )

    def _approved(self, result: ReviewResult) -> None:
        self._busy = False
        self._enable()
        self.set_note(
            ntr("{n} family approved", "{n} families approved", result.approved)
            if result.approved
            else tr("Nothing was approved")
        )

    def _send_back(self) -> None:
        chosen = self._chosen()
        if not self._on_families or chosen is None or chosen.own or self._busy:
            return
        reason = self.desk.dialogs.reason(
            self,
            tr("Send this family back?"),
            tr(
                "{officer} sees the reason and mends it. The registration stays, marked as "
                "sent back.",
                officer=chosen.author,
            ),
            tr("Send back"),
            choices=[tr(reason) for reason in _REASONS],
        )
        if reason is None:
            return
        self._busy = True
        self._enable()
        self.desk.act(
            lambda work: offices.review.send_back(work.session, chosen.registration, reason),
            done=lambda _none: self._sent_back(),
            failed=self._failed,
            changes=Changes(queue=True, people=True, sending=True),
            parent=self,
        )

    def _sent_back(self) -> None:
        self._busy = False
        self._enable()
        self.set_note(tr("Sent back"))

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._enable()
        self.say_failure(error)
        self._load()

    def _changed(self, changes: Changes) -> None:
        if changes.queue and self.isVisible():
            self._load()


class _Beside(Scroll):
    """One family as it was read back, with what the forms flagged."""

    def __init__(self) -> None:
        super().__init__(margin=0, top=0, bottom=0, spacing=tokens.S12)
        self.setObjectName("review-detail")
        self.own = Notice("info", _own_sentence())
        self.own.hide()
        self._name = Title("")
        self._line = Caption("")
        self._said = Card(spacing=tokens.S8)
        self._flags = Card(spacing=tokens.S12)
        self.body.addWidget(self.own)
        self.body.addLayout(column(self._name, self._line, spacing=2))
        self.body.addWidget(self._flags)
        self.body.addWidget(self._said)
        self.body.addStretch(1)

    def show_detail(self, detail: ReviewDetail) -> None:
        """Show a family."""
        waiting = detail.row
        self.own.setVisible(waiting.own)
        self._name.setText(waiting.head_name or isolate(waiting.household_number))
        self._line.setText(
            tr(
                "{number}, taken in by {officer}, {when}",
                number=isolate(waiting.household_number),
                officer=isolate(waiting.author),
                when=words.moment(waiting.at),
            )
        )
        _empty(self._said)
        self._said.body.addWidget(Section(_what(waiting)))
        for one in detail.told:
            heading = column(Strong(isolate(one.title)), spacing=0)
            if one.number:
                heading.addWidget(Caption(isolate(one.number)))
            self._said.body.addLayout(heading)
            self._said.body.addWidget(Text(" ".join(one.sentences)).selectable())
        _empty(self._flags)
        reasons = dict(waiting.confirmed)
        flags = [*dict.fromkeys((*waiting.flags, *reasons))]
        self._flags.setVisible(bool(flags))
        for flag in flags:
            self._flags.body.addLayout(self._flag(flag, reasons.get(flag, "")))

    @staticmethod
    def _flag(flag: str, reason: str) -> Any:
        picture = Picture("warning", role="warning", size=16)
        lines = column(Strong(flag), spacing=2)
        if reason:
            lines.addWidget(Text(tr("The officer says: {reason}", reason=reason), muted=True))
        made = row(picture, lines, spacing=tokens.S8)
        made.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        made.setStretch(1, 1)
        return made


def _empty(card: Card) -> None:
    """Take everything out of a card, layouts within it included."""
    while (item := card.body.takeAt(0)) is not None:
        _drop(item)


def _drop(item: Any) -> None:
    widget = item.widget()
    if widget is not None:
        widget.hide()
        widget.deleteLater()
        return
    layout = item.layout()
    while layout is not None and (inner := layout.takeAt(0)) is not None:
        _drop(inner)


def _columns(today: Callable[[], date]) -> list[Column[ReviewRow]]:
    return [
        Column(
            key="head",
            title=tr("Family of"),
            value=_of,
            strong=True,
            stretch=True,
        ),
        Column(
            key="persons",
            title=tr("Persons"),
            value=lambda one: words.number(one.persons),
            sort=lambda one: one.persons,
            at_end=True,
            width=80,
        ),
        Column(key="officer", title=tr("Officer"), value=lambda one: one.author, width=100),
        Column(
            key="at",
            title=tr("Taken in"),
            value=lambda one: brief(one.at, today()),
            sort=lambda one: one.at,
            width=130,
        ),
        Column(key="flags", title=tr("Flags"), value=_flags, tone=_flag_tone, width=120),
    ]


def _what(waiting: ReviewRow) -> str:
    """What is registered: a family, members of one, or somebody whom an event brought."""
    people = ntr("{n} person", "{n} persons", waiting.persons)
    if waiting.kind == "event":
        return tr("Registered with an event: {event}", event=waiting.event)
    if waiting.kind == "joined":
        return tr("{people}, added to a family that is registered", people=people)
    return people


def _of(waiting: ReviewRow) -> str:
    """The name in the list, with what it is unless it is a family."""
    if waiting.kind == "event":
        return tr("{name} ({what})", name=isolate(waiting.head_name), what=waiting.event)
    if waiting.kind == "joined":
        return tr("{name} (joins a family)", name=isolate(waiting.head_name))
    return waiting.head_name


def _flags(waiting: ReviewRow) -> str:
    if waiting.own:
        return tr("Your own")
    count = len(waiting.flags)
    return ntr("{n} flag", "{n} flags", count) if count else ""


def _flag_tone(waiting: ReviewRow) -> str:
    if waiting.own:
        return "accent"
    return "warning" if waiting.flags else ""


def _plain(rows: Sequence[ReviewRow]) -> list[ReviewRow]:
    """Those that can be approved without a second look: not one's own, and nothing flagged."""
    return [one for one in rows if not one.own and not one.flags]


def _own_sentence() -> str:
    return tr("You took this family in yourself. Another supervisor has to review it.")
