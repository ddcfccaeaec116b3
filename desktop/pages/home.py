"""Home: the day in numbers, and what is worth doing next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.events import left_off
from desktop.events.offer import text_of
from desktop.keys import Key
from desktop.page import Page
from desktop.pages import CORRECTS, DECIDES, RECORDS, STATION
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.labels import Caption, Label, Section
from desktop.widgets.layout import Card, Plain, Rule, column, row
from desktop.widgets.messages import EmptyState, Picture
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from station.completing import OpenFamily, Pace
    from station.drafts import DraftRow, EventDraftRow
    from workspace.drafts import CorrectionRow
    from workspace.home import Counts, HomeState, NextStep
    from workspace.session import Session

_STEP_ICONS: Final = {
    "enrol": "key",
    "children": "warning",
    "headless": "household",
    "returned": "undo",
    "drafts": "edit",
    "review": "review",
    "sync": "sync",
    "register": "queues",
    "conflicts": "warning",
    "duplicates": "merge",
    "backup": "backup",
    "disk": "warning",
}
_WARNINGS: Final = frozenset({"children", "headless", "conflicts", "disk", "enrol"})
_ARGUMENTS: Final[dict[str, dict[str, Any]]] = {
    "returned": {"choose": "returned"},
    "drafts": {"choose": "drafts"},
    "backup": {"show": "backup"},
    "conflicts": {"queue": "conflicts"},
    "duplicates": {"queue": "duplicates"},
    "register": {"queue": "new"},
}
"""What a step says to its page beyond opening it."""


@dataclass(frozen=True, slots=True)
class _Day:
    """What home shows, fetched in one go."""

    state: HomeState
    drafts: Sequence[DraftRow] = ()
    events: Sequence[tuple[EventDraftRow, str]] = ()  # each with what it is called
    unsigned: Sequence[CorrectionRow] = ()
    later: Sequence[OpenFamily] = ()
    pace: Pace | None = None
    corrections: int = 0


def _fetch(work: Work) -> _Day:
    session = work.session
    state = offices.home.home(session)
    role = str(session.user.role)
    unsigned = offices.changes.list_corrections(session) if role in CORRECTS else ()
    if session.kind != STATION and role in DECIDES:
        return _Day(state, unsigned=unsigned, corrections=_to_decide(session))
    if session.kind != STATION or role not in RECORDS:
        return _Day(state)
    events = [(one, _called(session, one.form)) for one in offices.drafts.list_events(session)]
    if role == "supervisor":
        return _Day(state, events=events, unsigned=unsigned, corrections=_to_decide(session))
    return _Day(
        state,
        drafts=offices.drafts.list_drafts(session),
        events=events,
        unsigned=unsigned,
        later=offices.completing.open_ones(session),
        pace=offices.completing.pace(session),
    )


def _to_decide(session: Session) -> int:
    """Corrections that somebody else proposed."""
    return sum(not one.own for one in offices.changes.proposals(session))


def _called(session: Session, form: str) -> str:
    try:
        known = session.catalogue.form(form)
    except KeyError:  # a draft of a newer program
        return form
    return text_of(known, known.title)


def step_sentence(step: NextStep) -> str:
    """A next step in words. Codes that came later are said as the office says them."""
    n = step.count
    match step.code:
        case "enrol":
            return tr("Take the registry's grant, then work can begin.")
        case "duplicates":
            return ntr(
                "Look at {n} pair of persons who may be one",
                "Look at {n} pairs of persons who may be one",
                n,
            )
        case "returned":
            return ntr(
                "Mend {n} registration that came back",
                "Mend {n} registrations that came back",
                n,
            )
        case "children":
            return ntr(
                "Children are left without an adult in {n} family: call the child-protection "
                "focal point",
                "Children are left without an adult in {n} families: call the child-protection "
                "focal point",
                n,
            )
        case "headless":
            return ntr("Name the new head of {n} family", "Name the new head of {n} families", n)
        case "drafts":
            return ntr("Finish {n} family in progress", "Finish {n} families in progress", n)
        case "review":
            return ntr("Review {n} family", "Review {n} families", n)
        case "sync":
            return ntr("Send {n} entry to the registry", "Send {n} entries to the registry", n)
        case "register":
            return ntr("Register {n} family", "Register {n} families", n)
        case "conflicts":
            return ntr("Settle {n} conflict", "Settle {n} conflicts", n)
        case "backup":
            return tr("Back up this computer to a stick")
        case "disk":
            return tr("The disk is nearly full: export, then make room")
        case _:
            return tr(step.sentence)


class _Line(QPushButton):
    """One line of a list that leads somewhere."""

    def __init__(self, icon: str, text: str, detail: str = "", *, ink: str = "accent") -> None:
        super().__init__()
        self.setProperty("look", "line")
        self.setAccessibleName(f"{text}. {detail}" if detail else text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.S12, tokens.S8, tokens.S12, tokens.S8)
        layout.setSpacing(tokens.S12)
        layout.addWidget(Picture(icon, role=ink, size=20))
        label = Label(text, wrap=False)
        label.setMinimumWidth(40)
        layout.addWidget(label, 1)
        if detail:
            layout.addWidget(Caption(detail, wrap=False))
        layout.addWidget(Picture("chevron", role="muted", size=16))
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(44)


class _Count(Card):
    """A number and what it counts."""

    def __init__(self, key: str) -> None:
        super().__init__(spacing=0, margin=tokens.S16)
        self.setObjectName(f"count-{key}")
        self._number = Label("–", as_="count", wrap=False)
        self._what = Caption("")
        self.body.addWidget(self._number)
        self.body.addWidget(self._what)

    def show_count(self, count: int, what: str) -> None:
        self._number.setText(words.number(count))
        self._what.setText(what)
        self.setAccessibleName(f"{words.number(count)} {what}")


class _Lines(Card):
    """A card of lines, divided by hairlines."""

    def __init__(self, name: str) -> None:
        super().__init__(spacing=0, margin=tokens.S4)
        self.setObjectName(name)

    def set_lines(self, lines: Sequence[QWidget]) -> None:
        while (item := self.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, line in enumerate(lines):
            if place:
                self.body.addWidget(Rule())
            self.body.addWidget(line)


class HomePage(Page):
    """Where the day begins."""

    key = "home"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._counts = [_Count(key) for key in ("first", "second", "third")]
        self._pace = _Count("pace")
        self._pace.hide()
        grid = QGridLayout()
        grid.setSpacing(tokens.S12)
        for place, card in enumerate(self._counts):
            grid.addWidget(card, 0, place)
            grid.setColumnStretch(place, 1)
        grid.addWidget(self._pace, 0, len(self._counts))
        self._steps = _Lines("next-steps")
        self._steps_title = Section(tr("Next"))
        self._drafts = _Lines("drafts")
        self._drafts_title = Section(tr("Families in progress"))
        self._events = _Lines("event-drafts")
        self._unsigned = _Lines("correction-drafts")
        self._later = _Lines("later")
        self._rest = EmptyState(
            "success",
            tr("Nothing waits for you"),
            self._rest_sentence(),
        )
        self._rest_card = Card(self._rest, margin=0)
        self.start: PrimaryButton | None = None
        if self._action() is not None:
            text, icon, _page = self._action() or ("", "", "")
            self.start = PrimaryButton(text, icon=icon, on=self._begin, name="home-start")
            self.body.addLayout(row(self.start, *self._other_acts(), None, spacing=tokens.S12))
        self.body.addLayout(grid)
        self._steps_block = self._block(self._steps_title, self._steps)
        self._drafts_block = self._block(self._drafts_title, self._drafts)
        self._events_block = self._block(Section(tr("Events not recorded yet")), self._events)
        self._unsigned_block = self._block(
            Section(tr("Corrections not signed yet")), self._unsigned
        )
        self._later_block = self._block(
            Section(tr("To be completed: taken in quickly")), self._later
        )
        for block in (
            self._steps_block,
            self._drafts_block,
            self._events_block,
            self._unsigned_block,
            self._later_block,
        ):
            self.body.addWidget(block)
        self.body.addWidget(self._rest_card)
        self.body.addStretch(1)
        self._rest_card.hide()
        desk.changed.connect(self._changed)

    def on_shown(self, **arguments: Any) -> None:
        self._load()
        if self.start is not None:
            self.start.setFocus()

    def keys(self) -> list[Key]:
        action = self._action()
        found = [Key("Ctrl+N", action[0].replace("&", ""), self._begin)] if action else []
        if self._may_record:
            found.append(Key("Ctrl+E", tr("Record an event"), self._record))
        return found

    @property
    def _may_record(self) -> bool:
        return self.desk.kind == STATION and self.desk.role in RECORDS

    def _other_acts(self) -> list[QWidget]:
        """What else is often done from here."""
        if not self._may_record:
            return []
        return [Button(tr("Record an event"), icon="calendar", on=self._record, name="home-event")]

    def _record(self) -> None:
        self.go("event", new=True)

    def _load(self) -> None:
        self.desk.read(_fetch, done=self._show, parent=self, latest="home")

    def _changed(self, changes: Changes) -> None:
        if changes.any and self.isVisible():
            self._load()

    def _show(self, day: _Day) -> None:
        for card, (count, what) in zip(self._counts, self._numbers(day.state.counts), strict=True):
            card.show_count(count, what)
        steps = []
        for step in day.state.next_steps:
            ink = "warning" if step.code in _WARNINGS else "accent"
            line = _Line(_STEP_ICONS.get(step.code, "chevron"), step_sentence(step), ink=ink)
            line.setObjectName(f"step-{step.code}")
            line.clicked.connect(lambda _on=False, step=step: self._take(step))
            steps.append(line)
        if day.corrections:
            steps.append(self._corrections_line(day.corrections))
        self._steps.set_lines(steps)
        self._steps_block.setVisible(bool(steps))
        drafts = []
        for draft in day.drafts:
            people = ntr("{n} person", "{n} persons", draft.members)
            detail = [people, words.moment(draft.saved_at)]
            if draft.reason:
                detail.insert(0, tr("Sent back"))
            line = _Line(
                "undo" if draft.reason else "household",
                draft.title or tr("No name yet"),
                words.beside(*detail),
                ink="warning" if draft.reason else "muted",
            )
            line.setObjectName(f"draft-{draft.id}")
            line.clicked.connect(lambda _on=False, id=draft.id: self.go("interview", draft=id))
            drafts.append(line)
        self._drafts.set_lines(drafts)
        self._drafts_block.setVisible(bool(drafts))
        events = [self._event_line(one, title) for one, title in day.events]
        self._events.set_lines(events)
        self._events_block.setVisible(bool(events))
        unsigned = [self._unsigned_line(one) for one in day.unsigned if one.person is not None]
        self._unsigned.set_lines(unsigned)
        self._unsigned_block.setVisible(bool(unsigned))
        later = [self._later_line(one) for one in day.later]
        self._later.set_lines(later)
        self._later_block.setVisible(bool(later))
        self._show_pace(day.pace)
        self._rest_card.setVisible(not (steps or drafts or events or unsigned or later))

    def _corrections_line(self, count: int) -> _Line:
        line = _Line(
            "edit", ntr("Decide about {n} correction", "Decide about {n} corrections", count)
        )
        line.setObjectName("step-corrections")
        line.clicked.connect(lambda _on=False: self._decide())
        return line

    def _decide(self) -> None:
        if self.desk.kind == STATION:
            self.go("review", tab="corrections")
        else:
            self.go("queues", queue="corrections")

    def _event_line(self, draft: EventDraftRow, title: str) -> _Line:
        names = ", ".join(isolate(name) for name in draft.names if name)
        detail = words.beside(names, words.moment(draft.saved_at))
        line = _Line("calendar", title, detail, ink="muted")
        line.setObjectName(f"event-{draft.id}")
        line.clicked.connect(lambda _on=False: self.go("event", draft=draft.id))
        return line

    def _unsigned_line(self, correction: CorrectionRow) -> _Line:
        left = left_off.of_correction(correction)
        detail = words.beside(left.who, words.moment(left.saved_at))
        line = _Line("edit", left.title, detail, ink="muted")
        line.setObjectName(f"correction-{left.key}")
        arguments = left_off.leads_to(correction)
        line.clicked.connect(lambda _on=False: self.go("correct", **arguments))
        return line

    def _later_line(self, family: OpenFamily) -> _Line:
        detail = [
            ntr("{n} answer open", "{n} answers open", family.open),
            words.moment(family.at),
        ]
        line = _Line(
            "household",
            family.name or isolate(family.household_number),
            words.beside(*detail),
            ink="muted",
        )
        line.setObjectName(f"later-{family.registration}")
        (first, field), *rest = zip(family.persons, family.fields, strict=True)
        line.clicked.connect(
            lambda _on=False: self.go("correct", person=first, field=field, then=rest)
        )
        return line

    def _show_pace(self, pace: Pace | None) -> None:
        """How long the family in the middle sat at the table today."""
        seconds = pace.seconds if pace is not None else None
        self._pace.setVisible(seconds is not None)
        if seconds is not None:
            minutes = max(1, round(seconds / 60))
            self._pace.show_count(
                minutes,
                ntr(
                    "minute a family today (median)",
                    "minutes a family today (median)",
                    minutes,
                ),
            )

    def _take(self, step: NextStep) -> None:
        arguments = dict(_ARGUMENTS.get(step.code, {}))
        if getattr(step, "person", None) is not None:
            arguments["person"] = step.person
        self.go(step.page, **arguments)

    def _numbers(self, counts: Counts) -> list[tuple[int, str]]:
        if self.desk.kind == "station":
            return [
                (
                    counts.today_households,
                    ntr("family today", "families today", counts.today_households),
                ),
                (
                    counts.today_persons,
                    ntr("person today", "persons today", counts.today_persons),
                ),
                (
                    counts.not_acknowledged,
                    ntr(
                        "entry not yet acknowledged",
                        "entries not yet acknowledged",
                        counts.not_acknowledged,
                    ),
                ),
            ]
        return [
            (
                counts.persons,
                ntr("person in the registry", "persons in the registry", counts.persons),
            ),
            (
                counts.waiting_review,
                ntr("family waits for review", "families wait for review", counts.waiting_review),
            ),
            (
                counts.today_persons,
                ntr("person arrived today", "persons arrived today", counts.today_persons),
            ),
        ]

    def _action(self) -> tuple[str, str, str] | None:
        """The page's one button: what it says, its icon, where it leads."""
        role = self.desk.role
        if self.desk.kind == "station":
            if role == "officer":
                return tr("Register a family"), "register", "interview"
            if role == "supervisor":
                return tr("Review"), "review", "review"
            return None
        if role in ("clerk", "registrar"):
            return tr("Import a bundle"), "import", "import"
        return None

    def _begin(self) -> None:
        action = self._action()
        if action is not None:
            self.go(action[2])

    def _rest_sentence(self) -> str:
        if self._action() is None:
            return tr("The numbers above are of today. What needs you will stand here.")
        if self.desk.kind == "station" and self.desk.role == "supervisor":
            return tr("What officers take in waits here until you have looked at it.")
        if self.desk.kind == "station":
            return tr("When a family comes, press Ctrl+N. Everything you type is kept at once.")
        return tr("When a stick or a parcel comes from a station, import it here.")

    @staticmethod
    def _block(title: Section, card: Card) -> Plain:
        block = Plain()
        inner = QVBoxLayout(block)
        inner.setContentsMargins(0, tokens.S8, 0, 0)
        inner.addLayout(column(title, card, spacing=tokens.S8))
        block.hide()
        return block
