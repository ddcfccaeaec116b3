"""Settings: language and look, locking, one's passphrase, and taking care of the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk, Work
from desktop.firstrun.parts import NewPassphrase, WordGrid
from desktop.firstrun.strength import LEAST
from desktop.firstrun.work import sheet as new_sheet
from desktop.page import Page
from desktop.prefs import IDLE_CHOICES
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton, QuietButton
from desktop.widgets.facts import Facts
from desktop.widgets.fields import ChoiceField, PassphraseField, SelectField
from desktop.widgets.labels import Caption, Section, Strong, Text
from desktop.widgets.layout import Card, Plain, Rule, column, row
from desktop.widgets.messages import Notice, ProgressCard
from desktop.words import N_, ntr, tr

if TYPE_CHECKING:
    from desktop.tasks import Task
    from workspace.care import CareResult, CheckResult

_THEMES: Final = (
    ("system", N_("As the computer")),
    ("light", N_("Light")),
    ("dark", N_("Dark")),
    ("contrast", N_("High contrast")),
)
_SCALES: Final = (
    ("100", N_("Normal")),
    ("115", N_("Large")),
    ("130", N_("Largest")),
)
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


class _Row(Plain):
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


class SettingsPage(Page):
    """One card per concern, in the order in which people look for them."""

    key = "settings"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._task: Task | None = None
        self._build_look()
        self._build_locking()
        self._build_care()
        self._build_about()
        self.body.addStretch(1)
        desk.changed.connect(self._changed)

    def on_shown(self, **arguments: Any) -> None:
        self._load()

    def before_lock(self) -> None:
        self._close_passphrase()
        self._close_sheet()

    # language and look --------------------------------------------------------------------------

    def _build_look(self) -> None:
        prefs = self.desk.prefs
        language = SelectField(
            "language",
            tr("Language"),
            options=list(words.NATIVE_NAMES.items()),
            help=tr("Of this window. Documents are printed in each family's own."),
            width=240,
        )
        language.set_value(words.language())
        language.edited.connect(lambda _key, code: self._speak(str(code)))
        look = ChoiceField(
            "theme", tr("Look"), options=[(code, tr(name)) for code, name in _THEMES]
        )
        look.set_value(prefs.theme)
        look.edited.connect(lambda _key, code: self._dress(theme=str(code)))
        size = ChoiceField(
            "text_scale", tr("Text size"), options=[(code, tr(name)) for code, name in _SCALES]
        )
        size.set_value(str(prefs.text_scale))
        size.edited.connect(lambda _key, code: self._dress(scale=str(code)))
        self.body.addWidget(Section(tr("Language and look")))
        self.body.addWidget(Card(language, look, size))

    def _speak(self, code: str) -> None:
        if code and code != words.language():
            self.desk.language_wanted.emit(code)

    def _dress(self, *, theme: str = "", scale: str = "") -> None:
        if theme:
            self.desk.prefs.theme = theme
        if scale:
            self.desk.prefs.text_scale = int(scale)
        self.desk.look_wanted.emit()

    # locking and the passphrase ------------------------------------------------------------------

    def _build_locking(self) -> None:
        idle = SelectField(
            "idle",
            tr("Lock when nobody is there"),
            options=[
                (str(n), ntr("after {n} minute", "after {n} minutes", n)) for n in IDLE_CHOICES
            ],
            help=tr("Ctrl+L locks at once. What was typed is kept."),
            width=240,
        )
        idle.set_value(str(self.desk.prefs.idle_minutes))
        idle.edited.connect(lambda _key, minutes: self._set_idle(int(minutes)))
        self.change = Button(tr("Change…"), on=self._ask_passphrase, name="passphrase-change")
        self._passphrase_row = _Row(
            tr("Your passphrase"), tr("Nobody but you should know it."), self.change
        )
        self._old = PassphraseField("old", tr("The present one"))
        self._new = NewPassphrase(label=tr("The new one"))
        self._new.names = (self.desk.user_name,)
        self._new.suggestion_wanted.connect(self._suggest)
        self.save_passphrase = PrimaryButton(
            tr("Change the passphrase"), on=self._save_passphrase, name="passphrase-save"
        )
        self._passphrase_form = Plain()
        self._passphrase_form.setLayout(
            column(
                self._old,
                self._new,
                row(
                    QuietButton(tr("Cancel"), on=self._close_passphrase), None, self.save_passphrase
                ),
                spacing=tokens.S12,
            )
        )
        self._passphrase_form.hide()
        self.body.addWidget(Section(tr("Locking")))
        self.body.addWidget(Card(idle, Rule(), self._passphrase_row, self._passphrase_form))

    def _set_idle(self, minutes: int) -> None:
        self.desk.prefs.idle_minutes = minutes
        self.desk.idle_wanted.emit(minutes)

    def _ask_passphrase(self) -> None:
        self._passphrase_form.show()
        self.change.hide()
        self._old.focus_editor()

    def _close_passphrase(self) -> None:
        self._old.clear()
        self._old.set_problems([])
        self._new.clear()
        self._passphrase_form.hide()
        self.change.show()

    def _suggest(self) -> None:
        self.desk.read(
            lambda work: offices.accounts.suggest_passphrase(work.session.env.entropy),
            done=self._new.take_suggestion,
            parent=self._new,
        )

    def _save_passphrase(self) -> None:
        old, new = str(self._old.value()), self._new.passphrase()
        problems: dict[str, str] = {}
        if len(new) < LEAST:
            problems["passphrase"] = "short"
        elif new != self._new.again():
            problems["again"] = "differs"
        self._new.show_problems(problems)
        self._old.set_problems([] if old else [("error", tr("Type your present passphrase."))])
        if problems or not old:
            return
        self.save_passphrase.setEnabled(False)
        name = self.desk.user_name
        self.desk.act(
            lambda work: offices.accounts.change_passphrase(
                work.session,
                name=name,
                old=offices.slots.passphrase(old),
                new=offices.slots.passphrase(new),
            ),
            changes=Changes(users=True),
            done=lambda _none: self._passphrase_changed(),
            failed=self._passphrase_refused,
            parent=self,
        )

    def _passphrase_changed(self) -> None:
        self.save_passphrase.setEnabled(True)
        self._close_passphrase()
        self.say("success", tr("Your passphrase is changed. Use the new one from now on."))

    def _passphrase_refused(self, error: Exception) -> None:
        self.save_passphrase.setEnabled(True)
        if getattr(error, "code", "") == "wrong_passphrase":
            self._old.set_problems([("error", tr("That is not your present passphrase."))])
            self._old.focus_editor()
        else:
            self.say_failure(error)

    # care ------------------------------------------------------------------------------------------

    def _build_care(self) -> None:
        self.backup = Button(
            tr("Back up…"), icon="backup", on=self._back_up, name="care-backup"
        )
        self._backup_row = _Row(tr("Backup"), "", self.backup)
        self.check = Button(tr("Check"), icon="verify", on=self._check, name="care-check")
        self._check_row = _Row(
            tr("Check everything"),
            tr("Chain, signatures, photos and the encrypted file."),
            self.check,
        )
        self.rebuild = Button(tr("Rebuild"), on=self._rebuild, name="care-rebuild")
        self._rebuild_row = _Row(
            tr("Rebuild"),
            tr("Makes every list and record anew from the signed entries."),
            self.rebuild,
        )
        self.restore = Button(tr("Restore…"), icon="history", on=self._restore, name="care-restore")
        self._restore_row = _Row(
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
                _Row(
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
                            tr("It is written down"), on=self._close_sheet, name="sheet-done"
                        ),
                    ),
                    spacing=tokens.S12,
                )
            )
            self._sheet_place.hide()
            card.body.addWidget(self._sheet_place)
        self.body.addWidget(Section(tr("Care of the data")))
        self.body.addWidget(self._progress)
        self.body.addWidget(self._result)
        self.body.addWidget(card)

    def _load(self) -> None:
        self.desk.read(_standing, done=self._show_standing, parent=self, latest="care")

    def _changed(self, changes: Changes) -> None:
        if changes.care and self.isVisible():
            self._load()

    def _show_standing(self, standing: _Standing) -> None:
        self._backup_row.say(
            tr("There is no backup yet.")
            if standing.backup_age is None
            else tr("The last one is {span} old.", span=words.ago(standing.backup_age))
        )
        self._about.set_facts([*self._about_facts(), (tr("Free on the disk"), words.size(standing.free))])

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
            sound = ntr("{n} entry, and all is sound.", "{n} entries, and all is sound.", result.entries)
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
            self, tr("The backup to restore"), [(tr("Backups"), ("*.backup", "*"))]
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

    # the recovery sheet ------------------------------------------------------------------------------

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
        self._sheet_grid.set_words(parts)
        self._sheet_place.show()
        if self.scroll_area is not None:
            self.scroll_area.reveal(self._sheet_place)

    def _close_sheet(self) -> None:
        if self.desk.role_is("administrator"):
            self._sheet_grid.set_words(())
            self._sheet_place.hide()

    # about -------------------------------------------------------------------------------------------

    def _build_about(self) -> None:
        self._about = Facts(self._about_facts(), label_width=180)
        self.body.addWidget(Section(tr("About")))
        self.body.addWidget(Card(self._about))

    def _about_facts(self) -> list[tuple[str, str]]:
        office = self.desk.office
        facts = [
            (tr("Office"), office.name),
            (tr("Operation"), office.operation_name),
            (tr("Where it is kept"), str(self.desk.session.folder)),
        ]
        return [(label, value) for label, value in facts if value]
