"""Settings: language and look, locking, one's passphrase, and taking care of the data."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from desktop import offices, words
from desktop.desk import Changes, Desk
from desktop.firstrun.parts import NewPassphrase
from desktop.page import Page
from desktop.pages import ADMINISTRATOR, REGISTRY
from desktop.pages.care import CarePanel, SettingRow
from desktop.prefs import IDLE_CHOICES
from desktop.style import tokens
from desktop.widgets.buttons import Button, PrimaryButton, QuietButton
from desktop.widgets.facts import Facts
from desktop.widgets.fields import ChoiceField, PassphraseField, SelectField
from desktop.widgets.labels import Section, Text
from desktop.widgets.layout import Card, Plain, Rule, column, row
from desktop.words import N_, isolate, ntr, tr

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
_ELSEWHERE: Final = (
    (N_("Found a lost registry again from its offline keys"), "waystation registry refound"),
    (N_("Take back what old notices say, with the recovery key"), "waystation registry recall"),
    (N_("Have a station send again what is not here"), "waystation registry ask"),
    (N_("See what could not be imported, and try again"), "waystation registry aside"),
    (N_("Move photographs to another place"), "waystation registry photos"),
)


class SettingsPage(Page):
    """One card per concern, in the order in which people look for them."""

    key = "settings"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._build_look()
        self._build_locking()
        self.care = CarePanel(desk)
        self.care.free_known.connect(self._show_free)
        self.care.reveal_wanted.connect(self._reveal)
        self.body.addWidget(self.care)
        if desk.kind == REGISTRY and desk.role in ADMINISTRATOR:
            self._build_elsewhere()
        self._build_about()
        self.body.addStretch(1)

    def on_shown(self, show: str = "", **arguments: Any) -> None:
        self.care.load()
        if show == "backup":
            self.care.backup.setFocus()
            self._reveal(self.care.backup)

    def before_lock(self) -> None:
        self._close_passphrase()
        self.care.close_sheet()

    # language and look

    def _build_look(self) -> None:
        prefs = self.desk.prefs
        language = SelectField(
            "language",
            tr("Language"),
            options=list(words.NATIVE_NAMES.items()),
            help=tr("Of this window. Under Documents you choose the language of what is printed."),
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

    # locking and the passphrase

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
        self._passphrase_row = SettingRow(
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
        self._old.focus_editor()
        self.change.hide()
        QTimer.singleShot(0, self._reveal_form)  # once it has been laid out

    def _reveal_form(self) -> None:
        self._reveal(self._passphrase_form)

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
        complete = self._new.is_complete()
        self._old.set_problems([] if old else [("error", tr("Type your present passphrase."))])
        if not complete or not old:
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

    def _show_free(self, free: int) -> None:
        self._about.set_facts([*self._about_facts(), (tr("Free on the disk"), words.size(free))])

    def _reveal(self, widget: QWidget) -> None:
        if self.scroll_area is not None:
            self.scroll_area.reveal(widget)

    # what is done from the command line

    def _build_elsewhere(self) -> None:
        """What is rare, and where it is written how it is done."""
        self.elsewhere = Facts(
            [(tr(what), isolate(how)) for what, how in _ELSEWHERE], label_width=340
        )
        self.elsewhere.setObjectName("settings-elsewhere")
        self.body.addWidget(Section(tr("From the command line")))
        self.body.addWidget(
            Card(
                Text(
                    tr(
                        "What is done once in years has no button here. The guide for "
                        "administrators and the one about recovery say how, step by step."
                    ),
                    muted=True,
                ),
                self.elsewhere,
            )
        )

    # about

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
