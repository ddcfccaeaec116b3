"""Import (registry): a bundle from a stick, what was admitted, and the notice that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.page import Key, Page
from desktop.pages import standing
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.facts import Facts
from desktop.widgets.labels import Section, Text, Title
from desktop.widgets.layout import Card, row
from desktop.widgets.messages import Notice, ProgressCard
from desktop.widgets.table import Column, DataTable
from desktop.words import isolate, tr

if TYPE_CHECKING:
    from desktop.tasks import Task
    from registry.admit import Imported
    from registry.queues import ImportRow


class ImportPage(Page):
    """Taking in what a station sends."""

    key = "import"

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self._task: Task | None = None
        self.take = PrimaryButton(
            tr("Import a bundle…"), icon="import", on=self._choose, name="import-take"
        )
        self._card = Card(
            Title(tr("Take in what a station sends")),
            Text(
                tr(
                    "Choose the bundle's folder on the stick. The notice that answers it is "
                    "written beside it, for the way back. Importing one again changes nothing."
                ),
                muted=True,
            ),
            row(self.take, None),
        )
        self.progress = ProgressCard(cancellable=False)
        self.result = _Result()
        self.result.go_on.connect(lambda: self.go("queues"))
        self.result.hide()
        self._past_title = Section(tr("Earlier imports"))
        self.past: DataTable[ImportRow] = DataTable(
            _columns(), name="imports", label=tr("Earlier imports"), prefs=desk.prefs
        )
        self.past.setMinimumHeight(240)
        self.body.addWidget(self._card)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.result)
        self.body.addWidget(self._past_title)
        self.body.addWidget(self.past)
        self.body.addStretch(1)
        self._show_past(())
        desk.changed.connect(self._changed)

    def keys(self) -> list[Key]:
        return [Key("Ctrl+O", tr("Import a bundle"), self._choose)]

    def on_shown(self, **arguments: Any) -> None:
        self._load()
        self.take.setFocus()

    def _load(self) -> None:
        self.desk.read(
            lambda work: offices.queues.imports(work.session),
            done=self._show_past,
            parent=self,
            latest="imports",
        )

    def _show_past(self, past: Sequence[ImportRow]) -> None:
        self._past_title.setVisible(bool(past))
        self.past.setVisible(bool(past))
        self.past.set_rows(past)

    def _choose(self) -> None:
        if self._task is not None:
            return
        bundle = self.desk.dialogs.open_folder(self, tr("Choose the bundle's folder"))
        if bundle is not None:
            self.import_(bundle)

    def import_(self, bundle: Path) -> None:
        """Take this bundle in; the notice is written beside it."""
        self.hush()
        self.result.hide()
        self.take.setEnabled(False)
        self.progress.start(
            tr("Importing {folder}", folder=isolate(bundle.name)),
            detail=tr("Signatures are checked before anything is opened."),
        )
        self._task = self.desk.act(
            partial(_import, bundle=bundle),
            done=self._imported,
            failed=self._failed,
            progress=lambda done, total: self.progress.progress(
                done, total, tr("{done} of {total} entries looked at", done=done, total=total)
            ),
            changes=Changes(imports=True, queue=True, people=True),
            parent=self,
        )

    def _imported(self, made: Imported) -> None:
        self._over()
        self.result.show_import(made)
        self.result.show()
        self._load()

    def _failed(self, error: Exception) -> None:
        self._over()
        self.say_failure(error)

    def _over(self) -> None:
        self._task = None
        self.progress.finish()
        self.take.setEnabled(True)
        self.take.setFocus()

    def _changed(self, changes: Changes) -> None:
        if changes.imports and self.isVisible() and self._task is None:
            self._load()


class _Result(Card):
    """What came of a bundle."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("import-result")
        self.said = Notice("success", "")
        self.facts = Facts(label_width=270)
        self.reasons = Card()
        self._why = Section(tr("Why not everything was admitted"))
        self.notice = Text("")
        self.button = Button(tr("Look at the queues"), name="import-queues")
        self.go_on = self.button.clicked
        self.body.addWidget(self.said)
        self.body.addWidget(self.facts)
        self.body.addWidget(self._why)
        self.body.addWidget(self.reasons)
        self.body.addWidget(self.notice)
        self.body.addLayout(row(self.button, None))

    def show_import(self, made: Imported) -> None:
        """Show how many were admitted, known, held and put aside, and why."""
        aside = made.held + made.quarantined
        self.said.set_message(
            "warning" if aside else "success",
            tr("The bundle of station {code} is in.", code=isolate(made.station))
            if made.admitted or aside
            else tr(
                "Everything in this bundle of station {code} was here already.",
                code=isolate(made.station),
            ),
        )
        facts = [
            (tr("Admitted"), words.number(made.admitted)),
            (tr("Known already"), words.number(made.known)),
            (tr("Held, until what is missing comes"), words.number(made.held)),
            (tr("Set aside, for a registrar to decide"), words.number(made.quarantined)),
        ]
        if made.match_cases:
            facts.append((tr("Possible duplicates to compare"), words.number(made.match_cases)))
        if made.conflicts:
            facts.append((tr("Conflicts to settle"), words.number(made.conflicts)))
        self.facts.set_facts(facts)
        self._why.setVisible(bool(made.reasons))
        self.reasons.setVisible(bool(made.reasons))
        while (item := self.reasons.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for reason in made.reasons:
            self.reasons.body.addWidget(Text(tr(reason)).selectable())
        self.notice.setVisible(made.notice is not None)
        if made.notice is not None:
            self.notice.setText(
                tr(
                    "The notice is in {folder}, beside the bundle. Send the stick back.",
                    folder=isolate(made.notice.name),
                )
            )


def _import(work: Work, *, bundle: Path) -> Imported:
    made = offices.admit.import_bundle(
        work.session, bundle, notice_parent=bundle.parent, progress=work.progress
    )
    return offices.adjudication.after_import(work.session, made)


def _outcomes(past: ImportRow) -> str:
    return " · ".join(
        f"{standing.outcome(code)[0]} {words.number(count)}"
        for code, count in sorted(past.outcomes.items())
    )


def _columns() -> list[Column[ImportRow]]:
    return [
        Column(
            key="at",
            title=tr("Imported"),
            value=lambda one: words.moment(one.at),
            sort=lambda one: one.at,
            width=215,
        ),
        Column(
            key="station", title=tr("Station"), value=lambda one: isolate(one.station), width=90
        ),
        Column(
            key="entries",
            title=tr("Entries"),
            value=lambda one: words.number(one.last - one.first + 1),
            sort=lambda one: one.last - one.first,
            at_end=True,
            width=90,
        ),
        Column(key="outcomes", title=tr("Outcomes"), value=_outcomes, stretch=True),
    ]
