"""What happened and what was done, newest first, on one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.style import theme, tokens
from desktop.widgets.buttons import LinkButton
from desktop.widgets.labels import Caption, Pill, Strong, Text
from desktop.widgets.layout import Plain, row
from desktop.words import beside, isolate, tr

_BRIEF: Final = 150
"""Characters of what an event tells; the rest is unfolded."""

_BETWEEN: Final = " · "
"""What stands between the things an event tells."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing: when in words, what, more about it, who, how far it has got, its document.

    Of an event: ``role`` is the person's part in it, ``late`` that it was registered late,
    ``voided`` that it was withdrawn, ``event`` its id where it may be withdrawn here. Of a change
    of household: its ``act``, the act it ``undoes``, and whether it was ``undone``.
    """

    when: str
    title: str
    detail: str
    by: str
    state: str
    tone: str
    document: str = ""
    role: str = ""
    late: bool = False
    voided: bool = False
    event: Any = None
    act: Any = None
    undoes: Any = None
    undone: bool = False


class _Rail(QWidget):
    """The line beside a moment, with its dot; a cross where it was withdrawn."""

    def __init__(self, *, first: bool, last: bool, crossed: bool = False) -> None:
        super().__init__()
        self.setFixedWidth(20)
        self._first, self._last, self._crossed = first, last, crossed

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(9.5, 11)
        painter.setPen(QPen(theme.colour("line"), 2))
        top = centre.y() if self._first else 0
        bottom = centre.y() if self._last else self.height()
        painter.drawLine(QPointF(centre.x(), top), QPointF(centre.x(), bottom))
        if self._crossed:
            painter.setPen(QPen(theme.colour("danger"), 2))
            painter.setBrush(theme.colour("window"))
            painter.drawEllipse(centre, 6, 6)
            for rise in (3, -3):
                painter.drawLine(centre + QPointF(-3, -rise), centre + QPointF(3, rise))
            return
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.setBrush(theme.colour("accent" if self._first else "raised"))
        painter.drawEllipse(centre, 4.5, 4.5)


class Timeline(Plain):
    """Moments under each other."""

    withdraw_wanted = Signal(object)  # Moment
    reveal_wanted = Signal(object)  # a widget that the keyboard went to

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._moments: tuple[Moment, ...] = ()
        self._links: dict[tuple[Any, bool], LinkButton] = {}

    def moments(self) -> tuple[Moment, ...]:
        """What is shown."""
        return self._moments

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Show these, in order."""
        self._moments = tuple(moments)
        self._links = {}
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, moment in enumerate(moments):
            last = place == len(moments) - 1
            self._layout.addWidget(self._line(moment, first=place == 0, last=last))

    def _line(self, moment: Moment, *, first: bool, last: bool) -> QWidget:
        line = Plain()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S12)
        layout.addWidget(_Rail(first=first, last=last, crossed=moment.voided or moment.undone))
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0 if last else tokens.S16)
        words.setSpacing(2)
        title = Strong(moment.title, wrap=False)
        if moment.undone:
            struck = title.font()
            struck.setStrikeOut(True)
            title.setFont(struck)
        head = row(title)
        if moment.role:
            head.addWidget(Caption(moment.role, wrap=False))
        head.addStretch(1)
        for word, tone in _marks(moment):
            head.addWidget(Pill(word, tone=tone))
        words.addLayout(head)
        if moment.detail:
            words.addLayout(_detail(moment.detail))
        if moment.document:
            words.addWidget(Text(isolate(moment.document)).selectable())
        when = Caption(beside(moment.when, moment.by))
        foot = row(when)
        foot.setStretch(0, 1)
        if moment.event is not None and not moment.voided:
            link = LinkButton(
                tr("Withdraw…"),
                on=partial(self.withdraw_wanted.emit, moment),
                name=f"withdraw-{moment.event}",
            )
            link.setAccessibleName(tr("Withdraw {what}", what=f"{moment.title}, {moment.when}"))
            foot.addWidget(link)
        for there in self._leads(moment):
            foot.addWidget(there)
        words.addLayout(foot)
        layout.addLayout(words, 1)
        marks = (word for word, _ in _marks(moment))
        said = (moment.title, moment.role, moment.detail, moment.document, moment.when, moment.by)
        line.setAccessibleName(", ".join(part for part in (*said, *marks) if part))
        return line

    def _leads(self, moment: Moment) -> list[LinkButton]:
        """From what was undone to its undoing, and back."""
        found = []
        known = {one.act for one in self._moments if one.act is not None}
        taken_back = {one.undoes for one in self._moments}
        if moment.undone and moment.act in taken_back:
            found.append(self._lead(moment, moment.act, tr("What undid it"), undoing=False))
        if moment.undoes is not None and moment.undoes in known:
            found.append(self._lead(moment, moment.undoes, tr("What it undid"), undoing=True))
        return found

    def _lead(self, moment: Moment, act: Any, text: str, *, undoing: bool) -> LinkButton:
        name = f"{'undoing' if undoing else 'undone'}-{act}"
        link = LinkButton(text, on=partial(self._follow, act, not undoing), name=name)
        link.setAccessibleName(f"{text}: {moment.title}, {moment.when}")
        self._links[act, undoing] = link
        return link

    def _follow(self, act: Any, undoing: bool) -> None:
        """The keyboard, and the eye, to the other side of an undoing."""
        there = self._links.get((act, undoing))
        if there is None:
            return
        there.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.reveal_wanted.emit(there)


def _marks(moment: Moment) -> list[tuple[str, str]]:
    """What is to be seen at once: each a word with its tone."""
    found = []
    if moment.voided:
        found.append((tr("Withdrawn"), "danger"))
    if moment.undone:
        found.append((tr("Undone"), "neutral"))
    if moment.late:
        found.append((tr("Registered late"), "warning"))
    if moment.state:
        found.append((moment.state, moment.tone))
    return found


def _detail(text: str) -> QVBoxLayout:
    """What is told, its beginning first where it is long."""
    layout = QVBoxLayout()
    layout.setSpacing(0)
    if len(text) <= _BRIEF:
        layout.addWidget(Text(_parts(text)))
        return layout
    cut = text.rfind(_BETWEEN, 0, _BRIEF)
    brief = Text(_parts(text[: cut if cut > 0 else _BRIEF]) + " …")
    whole = Text(_parts(text)).selectable()
    whole.hide()
    more = LinkButton(tr("Show everything"))

    def unfold() -> None:
        unfolded = whole.isHidden()
        whole.setVisible(unfolded)
        brief.setVisible(not unfolded)
        more.setText(tr("Show less") if unfolded else tr("Show everything"))

    more.clicked.connect(lambda _checked=False: unfold())
    layout.addWidget(brief)
    layout.addWidget(whole)
    layout.addLayout(row(more, None))
    return layout


def _parts(text: str) -> str:
    """What is told, each thing of it in its own order."""
    return beside(*text.split(_BETWEEN))
