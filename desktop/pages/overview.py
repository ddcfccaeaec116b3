"""Overview (registry): how much is registered, what waits for how long, which station is silent.

Pictures first, for a look in passing; one key turns them into tables of the same figures. Nobody's
name is on this page; the tables that are exported from here hold names, and somebody says why.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from desktop import offices, words
from desktop.desk import Changes, Desk
from desktop.page import WIDE, Key, Page
from desktop.pages.overview_columns import (
    QUEUES,
    bands,
    day_columns,
    queue_columns,
    standing_of,
    station_columns,
)
from desktop.pages.overview_export import ExportForm
from desktop.style import tokens
from desktop.widgets.buttons import Button, QuietButton
from desktop.widgets.charts import SERIES, AgeChart, Bar, DayChart
from desktop.widgets.fields import SelectField
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Card, Plain, Stack, column, row
from desktop.widgets.messages import EmptyState, ProgressCard
from desktop.widgets.table import DataTable
from desktop.words import isolate, ntr, number, tr

if TYPE_CHECKING:
    from registry.oversight import Day, Figures, StationFigures, Waiting
    from registry.tables import Wanted
    from workspace.tabular import Written

_DAYS: Final = (14, 30, 90)
_SLOW: Final = 200  # milliseconds until it says that it counts
EXPORTS: Final = frozenset({"registrar", "administrator"})
_GAPS_NAMED: Final = 3


class OverviewPage(Page):
    """The figures of the registry, at one moment."""

    key = "overview"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self._figures: Figures | None = None
        self._task: Any = None
        self._may_export = desk.role in EXPORTS
        self.days = SelectField(
            "overview-days",
            tr("Days shown"),
            options=[(str(n), ntr("The last {n} day", "The last {n} days", n)) for n in _DAYS],
            show_label=False,
            width=200,
        )
        self.days.set_value(str(_DAYS[0]))
        self.days.editor.setAccessibleName(tr("Days shown"))
        self.days.edited.connect(lambda _key, _raw: self._load())
        self.as_tables = QuietButton(tr("As tables"), on=self._turn, name="overview-as-tables")
        self.as_tables.setCheckable(True)
        self.export = Button(
            tr("Export tables…"), icon="export", on=self._ask_export, name="overview-export"
        )
        if not self._may_export:
            self.export.hide()
        self.summary = Text("", muted=True)
        self.summary.setObjectName("overview-summary")
        self._make_pictures()
        self._make_tables()
        self._lay_out()
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW)
        self._slow.timeout.connect(lambda: self.set_note(tr("Counting…")))
        desk.changed.connect(self._changed)

    # building ------------------------------------------------------------------------------

    def _make_pictures(self) -> None:
        self.by_day = DayChart(tr("Families registered by day"), name="overview-chart-days")
        self.ages = AgeChart(tr("What waits, and for how long"), name="overview-chart-ages")

    def _make_tables(self) -> None:
        prefs = self.desk.prefs
        self.day_table: DataTable[Day] = DataTable(
            day_columns(),
            name="overview-days-table",
            label=tr("Families registered by day"),
            prefs=prefs,
            identity=lambda one: (one.day, one.station),
            order=("day", True),
            empty=EmptyState("calendar", tr("Nothing was registered in these days"), ""),
        )
        self.queue_table: DataTable[Waiting] = DataTable(
            queue_columns(self.desk.clock.now),
            name="overview-queues-table",
            label=tr("What waits, and for how long"),
            prefs=prefs,
            identity=lambda one: one.queue,
        )
        self.stations: DataTable[StationFigures] = DataTable(
            station_columns(self.desk.clock.now),
            name="overview-stations",
            label=tr("Stations"),
            prefs=prefs,
            identity=lambda one: one.id,
            empty=EmptyState(
                "stations",
                tr("No station is enrolled"),
                tr("What stations register and send is counted here once the first is enrolled."),
            ),
        )
        self.stations.selection_changed.connect(self._tell)

    def _lay_out(self) -> None:
        top = Plain()
        above = row(self.summary, self.days, self.as_tables, self.export)
        above.setStretch(0, 1)
        top.setLayout(above)
        self.pictures = Plain()
        self.pictures.setLayout(
            _beside(
                _card(tr("Families registered by day"), self.by_day),
                _card(tr("What waits, and for how long"), self.ages),
            )
        )
        self.figures = Plain()
        self.figures.setLayout(_beside(self.day_table, self.queue_table, 9, 10))
        self.upper = Stack()
        self.upper.addWidget(self.pictures)
        self.upper.addWidget(self.figures)
        self.upper.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.detail = Text("")
        self.detail.setObjectName("overview-detail")
        self.detail.hide()
        self.progress = ProgressCard()
        self.progress.hide()
        self.progress.cancelled.connect(self._stop)
        self.main = Plain()
        inside = column(
            top, self.progress, self.upper, self.stations, self.detail, spacing=tokens.S12
        )
        inside.setStretch(2, 6)
        inside.setStretch(3, 5)
        self.main.setLayout(inside)
        self.form = ExportForm()
        self.form.wanted.connect(self._export)
        self.form.cancelled.connect(self._back_to_figures)
        self.stack = Stack()
        self.stack.addWidget(self.main)
        self.stack.addWidget(self.form)
        self.body.addWidget(self.stack, 1)

    def keys(self) -> list[Key]:
        found = [
            Key("Ctrl+T", tr("Pictures or tables of the same figures"), self._press_turn),
            Key("F5", tr("Count again"), self._load),
        ]
        if self._may_export:
            found.append(Key("Ctrl+E", tr("Export tables"), self._ask_export))
        return found

    # the figures ---------------------------------------------------------------------------

    def on_shown(self, **arguments: Any) -> None:
        self._load()

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.imports or changes.queue):
            self._load()

    def _load(self) -> None:
        days = int(self.days.value() or _DAYS[0])
        offset = self.desk.clock.now().astimezone().utcoffset() or timedelta(0)
        self._slow.start()
        self.desk.read(
            lambda work: offices.oversight.figures(work.session, days=days, offset=offset),
            done=self._show,
            failed=self._failed,
            parent=self,
            latest="overview",
        )

    def _failed(self, error: Exception) -> None:
        self._slow.stop()
        self.set_note("")
        self.say_failure(error)

    def _show(self, figures: Figures) -> None:
        self._slow.stop()
        self.set_note(tr("As of {time}", time=words.clock_time(figures.at)))
        self._figures = figures
        self.summary.setText(_summary(figures))
        series, bars = _bars(figures)
        self.by_day.set_bars(series, bars, _told_days(figures))
        self.ages.set_bars(
            bands(), [Bar(tr(QUEUES[one.queue]), one.ages) for one in figures.queues],
            _told_queues(figures),
        )  # fmt: skip
        self.day_table.set_rows(figures.days)
        self.queue_table.set_rows(figures.queues)
        self.stations.set_rows(figures.stations)
        self._tell()
        if self.isVisible() and self.stack.currentWidget() is self.main:
            self._focus()

    def _focus(self) -> None:
        if self.as_tables.isChecked():
            self.queue_table.focus_rows()
        elif self.stations.rows():
            self.stations.focus_rows()
        else:
            self.days.focus_editor()

    def _press_turn(self) -> None:
        self.as_tables.setChecked(not self.as_tables.isChecked())
        self._turn()

    def _turn(self) -> None:
        self.upper.setCurrentWidget(self.figures if self.as_tables.isChecked() else self.pictures)
        self._focus()

    def _tell(self) -> None:
        """What is missing of the station that is chosen, to the entry."""
        chosen = self.stations.selected()
        figures = self._figures
        told = _lacks(figures, chosen[0]) if figures and chosen else ""
        self.detail.setText(told)
        self.detail.setVisible(bool(told))

    # tables ----------------------------------------------------------------------------------

    def _ask_export(self) -> None:
        if not self._may_export or self._task is not None:
            return
        self.hush()
        self.form.open(sensitive=self.desk.role == "registrar")
        self.stack.setCurrentWidget(self.form)
        self.form.focus_first()

    def _back_to_figures(self) -> None:
        self.stack.setCurrentWidget(self.main)
        self.export.setFocus()

    def _export(self, wanted: dict[str, Any]) -> None:
        parent = self.desk.dialogs.open_folder(self, tr("Where the tables go"))
        if parent is None:
            return
        reason = self.form.reason()
        stamp = self.desk.clock.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
        out = parent / f"tables-{stamp}"
        self._back_to_figures()
        self.export.setEnabled(False)
        self.progress.start(tr("Writing the tables"))
        self._task = self.desk.act(
            partial(_export, wanted=wanted, out=out, reason=reason),
            done=self._exported,
            failed=self._not_exported,
            changes=Changes(),
            progress=self.progress.progress,
            parent=self,
        )

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _over(self) -> None:
        self._task = None
        self.progress.finish()
        self.export.setEnabled(True)

    def _exported(self, made: list[Written]) -> None:
        self._over()
        rows = sum(one.rows for one in made)
        told = ntr("{n} row was written.", "{n} rows were written.", rows)
        where = tr("Folder: {folder}", folder=isolate(made[0].file.parent.name))
        warned = tr("The files are not sealed: whoever has them can read them.")
        self.say("success", f"{told} {where}. {warned}")

    def _not_exported(self, error: Exception) -> None:
        self._over()
        self.say_failure(error)


def _export(work: Any, *, wanted: dict[str, Any], out: Any, reason: str) -> list[Written]:
    made: Wanted = offices.tables.Wanted(
        tuple(wanted["tables"]),
        offices.tabular.Form(wanted["form"]),
        wanted["sensitive"],
        wanted["purpose"],
    )
    written: list[Written] = offices.tables.export(
        work.session, out, made, reason=reason, progress=work.progress, cancelled=work.cancelled
    )
    return written


def _card(title: str, chart: Any) -> Card:
    made = Card(Section(title), chart, spacing=tokens.S8, margin=tokens.S12)
    layout = made.layout()
    if isinstance(layout, QVBoxLayout):
        layout.setStretch(1, 1)
    return made


def _beside(one: Any, other: Any, share: int = 1, rest: int = 1) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(tokens.S16)
    made.addWidget(one, share)
    made.addWidget(other, rest)
    return made


def _summary(figures: Figures) -> str:
    """The state of things in one line."""
    parts = [
        ntr("{n} family registered", "{n} families registered", figures.families),
        ntr("{n} waits here", "{n} wait here", figures.backlog),
    ]
    asked = sum(standing_of(one)[1] in ("warning", "danger") for one in figures.stations)
    if asked:
        parts.append(ntr("{n} station needs a look", "{n} stations need a look", asked))
    if figures.ahead:
        parts.append(
            ntr(
                "{n} registration is dated in the future",
                "{n} registrations are dated in the future",
                figures.ahead,
            )
        )
    return words.beside(*parts)


def _bars(figures: Figures) -> tuple[list[str], list[Bar]]:
    """The stations with most families each, all others together."""
    sizes: Counter[str] = Counter()
    for one in figures.days:
        sizes[one.station] += one.families
    named = [code for code, _ in sizes.most_common(SERIES)]
    series = [isolate(code) for code in named]
    if len(sizes) > SERIES:
        series.append(tr("Other stations"))
    bars = []
    for day, some in figures.by_day():
        parts = [sum(one.families for one in some if one.station == code) for code in named]
        if len(sizes) > SERIES:
            parts.append(sum(one.families for one in some if one.station not in named))
        bars.append(Bar(words.day(day), tuple(parts)))
    return series, bars


def _told_days(figures: Figures) -> str:
    told = [
        tr("{day}: {n}", day=words.day(day), n=number(sum(one.families for one in some)))
        for day, some in figures.by_day()
        if some
    ]
    return "; ".join(told) or tr("Nothing was registered in these days")


def _told_queues(figures: Figures) -> str:
    return "; ".join(
        tr("{queue}: {n}", queue=tr(QUEUES[one.queue]), n=number(one.number))
        for one in figures.queues
    )


def _lacks(figures: Figures, station: StationFigures) -> str:
    """The stretches of its chain that are not here, and the bundles that are not done."""
    gaps = [one for one in figures.missing if one.station == station.code]
    told = [
        tr("{first} to {last}", first=number(one.first), last=number(one.last))
        if one.last > one.first
        else number(one.first)
        for one in gaps[:_GAPS_NAMED]
    ]
    parts = []
    if gaps:
        more = len(gaps) - len(told)
        listed = ", ".join(told) + (tr(" and {n} more", n=number(more)) if more else "")
        parts.append(
            tr(
                "Missing from {station}: entries {entries}. "
                "Ask the station for the bundle that has them.",
                station=isolate(station.code),
                entries=isolate(listed),
            )
        )
    if station.unfinished:
        parts.append(
            ntr(
                "{n} bundle is not taken in to its end: import it again.",
                "{n} bundles are not taken in to their end: import them again.",
                station.unfinished,
            )
        )
    return " ".join(parts)
