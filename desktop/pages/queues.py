"""Queues (registry): what waits for somebody's decision, each queue with its list and its acts.

Whoever takes a case is named in the list, so that no two people work on one. What is alike can be
decided together: what would be done to what is shown before, and one reason stands for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from desktop import offices
from desktop.adjudication import lists
from desktop.adjudication.deeds import Deeds
from desktop.adjudication.filters import Filters
from desktop.desk import Changes, Desk, Work
from desktop.page import WIDE, Key, Page
from desktop.pages import ADMINISTRATOR, DECIDES, queues_told
from desktop.pages.corrections import Corrections
from desktop.style import tokens
from desktop.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from desktop.widgets.chrome import RailItem
from desktop.widgets.flow import Lines
from desktop.widgets.labels import Caption, Text
from desktop.widgets.layout import Plain, Stack, column, row
from desktop.widgets.messages import EmptyState
from desktop.widgets.table import DataTable
from desktop.words import ntr, tr

if TYPE_CHECKING:
    from registry.adjudication_queues import PairRow, Sizes
    from registry.decide import Registering

_LIST_WIDTH: Final = 212


class QueuesPage(Page):
    """What waits for a decision of the registry."""

    key = "queues"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self._busy = False
        self._sizes: Sizes | None = None
        self._may_decide = desk.role in DECIDES
        self._may_refuse = self._may_decide or desk.role in ADMINISTRATOR
        administers = desk.role in ADMINISTRATOR
        self._rows: dict[str, list[Any]] = {}
        self._queues = {
            one.key: one
            for one in lists.QUEUES
            if (one.administrators or not administers)
            and (one.key != lists.CORRECTIONS or self._may_decide)
        }
        self._queue = next(iter(self._queues))
        self.tables: dict[str, DataTable[Any]] = {
            one.key: self._table(one)
            for one in self._queues.values()
            if one.key != lists.CORRECTIONS
        }
        self.corrections = Corrections(desk)
        self.corrections.said.connect(self.say)
        self.corrections.failed.connect(self.say_failure)
        self.corrections.noted.connect(self._noted)
        self.corrections.counted.connect(lambda _n: self._focus(only=lists.CORRECTIONS))
        self.corrections.person_wanted.connect(lambda person: self.go("person", person=person))
        self._deeds = Deeds(desk, self, self._do, self._over)
        self.filters = Filters()
        self.filters.changed.connect(self._narrow)
        self.refused = QuietButton(
            tr("Show those that were refused"), on=self._load, name="queues-refused"
        )
        self.refused.setCheckable(True)
        self._make_acts()
        self._lay_out()
        desk.changed.connect(self._changed)
        self._switch(self._queue)

    # building ------------------------------------------------------------------------------

    def _table(self, queue: lists.Queue) -> DataTable[Any]:
        table: DataTable[Any] = DataTable(
            queue.columns(self.desk.clock.now),
            name=f"queue-{queue.key}",
            label=tr(queue.label),
            prefs=self.desk.prefs,
            several=True,
            identity=lambda one: one.key if not hasattr(one, "set") else (one.key, one.set),
            empty=EmptyState(queue.icon, tr(queue.empty), tr(queue.explanation)),
        )
        table.selection_changed.connect(self._enable)
        table.activated.connect(self._open)
        return table

    def _make_acts(self) -> None:
        self.register = PrimaryButton(
            tr("Register"), icon="check", on=self._register, name="queues-register"
        )
        self.send_back = Button(tr("Send back…"), on=self._send_back, name="queues-send-back")
        self.compare = PrimaryButton(
            tr("Compare"), icon="merge", on=self._open_chosen, name="queues-compare"
        )
        self.different = Button(
            tr("Two persons each…"), on=self._all_different, name="queues-different"
        )
        self.settle = PrimaryButton(
            tr("Look at both sides"), icon="split", on=self._open_chosen, name="queues-settle"
        )
        self.latest = Button(
            tr("The latest holds…"), on=partial(self._settle, "latest"), name="queues-latest"
        )
        self.earliest = Button(
            tr("The earliest holds…"), on=partial(self._settle, "earliest"), name="queues-earliest"
        )
        self.release = Button(tr("Admit after all…"), on=self._release, name="queues-release")
        self.refuse = DangerButton(tr("Refuse…"), on=self._refuse, name="queues-refuse")
        self.take = Button(tr("Take ({key})", key="T"), on=self._take, name="queues-take")
        self.alike = QuietButton(
            tr("Choose all alike ({key})", key="L"), on=self._choose_alike, name="queues-alike"
        )
        decides, refuses = self._may_decide, self._may_refuse
        self._acts: dict[str, list[tuple[Button, bool]]] = {
            lists.NEW: [(self.send_back, decides), (self.register, decides)],
            lists.DUPLICATES: [(self.different, decides), (self.compare, decides)],
            lists.CONFLICTS: [
                (self.earliest, decides), (self.latest, decides), (self.settle, decides),
            ],
            lists.ASIDE: [(self.refuse, refuses), (self.release, decides)],
        }  # fmt: skip
        self._taking = {
            lists.NEW: decides, lists.DUPLICATES: decides, lists.CONFLICTS: decides,
            lists.ASIDE: refuses,
        }  # fmt: skip

    def _lay_out(self) -> None:
        self.places = QButtonGroup(self)
        self.items: dict[str, RailItem] = {}
        side = QVBoxLayout()
        side.setSpacing(2)
        for queue in self._queues.values():
            item = RailItem(queue.key, tr(queue.title), queue.icon, "")
            item.setObjectName(f"queue-{queue.key}")
            item.clicked.connect(lambda _on=False, key=queue.key: self._turn_to(key))
            self.places.addButton(item)
            self.items[queue.key] = item
            side.addWidget(item)
        side.addStretch(1)
        self.also = Caption("")
        self.also.setObjectName("queues-also")
        side.addWidget(self.also)
        beside = Plain()
        beside.setMinimumWidth(_LIST_WIDTH)
        beside.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        beside.setLayout(side)
        beside.setAccessibleName(tr("Queues"))
        side.setContentsMargins(0, 0, 0, 0)
        self.stack = Stack()
        for table in self.tables.values():
            self.stack.addWidget(table)
        self.stack.addWidget(self.corrections)
        self.chosen = Caption("", wrap=False)
        self.foot = Plain()
        acts = [act for some in self._acts.values() for act, _ in some]
        below = Lines()
        for act in (*reversed(acts), self.take, self.alike):
            below.add(act)
        self.foot.setLayout(column(below, self.chosen, spacing=tokens.S4))
        self.filters.add(self.refused)
        self.detail = Text("")
        self.detail.setObjectName("queues-detail")
        self.detail.hide()
        main = column(self.filters, self.stack, self.detail, self.foot, spacing=12)
        main.setStretch(1, 1)
        across = row(beside, main, spacing=tokens.S24)
        across.setStretch(1, 1)
        self.body.addLayout(across, 1)

    def keys(self) -> list[Key]:
        found = [
            Key("Ctrl+PgDown", tr("Next queue"), partial(self._step_queue, 1)),
            Key("Ctrl+PgUp", tr("The queue before"), partial(self._step_queue, -1)),
            Key("Ctrl+A", tr("Choose everything in the list")),
            Key("Return", tr("Open what is chosen")),
        ]
        if self._may_refuse:
            found += [
                Key("T", tr("Take what is chosen, or give it back"), self._take),
                Key("L", tr("Choose all that are alike"), self._choose_alike),
                Key("R", tr("Refuse, with a reason"), self._on_r),
            ]
        if self._may_decide:
            found += [
                Key("Ctrl+Return", tr("Register what is chosen"), self._register),
                Key("A", tr("Approve a correction"), partial(self._decide, Corrections.approve)),
                Key("S", tr("Send a family back with a reason"), self._send_back),
                Key("D", tr("Say that these are two persons each"), self._all_different),
            ]
        return found

    # which queue ---------------------------------------------------------------------------

    def _step_queue(self, by: int) -> None:
        keys = list(self._queues)
        self._turn_to(keys[(keys.index(self._queue) + by) % len(keys)])

    def _turn_to(self, queue: str) -> None:
        self._switch(queue)
        self._focus()

    def _switch(self, queue: str) -> None:
        self._queue = queue
        self.items[queue].setChecked(True)
        on_corrections = queue == lists.CORRECTIONS
        shown: QWidget = self.corrections if on_corrections else self.tables[queue]
        self.stack.setCurrentWidget(shown)
        self.filters.setVisible(not on_corrections)
        self.filters.show_score(queue == lists.DUPLICATES)
        self.foot.setVisible(not on_corrections)
        self.refused.setVisible(queue == lists.ASIDE)
        for key, acts in self._acts.items():
            for act, allowed in acts:
                act.setVisible(key == queue and allowed)
        self.take.setVisible(self._taking.get(queue, False))
        self.alike.setVisible(
            self._taking.get(queue, False)
            and queue in (lists.DUPLICATES, lists.CONFLICTS, lists.ASIDE)
        )
        self._narrow()

    def _focus(self, only: str = "") -> None:
        if not self.isVisible() or only not in ("", self._queue):
            return
        table = self.tables.get(self._queue, self.corrections.table)
        if table.rows():
            if not table.selected():
                table.select_first()
            table.view.setFocus()
        else:
            self.items[self._queue].setFocus()

    # what waits ----------------------------------------------------------------------------

    def on_shown(self, queue: str | None = None, **arguments: Any) -> None:
        named = {"waiting": lists.NEW, "aside": lists.ASIDE}.get(queue or "", queue)
        if named in self._queues:
            self._switch(named)
        self._load()

    def _load(self) -> None:
        if self._may_decide:
            self.corrections.load()
        language = self.desk.language
        wanted = tuple(self.tables)
        refused = self.refused.isChecked()
        self.desk.read(
            lambda work: _fetch(work, wanted, refused, language),
            done=lambda found: self._show(*found),
            parent=self,
            latest="queues",
        )

    def _show(self, sizes: Sizes, rows: dict[str, list[Any]]) -> None:
        self._sizes = sizes
        self._rows = rows
        for key, item in self.items.items():
            item.set_count(getattr(sizes, key))
        self.filters.set_stations(
            [code for some in rows.values() for one in some for code in one.station.split(", ")]
        )
        self.also.setText(queues_told.also(sizes))
        self.also.setVisible(bool(self.also.text()))
        self._narrow()
        self._focus()
        self._compare()

    def _compare(self) -> None:
        """Whom an import brought is compared while somebody is here, unless that is done: pairs
        come into the list as they are found."""
        if self._may_decide and self.isVisible():
            self.desk.read(
                lambda work: offices.owing.propose_some(work.session),
                done=self._compared,
                parent=self,
                latest="comparing",
            )

    def _compared(self, came: tuple[int, bool]) -> None:
        pairs, more = came
        if pairs:
            self._load()
        elif more:
            self._compare()

    def _narrow(self) -> None:
        """Show the rows of the queue in front that the filters let through."""
        table = self.tables.get(self._queue)
        if table is not None:
            now = self.desk.clock.now()
            rows = self._rows.get(self._queue, [])
            table.set_rows([one for one in rows if self.filters.lets(one, now)])
        self._enable()

    def _chosen(self) -> list[Any]:
        table = self.tables.get(self._queue)
        return table.selected() if table is not None else []

    def _enable(self) -> None:
        chosen = self._chosen()
        idle = bool(chosen) and not self._busy
        for acts in self._acts.values():
            for act, _ in acts:
                act.setEnabled(idle)
        self.take.setEnabled(idle)
        mine = bool(chosen) and all(one.owner and one.owner.own for one in chosen)
        self.take.setText(tr("Give back ({key})", key="T") if mine else tr("Take ({key})", key="T"))
        self.alike.setEnabled(len(chosen) == 1 and not self._busy)
        if self._queue == lists.DUPLICATES:
            self.different.setEnabled(
                idle and all(one.state != "second" or one.own for one in chosen)
            )
            self.compare.setEnabled(idle and len(chosen) == 1)
        if self._queue == lists.CONFLICTS:
            self.settle.setEnabled(idle and len(chosen) == 1)
        detail = queues_told.detail(self._queue, chosen[0]) if len(chosen) == 1 else ""
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        table = self.tables.get(self._queue)
        shown = len(table.rows()) if table is not None else 0
        hidden = len(self._rows.get(self._queue, ())) - shown
        self.chosen.setText(queues_told.chosen_words(len(chosen), hidden))

    # opening -------------------------------------------------------------------------------

    def _open_chosen(self) -> None:
        chosen = self._chosen()
        if chosen:
            self._open(chosen[0])

    def _open(self, one: Any) -> None:
        """Enter: to where it is decided. What is decided here gets the keyboard's act."""
        if self._queue == lists.DUPLICATES and self._may_decide:
            shown: list[PairRow] = self.tables[self._queue].shown()
            pairs = [(pair.first, pair.second) for pair in shown]
            self.go("duplicate", pair=(one.first, one.second), pairs=pairs)
        elif self._queue == lists.CONFLICTS:
            self._open_conflict(one)
        elif self._queue == lists.NEW:
            self.register.setFocus()

    def _open_conflict(self, one: Any) -> None:
        if not self._may_decide:
            if one.person is not None:
                self.go("person", person=one.person)
            return
        shown = self.tables[self._queue].shown()
        subjects = list(dict.fromkeys((each.subject_type, each.subject) for each in shown))
        self.go("conflict", subject=(one.subject_type, one.subject), subjects=subjects)

    # taking --------------------------------------------------------------------------------

    def _take(self) -> None:
        chosen = self._chosen()
        if not chosen or self._busy or not self._taking.get(self._queue, False):
            return
        keys = list(dict.fromkeys(one.key for one in chosen))
        mine = all(one.owner and one.owner.own for one in chosen)
        office = (
            (lambda work: offices.worklists.give_back(work.session, keys))
            if mine
            else (lambda work: offices.worklists.take(work.session, keys))
        )
        self._do(office, lambda _none: self._load(), Changes(), busy=False)

    def _choose_alike(self) -> None:
        """All in the list that are of one kind with the row that is chosen."""
        chosen = self._chosen()
        if len(chosen) != 1 or not self.alike.isVisible():
            return
        alike = queues_told.alike(self._queue, chosen[0])
        self.tables[self._queue].select(lambda one: queues_told.alike(self._queue, one) == alike)

    # decisions -----------------------------------------------------------------------------

    def _do(
        self,
        fn: Callable[[Work], Any],
        done: Callable[[Any], object],
        changes: Changes,
        *,
        busy: bool = True,
    ) -> None:
        self._busy = busy
        self._enable()
        self.hush()
        self.desk.act(fn, done=done, failed=self._failed, changes=changes, parent=self)

    def _over(self, kind: str, sentence: str) -> None:
        self._busy = False
        self.say(kind, sentence)
        self._load()

    def _register(self) -> None:
        chosen = [one.registration for one in self._chosen()]
        if not chosen or self._busy or not self._may_decide or self._queue != lists.NEW:
            return
        self._do(
            lambda work: offices.decide.register(work.session, chosen),
            self._registered,
            Changes(queue=True, people=True, sending=True),
        )

    def _registered(self, made: Registering) -> None:
        families = ntr("{n} family registered", "{n} families registered", made.registered)
        persons = ntr(
            "{n} person has a permanent number now",
            "{n} persons have a permanent number now",
            made.numbered,
        )
        self._over("success", tr("{families}. {persons}.", families=families, persons=persons))

    def _if(self, act: Button, deed: Callable[[Sequence[Any]], None]) -> None:
        """Do it to what is chosen, when its button could be pressed: keys come here too."""
        if act.isEnabled() and not act.isHidden() and (chosen := self._chosen()):
            deed(chosen)

    def _send_back(self) -> None:
        self._if(self.send_back, self._deeds.send_back)

    def _all_different(self) -> None:
        self._if(self.different, self._deeds.different)

    def _settle(self, which: str) -> None:
        act = self.latest if which == "latest" else self.earliest
        self._if(act, partial(self._deeds.settle, which=which))

    def _release(self) -> None:
        self._if(self.release, self._deeds.release)

    def _refuse(self) -> None:
        self._if(self.refuse, self._deeds.refuse)

    def _on_r(self) -> None:
        if self._queue == lists.CORRECTIONS:
            self._decide(Corrections.refuse)
        else:
            self._refuse()

    def _decide(self, decision: Callable[[Corrections], None]) -> None:
        if self._queue == lists.CORRECTIONS:
            decision(self.corrections)

    def _noted(self, note: str) -> None:
        self.hush()
        self.set_note(note)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._enable()
        self.say_failure(error)
        self._load()

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and not self._busy and (changes.queue or changes.imports):
            self._load()


def _fetch(
    work: Work, wanted: Sequence[str], refused: bool, language: str
) -> tuple[Sizes, dict[str, list[Any]]]:
    session, office = work.session, offices.worklists
    if str(session.user.role) in DECIDES:
        # What came since somebody looked last, however it came: an import, a correction here.
        offices.adjudication.propose_new(session)
    ways: dict[str, Callable[[], list[Any]]] = {
        lists.NEW: lambda: office.new(session),
        lists.DUPLICATES: lambda: office.pairs(session),
        lists.CONFLICTS: lambda: office.conflicts(session, language=language),
        lists.HELD: lambda: office.held(session),
        lists.ASIDE: lambda: office.quarantined(session, refused=refused, language=language),
        lists.RETURNED: lambda: office.returned(session, language=language),
    }
    return office.sizes(session), {key: ways[key]() for key in wanted}
