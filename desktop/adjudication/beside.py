"""Two persons beside each other: faces, answers with what differs marked, families, events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from desktop import words
from desktop.pages import standing
from desktop.style import tokens
from desktop.widgets.facts import Avatar
from desktop.widgets.labels import Caption, Label, Pill, Section, Strong, Text, Title
from desktop.widgets.layout import Card, Plain, column, row
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from registry.adjudication_shown import Beside, CaseShown, Line
    from workspace.people import HouseholdCard, TimelineRow

PHOTO: Final = 152
_MIDDLE: Final = 186
EVENTS: Final = 5

_MARKS: Final = {
    "agrees": ("=", "muted"),
    "near": ("≈", "accent"),
    "differs": ("≠", "warning"),
    "one_side": ("–", "muted"),
}


Faces = tuple[QImage | None, QImage | None]
"""The photos of both, as an `Avatar` takes them."""


def mark_words(standing_: str) -> str:
    """How two answers stand to each other, in words."""
    return {
        "agrees": tr("the same"),
        "near": tr("nearly the same"),
        "differs": tr("different"),
        "one_side": tr("only one says"),
    }[standing_]


class BesideView(Plain):
    """The whole comparison. The first person stands where reading begins."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("case-beside")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(tokens.S16)

    def show_case(self, shown: CaseShown, faces: Faces) -> None:
        """Show a pair."""
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._layout.addWidget(_faces(shown, faces))
        self._layout.addWidget(_answers(shown.lines, shown.sides))
        self._layout.addWidget(_pair_of(tr("Household"), [_family(one) for one in shown.sides]))
        self._layout.addWidget(_pair_of(tr("Events"), [_events(one) for one in shown.sides]))
        self._layout.addStretch(1)


def _faces(shown: CaseShown, faces: Faces) -> QWidget:
    """Two cards with the faces; what says most stands first and largest."""
    holder = Plain()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(tokens.S12)
    for place, side in enumerate(shown.sides):
        grid.addWidget(_face(side, shown, place, faces[place]), 0, place)
        grid.setColumnStretch(place, 1)
    return holder


def _face(side: Beside, shown: CaseShown, place: int, photo: QImage | None) -> Card:
    page = side.page
    avatar = Avatar(PHOTO)
    avatar.set_person(page.name or page.number, photo)
    name = Title(isolate(page.name) or isolate(page.number))
    name.setObjectName(f"case-name-{place}")
    beside: list[QWidget] = [name]
    if page.name_latin and page.name_latin != page.name:
        beside.append(Text(isolate(page.name_latin), muted=True))
    beside.append(Text(isolate(page.number)).selectable())
    if side.permanent:
        beside.append(Text(isolate(side.permanent)).selectable())
    if shown.state == "linked" and shown.permanent and shown.permanent != side.permanent:
        beside.append(Caption(tr("Goes by {number}", number=isolate(shown.permanent))))
    beside.append(
        Caption(
            tr(
                "Station {code}, {day}",
                code=isolate(side.station),
                day=words.day(side.registered_at.astimezone().date()),
            )
        )
    )
    word, tone = standing.registration(page.status)
    pill = Pill(word, tone=tone)
    texts = column(*beside, row(pill, None), spacing=tokens.S4)
    texts.addStretch(1)
    card = Card(margin=tokens.S12)
    card.setObjectName(f"case-side-{place}")
    card.setAccessibleName(
        tr(
            "{place}: {name}, {number}",
            place=tr("First record") if place == 0 else tr("Second record"),
            name=page.name,
            number=page.number,
        )
    )
    across = row(avatar, texts, spacing=tokens.S16)
    across.setStretch(1, 1)
    across.setAlignment(avatar, Qt.AlignmentFlag.AlignTop)
    card.body.addLayout(across)
    return card


def _answers(lines: Sequence[Line], sides: tuple[Beside, Beside]) -> Card:
    """Answer beside answer, the question and the mark between them."""
    card = Card(margin=tokens.S12, spacing=0)
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(0)
    grid.setVerticalSpacing(2)
    grid.setColumnMinimumWidth(1, _MIDDLE)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(2, 1)
    for at, line in enumerate(lines):
        grid.addWidget(_value(line, 0, sides), at, 0)
        grid.addWidget(_middle(line), at, 1)
        grid.addWidget(_value(line, 1, sides), at, 2)
    card.body.addLayout(grid)
    card.setObjectName("case-answers")
    return card


def _value(line: Line, place: int, sides: tuple[Beside, Beside]) -> QWidget:
    """One answer: dimmed where both agree, on a tinted ground with weight where they differ."""
    said = line.values[place]
    text: Label
    if line.standing in ("differs", "near"):
        text = Strong(isolate(said) or "–")
    else:
        text = Text(isolate(said) or "–", muted=True)
    text.setObjectName(f"case-{line.name}-{place}")
    text.setAccessibleName(
        tr(
            "{label}: {value}, {mark}",
            label=line.label,
            value=said or tr("not said"),
            mark=mark_words(line.standing),
        )
    )
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box = QFrame()
    box.setProperty("look", "differs" if line.standing == "differs" else "plain")
    layout = QVBoxLayout(box)
    layout.setContentsMargins(tokens.S8, 3, tokens.S8, 3)
    layout.addWidget(text)
    return box


def _middle(line: Line) -> QWidget:
    """The question, and the sign between the two answers."""
    sign, ink = _MARKS[line.standing]
    mark = Label(sign, as_=f"mark-{ink}", wrap=False)
    mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
    mark.setFixedWidth(26)
    mark.setAccessibleName(mark_words(line.standing))
    mark.setToolTip(mark_words(line.standing))
    label = Caption(line.label)
    holder = Plain()
    holder.setFixedWidth(_MIDDLE)
    inner = row(mark, label, spacing=tokens.S8)
    inner.setStretch(1, 1)
    inner.setContentsMargins(tokens.S8, 2, tokens.S8, 2)
    holder.setLayout(inner)
    return holder


def _pair_of(title: str, parts: Sequence[QWidget]) -> QWidget:
    holder = Plain()
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(tokens.S12)
    for place, part in enumerate(parts):
        grid.addWidget(part, 0, place)
        grid.setColumnStretch(place, 1)
    holder.setLayout(column(Section(title), grid, spacing=tokens.S8))
    return holder


def _family(side: Beside) -> Card:
    card = Card(margin=tokens.S12, spacing=tokens.S4)
    home: HouseholdCard | None = side.page.household
    if home is None:
        card.body.addWidget(Text(tr("In no household now."), muted=True))
        card.body.addStretch(1)
        return card
    card.body.addWidget(Caption(isolate(home.number)))
    for member in home.members:
        told = words.beside(
            isolate(member.name),
            member.relation_text,
            *([isolate(member.birth_text)] if member.birth_text else []),
        )
        own = member.person == side.person
        card.body.addWidget(Strong(told) if own else Text(told))
    card.body.addStretch(1)
    return card


def _events(side: Beside) -> Card:
    card = Card(margin=tokens.S12, spacing=tokens.S4)
    rows: Sequence[TimelineRow] = side.page.timeline
    for one in rows[:EVENTS]:
        detail = f" · {one.detail}" if one.detail else ""
        card.body.addWidget(Text(f"{one.title}{detail}"))
        card.body.addWidget(
            Caption(tr("{when}, by {who}", when=words.moment(one.at), who=isolate(one.by)))
        )
    more = len(rows) - EVENTS
    if more > 0:
        card.body.addWidget(Caption(ntr("and {n} more", "and {n} more", more)))
    if not rows:
        card.body.addWidget(Text(tr("Nothing is recorded."), muted=True))
    card.body.addStretch(1)
    return card
