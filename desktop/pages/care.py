"""Taking care of the data: backup, check, rebuild, restore, the recovery sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import files, offices, words
from desktop.desk import Changes, Desk, Work
from desktop.firstrun.parts import WordGrid
from desktop.firstrun.work import sheet as new_sheet
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton
from desktop.widgets.labels import Caption, Section, Strong, Text
from desktop.widgets.layout import Card, Plain, Rule, column, fill, row
from desktop.widgets.messages import Notice, ProgressCard
from desktop.words import ntr, tr

if TYPE_CHECKING:
    from workspace.care import CareResult, CheckResult

_PROBLEMS_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class _Standing:
    """How the data is cared for."""

    backup_age: timedelta | None
    free: int


def _standing(work: Work) -> _Standing:
    return _Standing(
        backup_age=offices.care.backup_age(work.session),
        free=offices.storage.state(work.session.folder).free,
    )


class SettingRow(Plain):
    """A title and a word about it, with its control at the end of the line."""

    def __init__(self, title: str, detail: str, control: QWidget) -> None:
        super().__init__()
        self.detail = Caption(detail)
        if not detail:
            self.detail.hide()
        line = row(column(Strong(title), self.detail, spacing=2), control, spacing=tokens.S16)
        line.setStretch(0, 1)
        self.setLayout(line)

    def say(self, detail: str) -> None:
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))


class CarePanel(QWidget):
    """The part of settings that touches the store."""

    free_known = Signal(object)  # bytes left on the disk
    reveal_wanted = Signal(object)  # a widget that just came up

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        self.desk = desk
        self._sheet_grid: WordGrid | None = None
        self.backup = Button(tr("Back up…"), icon="backup", on=self._back_up, name="care-backup")
        self._backup_row = SettingRow(tr("Backup"), "", self.backup)
        self.check = Button(tr("Check"), icon="verify", on=self._check, name="care-check")
        self._check_row = SettingRow(
            tr("Check everything"),
            tr("Chain, signatures, photos and the encrypted file."),
            self.check,
        )
        self.rebuild = Button(tr("Rebuild"), on=self._rebuild, name="care-rebuild")
        self._rebuild_row = SettingRow(
            tr("Rebuild"),
            tr("Makes every list and record anew from the signed entries."),
            self.rebuild,
        )
        self.restore = Button(tr("Restore…"), icon="history", on=self._restore, name="care-restore")
        self._restore_row = SettingRow(
            tr("Restore a backup"),
            tr("Into a new place; this one stays as it is."),
            self.restore,
        )
        self._progress = ProgressCard(cancellable=False)
        self._result = Notice("success", "")
        self._result.setObjectName("care-result")
        self._result.hide()
        card = Card(
            self._backup_row,
            Rule(),
            self._check_row,
            Rule(),
            self._rebuild_row,
            Rule(),
            self._restore_row,
        )
        if self.desk.role == "administrator":
            self.new_sheet = Button(
                tr("Make a new sheet…"), icon="key", on=self._ask_sheet, name="care-sheet"
            )
            card.body.addWidget(Rule())
            card.body.addWidget(
                SettingRow(
                    tr("Recovery sheet"),
                    tr("Opens this place when a passphrase is lost. A new one ends the old one."),
                    self.new_sheet,
                )
            )
            self._sheet_place = Plain()
            self._sheet_grid = WordGrid(columns=4)
            self._sheet_grid.setObjectName("sheet-words")
            self._sheet_place.setLayout(
                column(
                    Text(tr("Write it down on paper, in this order. It is shown this once.")),
                    self._sheet_grid,
                    row(
                        None,
                        PrimaryButton(
                            tr("It is written down"), on=self.close_sheet, name="sheet-done"
                        ),
                    ),
                    spacing=tokens.S12,
                )
            )
            self._sheet_place.hide()
            card.body.addWidget(self._sheet_place)
            if self.desk.office.kind == "station":
                self.next_key = Button(
                    tr("Ask for it…"), icon="key", on=self._ask_key, name="care-next-key"
                )
                self.take_key = Button(tr("Take it…"), on=self._take_key, name="care-take-key")
                both = Plain()
                both.setLayout(row(self.next_key, self.take_key, spacing=tokens.S8))
                card.body.addWidget(Rule())
                card.body.addWidget(
                    SettingRow(
                        tr("Next key for documents"),
                        tr("Once a year, from the registry. Compare the six words by telephone."),
                        both,
                    )
                )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S16)
        fill(layout, Section(tr("Care of the data")), self._progress, self._result, card)
        desk.changed.connect(self._changed)

    def load(self) -> None:
        self.desk.read(_standing, done=self._show_standing, parent=self, latest="care")

    def _changed(self, changes: Changes) -> None:
        if changes.care and self.isVisible():
            self.load()

    def _show_standing(self, standing: _Standing) -> None:
        self._backup_row.say(
            tr("There is no backup yet.")
            if standing.backup_age is None
            else tr("The last one is {span} old.", span=words.ago(standing.backup_age))
        )
        self.free_known.emit(standing.free)

    def _begin(self, title: str) -> None:
        self._result.hide()
        self._progress.start(title)
        for button in (self.backup, self.check, self.rebuild, self.restore):
            button.setEnabled(False)

    def _end(self) -> None:
        self._progress.finish()
        for button in (self.backup, self.check, self.rebuild, self.restore):
            button.setEnabled(True)

    def _tell(self, kind: str, sentence: str) -> None:
        self._end()
        self._result.set_message(kind, sentence)
        self._result.show()

    def _failed(self, error: Exception) -> None:
        self._tell("danger", words.failure(error))

    def _back_up(self) -> None:
        stamp = self.desk.today().isoformat()
        out = self.desk.dialogs.save_file(
            self,
            tr("Where the backup goes"),
            f"waystation-{stamp}.backup",
            [(tr("Backups"), ("*.backup",))],
        )
        if out is None:
            return
        self._begin(tr("Writing the backup"))
        self.desk.act(
            lambda work: offices.care.backup(work.session, out),
            changes=Changes(care=True),
            done=lambda result: self._backed_up(out, result),
            failed=self._failed,
            parent=self,
        )

    def _backed_up(self, out: Path, result: CareResult) -> None:
        self._tell(
            "success",
            ntr(
                "{n} entry is in {name}. Keep it away from this computer.",
                "{n} entries are in {name}. Keep it away from this computer.",
                result.entries,
                name=words.isolate(out.name),
            ),
        )

    def _check(self) -> None:
        self._begin(tr("Checking"))
        self.desk.read(
            lambda work: offices.care.check(work.session, progress=work.progress),
            done=self._checked,
            failed=self._failed,
            progress=self._progress.progress,
            parent=self,
        )

    def _checked(self, result: CheckResult) -> None:
        if not result.problems:
            sound = ntr(
                "{n} entry, and all is sound.", "{n} entries, and all is sound.", result.entries
            )
            self._tell("success", "\n".join([sound, *result.notes]))
            return
        title = ntr(
            "{n} thing is wrong. Back up, and tell the registry.",
            "{n} things are wrong. Back up, and tell the registry.",
            len(result.problems),
        )
        more = len(result.problems) - _PROBLEMS_SHOWN
        lines = [title, *result.problems[:_PROBLEMS_SHOWN]]
        if more > 0:
            lines.append(ntr("and {n} more", "and {n} more", more))
        self._tell("danger", "\n".join(lines))

    def _rebuild(self) -> None:
        self._begin(tr("Rebuilding"))
        self.desk.act(
            lambda work: offices.care.rebuild(work.session),
            changes=Changes.all(),
            done=self._rebuilt,
            failed=self._failed,
            parent=self,
        )

    def _rebuilt(self, result: tuple[int, int]) -> None:
        _entries, changed = result
        self._tell(
            "success",
            ntr(
                "Rebuilt. {n} record was different before.",
                "Rebuilt. {n} records were different before.",
                changed,
            )
            if changed
            else tr("Rebuilt. Every record was as it should be."),
        )

    def _restore(self) -> None:
        file = self.desk.dialogs.open_file(
            self, tr("The backup to restore"), [(tr("Backups"), ("*.backup",)), *files.anything()]
        )
        if file is None:
            return
        parent = self.desk.dialogs.open_folder(self, tr("Where the restored place is kept"))
        if parent is None:
            return
        folder = parent / file.stem
        self._begin(tr("Restoring"))
        self.desk.read(
            lambda work: offices.care.restore(file, folder, env=work.session.env),
            done=lambda _result: self._restored(folder),
            failed=self._failed,
            parent=self,
        )

    def _restored(self, folder: Path) -> None:
        self._end()
        self._result.set_message(
            "success",
            tr("Restored into {name}.", name=words.isolate(folder.name)),
            action=(tr("Lock and open it"), lambda: self.desk.place_wanted.emit(folder)),
        )
        self._result.show()

    # the next key for documents

    def _ask_key(self) -> None:
        out = self.desk.dialogs.save_file(
            self, tr("Where to write the request"), files.KEY_REQUEST, files.carried()
        )
        if out is None:
            return
        self.desk.act(
            lambda work: offices.rotation.request(work.session, out),
            changes=Changes(care=True),
            done=lambda asked: self._tell(
                "success",
                tr(
                    "The request is in {name}. Compare by telephone: {words}",
                    name=words.isolate(out.name),
                    words=words.isolate(" ".join(asked.words)),
                ),
            ),
            failed=self._failed,
            parent=self,
        )

    def _take_key(self) -> None:
        grant = self.desk.dialogs.open_file(self, tr("Choose the grant"), files.carried())
        if grant is None:
            return
        self.desk.act(
            lambda work: offices.rotation.take(work.session, grant),
            changes=Changes(care=True),
            done=lambda taken: self._tell(
                "success",
                tr(
                    "Documents are signed with the new key until {day}. Compare by telephone: "
                    "{words}",
                    day=words.day(taken.until.date()),
                    words=words.isolate(" ".join(taken.words)),
                ),
            ),
            failed=self._failed,
            parent=self,
        )

    # the recovery sheet

    def _ask_sheet(self) -> None:
        reason = self.desk.dialogs.reason(
            self,
            tr("A new recovery sheet"),
            tr("The sheet in the sealed envelope stops working as soon as the new one is made."),
            tr("Make a new sheet"),
            choices=[
                tr("The envelope was opened"),
                tr("The sheet is lost"),
                tr("Somebody else keeps it now"),
            ],
        )
        if reason is None:
            return
        self.desk.read(
            lambda work: new_sheet(work.session),
            done=self._show_sheet,
            failed=self._failed,
            parent=self,
        )

    def _show_sheet(self, parts: tuple[str, ...]) -> None:
        if self._sheet_grid is None:
            return
        self._sheet_grid.set_words(parts)
        self._sheet_place.show()
        self.reveal_wanted.emit(self._sheet_place)

    def close_sheet(self) -> None:
        if self._sheet_grid is not None:
            self._sheet_grid.set_words(())
            self._sheet_place.hide()
