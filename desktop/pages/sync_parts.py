"""The parts of the page of syncing: the counts, what goes over the line, sticks, what came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QProgressBar

from desktop import words
from desktop.pages import standing
from desktop.pages.sync_words import stage
from desktop.style import tokens
from desktop.widgets.buttons import Button, LinkButton, PrimaryButton, QuietButton
from desktop.widgets.labels import Caption, Label, Section, Strong, Text, Title
from desktop.widgets.layout import Card, Plain, column, fill, row
from desktop.widgets.messages import Notice, Picture, ProgressCard
from desktop.widgets.table import Column, DataTable
from desktop.widgets.ticks import TickBox
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from desktop.pages.sync_words import Situation
    from desktop.prefs import Preferences
    from station.answers import Answer
    from station.outbox import Outbox
    from station.syncing import Step

_SIGNS = {
    "info": ("info", "accent"),
    "success": ("success", "success"),
    "warning": ("warning", "warning"),
    "danger": ("danger", "danger"),
}


class Counts(Plain):
    """How many wait, were sent, are safe, and need somebody here."""

    def __init__(self) -> None:
        super().__init__()
        self._labels: dict[str, tuple[Label, Caption, Plain]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.S16)
        for place, key in enumerate(("waiting", "sent", "acknowledged", "open")):
            number, what = Label("–", as_="count", wrap=False), Caption("")
            cell = Plain()
            cell.setObjectName(f"count-{key}")
            inner = column(number, what, None, spacing=0)
            cell.setLayout(inner)
            self._labels[key] = number, what, cell
            grid.addWidget(cell, 0, place)
            grid.setColumnStretch(place, 1)

    def show_box(self, box: Outbox) -> None:
        """Show these counts."""
        for key, count, what in (
            ("waiting", box.waiting, tr("entries to be sent")),
            ("sent", box.sent, tr("sent, no receipt yet")),
            ("acknowledged", box.acknowledged, tr("safe at the registry")),
            ("open", len(box.answers), tr("need somebody here")),
        ):
            number, label, cell = self._labels[key]
            number.setText(words.number(count))
            label.setText(what)
            cell.setAccessibleName(f"{words.number(count)} {what}")

    def said(self) -> dict[str, str]:
        """The numbers by what they count."""
        return {key: number.text() for key, (number, _, _) in self._labels.items()}


class StateCard(Card):
    """Where things stand, the counts, and the one act that is next; or how far a sync is."""

    pressed = Signal()
    paused = Signal()
    cancelled = Signal()
    automatic = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sync-state-card")
        self._sign = Picture("info", role="accent", size=24)
        self.title = Title("")
        self.title.setObjectName("sync-state")
        self.advice = Text("", muted=True)
        self.counts = Counts()
        self.answered = Caption("")
        self.answered.setObjectName("sync-answered")
        self.primary = PrimaryButton("", icon="sync", on=self.pressed.emit, name="sync-primary")
        self.when = Caption("")
        self.when.setObjectName("sync-when")
        self.by_itself = TickBox(
            tr("Sync by itself while this window is open"), name="sync-automatic"
        )
        self.by_itself.clicked.connect(
            lambda _on=False: self.automatic.emit(self.by_itself.isChecked())
        )
        self.progress = _LineProgress()
        self.pause, self.cancel = self.progress.pause, self.progress.cancel
        self.pause.clicked.connect(lambda _on=False: self.paused.emit())
        self.cancel.clicked.connect(lambda _on=False: self.cancelled.emit())
        head = row(self._sign, self.title, spacing=tokens.S12)
        head.setStretch(1, 1)
        act = row(self.primary, self.when, None, spacing=tokens.S12)
        act.setStretch(1, 1000)
        fill(
            self.body, head, self.advice, self.counts, self.answered, self.progress, act,
            self.by_itself,
        )  # fmt: skip
        self.primary.hide()
        self.by_itself.hide()

    def show_situation(self, now: Situation) -> None:
        """Say where things stand."""
        icon, ink = _SIGNS[now.tone]
        self._sign.draw(icon, role=ink)
        self.title.setText(now.title)
        self.advice.setText(now.advice)
        self.advice.setVisible(bool(now.advice))
        self.primary.setVisible(bool(now.act))
        if now.act:
            self.primary.setText(now.button)
            self.primary.set_icon(now.icon)

    def show_when(self, text: str) -> None:
        """When the next one begins by itself."""
        if text != self.when.text():
            self.when.setText(text)


class _LineProgress(Plain):
    """How far a sync is, and the ways to hold it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sync-progress")
        self._title = Strong("")
        self._detail = Caption("")
        self._detail.setObjectName("sync-progress-detail")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.pause = Button(tr("Pause"), name="sync-pause")
        self.cancel = QuietButton(tr("Cancel"), name="sync-cancel")
        inner = column(
            self._title, self._bar, self._detail, row(self.pause, self.cancel, None),
            spacing=tokens.S8,
        )  # fmt: skip
        self.setLayout(inner)
        self.hide()

    def show_step(self, step: Step | None) -> None:
        """How far it is; nothing is known before the first answer."""
        title, detail = stage(step)
        self._title.setText(title)
        self._detail.setText(detail)
        self._bar.setAccessibleName(title)
        if step is None or not step.total:
            self._bar.setRange(0, 0)
        else:
            # Thousandths: a bundle may have more bytes than Qt's bar can count.
            self._bar.setRange(0, 1000)
            self._bar.setValue(min(1000, step.done * 1000 // step.total))


class StickCard(Card):
    """Carrying instead: a bundle onto a stick, or onto several, and a notice from one."""

    export = Signal()
    several = Signal()
    again = Signal()
    receive = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sync-stick")
        self.said = Notice("info", "")
        self.said.hide()
        self.after = Caption("")
        self.after.hide()
        self.progress = ProgressCard()
        self.write = Button(
            tr("Export to a stick…"), icon="export", on=self.export.emit, name="export-start"
        )
        self.take = Button(
            tr("Take a notice from a stick…"), icon="receive", on=self.receive.emit,
            name="receive-take",
        )  # fmt: skip
        self.next = LinkButton("", on=self.several.emit, name="export-next-stick")
        self.give_up = LinkButton(
            tr("Begin again from the first stick"), on=self.again.emit, name="export-give-up"
        )
        self._what = Text("", muted=True)
        fill(
            self.body, Section(tr("On a stick")), self._what, self.said, self.after,
            self.progress, row(self.write, None), row(self.take, None), row(self.next, None),
            row(self.give_up, None),
        )  # fmt: skip

    def show_box(self, box: Outbox, *, sends: bool, primary: str) -> None:
        """What can be done here; what the page's one button does is not offered twice."""
        begun = box.sticks is not None and box.sticks.sticks > 0
        goes = sends and bool(box.plan and box.plan.entries)
        if not sends:
            what = tr("The registry's answer may come as a notice on a stick.")
        elif box.reachable:
            what = tr(
                "Where there is no network: everything without a receipt goes out on a stick, "
                "sealed, and the registry's notice comes back on one."
            )
        else:
            what = tr(
                "This station knows no address of the registry's service, so everything goes on "
                "sticks. Where there is a service, its address comes with a notice."
            )
        self._what.setText(what)
        self.write.setVisible(goes and not begun and primary != "export")
        self.take.setVisible(primary != "receive")
        self.next.setVisible(goes and not begun)
        self.next.setText(tr("Export to several sticks…"))
        self.give_up.setVisible(begun)

    def say(self, kind: str, sentence: str, after: str = "") -> None:
        """What came of it."""
        self.said.set_message(kind, sentence)
        self.said.show()
        self.after.setText(after)
        self.after.setVisible(bool(after))

    def hush(self) -> None:
        """Take what was said away."""
        self.said.hide()
        self.after.hide()

    def set_busy(self, busy: bool) -> None:
        """Nothing else while a stick is written or read."""
        for button in (self.write, self.take, self.next, self.give_up):
            button.setEnabled(not busy)


class AnswersCard(Card):
    """What came back and is not done with: a list, and the chosen one in full."""

    opened = Signal(object)  # Answer

    def __init__(self, prefs: Preferences) -> None:
        super().__init__()
        self.setObjectName("sync-answers")
        self._mends = False
        self.title = Section("")
        self.table: DataTable[Answer] = DataTable(
            _columns(), name="answers", label=tr("What needs somebody here"), prefs=prefs,
            identity=lambda one: one.act,
        )  # fmt: skip
        self.chosen = Notice("warning", "")
        self.table.selection_changed.connect(self._show_chosen)
        self.table.activated.connect(self.opened.emit)
        fill(self.body, self.title, self.table, self.chosen)
        self.hide()

    def show_answers(self, answers: Sequence[Answer], *, mends: bool) -> None:
        """List these; `mends`: who sits here mends what was sent back."""
        self._mends = mends
        self.setVisible(bool(answers))
        self.title.setText(
            ntr("{n} came back and needs somebody", "{n} came back and need somebody", len(answers))
        )
        self.table.set_rows(answers)
        fit(self.table, len(answers))
        if answers and self.table.current() is None:
            self.table.select_first()
        self._show_chosen()

    def _show_chosen(self) -> None:
        answer = self.table.current()
        self.chosen.setVisible(answer is not None)
        if answer is None:
            return
        mend = bool(answer.draft) and self._mends
        can = mend or answer.person is not None
        said = tr("Mend") if mend else tr("Open")
        self.chosen.set_message(
            "warning",
            tr(answer.sentence) or standing.outcome(answer.outcome)[0],
            action=(said, lambda: self.opened.emit(answer)) if can else None,
        )


def fit(table: DataTable[Any], rows: int, *, most: int = 6) -> None:
    """As high as its rows, up to so many; more are scrolled to."""
    view = table.view
    head = max(view.horizontalHeader().sizeHint().height(), tokens.ROW_HEIGHT)
    line = max(view.verticalHeader().defaultSectionSize(), tokens.ROW_HEIGHT)
    table.setFixedHeight(head + line * max(1, min(rows, most)) + tokens.S4)


def _columns() -> list[Column[Answer]]:
    return [
        Column(
            key="outcome",
            title=tr("Outcome"),
            value=lambda one: standing.outcome(one.outcome)[0],
            tone=lambda one: standing.outcome(one.outcome)[1],
            width=150,
        ),
        Column(key="who", title=tr("Who"), value=lambda one: one.name or "–", stretch=True),
        Column(
            key="number", title=tr("Number"), value=lambda one: isolate(one.number), width=210,
            mono=True,
        ),
        Column(
            key="at",
            title=tr("Since"),
            value=lambda one: words.moment(one.at),
            sort=lambda one: one.at,
            width=200,
        ),
    ]  # fmt: skip


def past_columns() -> list[Column[Any]]:
    """Earlier exports, over the line and onto sticks."""
    return [
        Column(
            key="at",
            title=tr("Written"),
            value=lambda one: words.moment(one.at),
            sort=lambda one: one.at,
            width=220,
        ),
        Column(
            key="entries",
            title=tr("Entries"),
            value=lambda one: words.number(one.entries),
            sort=lambda one: one.entries,
            at_end=True,
            width=110,
        ),
        Column(
            key="state",
            title=tr("Where it stands"),
            value=lambda one: standing.sending(one.state)[0],
            tone=lambda one: standing.sending(one.state)[1],
            stretch=True,
        ),
    ]
