"""One small page per step of the first run. Each shows, collects, and says what is wrong."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from desktop import words
from desktop.dialogs import Dialogs
from desktop.firstrun.parts import NewPassphrase, WordGrid
from desktop.firstrun.steps import Answers, Purpose
from desktop.style import tokens
from desktop.widgets.buttons import Button, LinkButton, OptionButton
from desktop.widgets.fields import TextField
from desktop.widgets.labels import Caption, Elided, Strong, Text
from desktop.widgets.layout import column, row
from desktop.widgets.messages import Notice
from desktop.words import tr


class StepPage(QWidget):
    """The base: a title, an explanation, and the word on the primary button."""

    advance = Signal()  # go on, as the primary button does

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(tokens.S16)

    def title(self) -> str:
        raise NotImplementedError

    def explanation(self) -> str:
        return ""

    def action(self) -> str:
        """The primary button; empty for none."""
        return tr("Continue")

    def action_is_primary(self) -> bool:
        """Whether the button is what this step is for."""
        return True

    def collect(self, answers: Answers) -> None:
        """Put what was typed into the answers."""

    def show_problems(self, problems: dict[str, str]) -> None:
        """Say what stops this step."""

    def begin(self) -> None:
        """Give the keyboard to the first thing to do."""


class LanguagePage(StepPage):
    """Each language in its own words, so that it can be read by whom it is for."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._options: list[OptionButton] = []
        for code, name in words.NATIVE_NAMES.items():
            option = OptionButton(name, "", icon="language", name=f"language-{code}")
            option.setChecked(code == words.language())
            option.clicked.connect(lambda _on=False, code=code: self.chosen.emit(code))
            self._group.addButton(option)
            self._options.append(option)
            self.body.addWidget(option)

    def title(self) -> str:
        return tr("Which language?")

    def explanation(self) -> str:
        return tr("For this window. The language of documents is chosen when they are printed.")

    def begin(self) -> None:
        chosen = next((one for one in self._options if one.isChecked()), None)
        if chosen is not None:
            chosen.setFocus(Qt.FocusReason.OtherFocusReason)


class PurposePage(StepPage):
    """Station, registry, or training; or a place that exists already."""

    existing_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._options: dict[Purpose, OptionButton] = {}
        for purpose, icon, title, meaning in (
            (
                Purpose.STATION,
                "stations",
                tr("A station"),
                tr("A field laptop: registers families and prints their papers, with no network."),
            ),
            (
                Purpose.REGISTRY,
                "queues",
                tr("The registry"),
                tr("The centre: takes in what stations send, and answers for the whole."),
            ),
            (
                Purpose.TRAINING,
                "training",
                tr("Training"),
                tr("Both of them with invented people, to learn and to try things out."),
            ),
        ):
            option = OptionButton(title, meaning, icon=icon, name=f"purpose-{purpose}")
            self._group.addButton(option)
            self._options[purpose] = option
            self.body.addWidget(option)
        self._problem = Notice("danger", tr("Choose what this computer is to be."))
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.body.addLayout(
            row(
                LinkButton(
                    tr("Open a place that exists"),
                    icon="folder",
                    on=self.existing_wanted.emit,
                    name="open-existing",
                ),
                LinkButton(
                    tr("Restore a backup"),
                    icon="history",
                    on=self.restore_wanted.emit,
                    name="restore-backup",
                ),
                None,
                spacing=tokens.S16,
            )
        )

    def title(self) -> str:
        return tr("What is this computer to be?")

    def collect(self, answers: Answers) -> None:
        for purpose, option in self._options.items():
            if option.isChecked():
                answers.purpose = purpose

    def show_problems(self, problems: dict[str, str]) -> None:
        self._problem.setVisible(bool(problems))

    def begin(self) -> None:
        next(iter(self._options.values())).setFocus(Qt.FocusReason.OtherFocusReason)


class OfficePage(StepPage):
    """Its name, its administrator, and the folder it is to live in."""

    def __init__(self, answers: Answers, dialogs: Dialogs) -> None:
        super().__init__()
        self._code: TextField | None = None
        self._registry = answers.purpose is Purpose.REGISTRY
        self._dialogs = dialogs
        if self._registry:
            self._name = TextField(
                "name",
                tr("Name of the operation"),
                help=tr("As it is to stand on every document."),
            )
            self._code = TextField(
                "code",
                tr("Letters before every number"),
                help=tr("Three capital letters, such as WST in WST-A01-K7Q-P00042-31."),
                width=140,
                direction="ltr",
                limit=3,
            )
            self._code.set_value(answers.code)
        else:
            self._name = TextField(
                "name",
                tr("Name of the station"),
                help=tr("Where it stands, such as North gate. The registry gives it its code."),
            )
        self._name.set_value(answers.name)
        self._administrator = TextField(
            "administrator",
            tr("Name of its administrator"),
            help=tr("Who adds users and keeps the recovery sheet; usually you."),
        )
        self._administrator.set_value(answers.administrator)
        self._folder = answers.folder or default_folder(answers.purpose)
        self._where = Elided(str(self._folder), as_="muted")
        self._change = Button(tr("Change…"), on=self._choose, name="change-folder")
        self._folder_problem = Notice("danger", tr("Choose a folder."))
        self._folder_problem.hide()
        self.body.addWidget(self._name)
        if self._code is not None:
            self.body.addWidget(self._code)
        self.body.addWidget(self._administrator)
        where = row(self._where, self._change)
        where.setStretch(0, 1)
        self.body.addLayout(column(Strong(tr("Where it is kept")), where, spacing=tokens.S4))
        self.body.addWidget(self._folder_problem)

    def title(self) -> str:
        return tr("About the registry") if self._registry else tr("About the station")

    def collect(self, answers: Answers) -> None:
        answers.name = str(self._name.value()).strip()
        answers.administrator = str(self._administrator.value()).strip()
        if self._code is not None:
            answers.code = str(self._code.value()).strip().upper()
        answers.folder = self._folder

    def show_problems(self, problems: dict[str, str]) -> None:
        said = {
            ("name", "empty"): tr("Give it a name."),
            ("name", "long"): tr("Make the name shorter: at most 60 letters."),
            ("code", "form"): tr("Use three letters from A to Z."),
            ("administrator", "empty"): tr("Give the administrator's name."),
            ("administrator", "long"): tr("Make the name shorter: at most 60 letters."),
        }
        for key, field in (
            ("name", self._name),
            ("code", self._code),
            ("administrator", self._administrator),
        ):
            if field is not None:
                code = problems.get(key)
                field.set_problems([("error", said[key, code])] if code else [])
        self._folder_problem.setVisible("folder" in problems)

    def begin(self) -> None:
        self._name.focus_editor()

    def _choose(self) -> None:
        folder = self._dialogs.open_folder(self, tr("Where it is kept"))
        if folder is not None:
            self._folder = folder / self._folder.name
            self._where.setText(str(self._folder))


class PassphrasePage(StepPage):
    """The administrator's passphrase, twice, with advice."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self._training = answers.purpose is Purpose.TRAINING
        self.made = NewPassphrase()
        self.made.names = (answers.name, answers.administrator)
        self.body.addWidget(self.made)
        if not self._training:
            self.body.addWidget(
                Notice(
                    "info",
                    tr(
                        "Nobody can read the data without a passphrase, not even we. "
                        "The recovery sheet, a few steps on, is for the day it is forgotten."
                    ),
                )
            )

    def title(self) -> str:
        return tr("A passphrase for training") if self._training else tr("Your passphrase")

    def explanation(self) -> str:
        if self._training:
            return tr("One for all the invented users, so that you can try each role.")
        return tr("It opens this place on this computer. Each user has their own.")

    def action(self) -> str:
        return tr("Make the training place") if self._training else tr("Continue")

    def collect(self, answers: Answers) -> None:
        answers.passphrase = self.made.passphrase()
        answers.again = self.made.again()

    def show_problems(self, problems: dict[str, str]) -> None:
        self.made.show_problems(problems)

    def begin(self) -> None:
        self.made.first.focus_editor()


class KeysPage(StepPage):
    """Where the keys that must leave the registry are written."""

    def __init__(self, answers: Answers, dialogs: Dialogs) -> None:
        super().__init__()
        self._dialogs = dialogs
        self._folder = answers.keys_folder
        self._where = Elided(
            str(self._folder) if self._folder else tr("No folder chosen yet"), as_="muted"
        )
        self._choose_button = Button(
            tr("Choose a folder…"), icon="folder", on=self._choose, name="choose-keys"
        )
        where = row(self._where, self._choose_button)
        where.setStretch(0, 1)
        self.body.addLayout(where)
        self._problem = Notice("danger", "")
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.body.addWidget(
            Notice(
                "info",
                tr(
                    "The root key vouches for every station and user; the recovery key opens "
                    "any station's data. On a stick in a safe nobody can steal them from here."
                ),
            )
        )

    def title(self) -> str:
        return tr("Two keys that have to leave")

    def explanation(self) -> str:
        return tr("Put in a stick. The keys are written there, under your passphrase.")

    def action(self) -> str:
        return tr("Make the registry")

    def collect(self, answers: Answers) -> None:
        answers.keys_folder = self._folder

    def show_problems(self, problems: dict[str, str]) -> None:
        said = {
            "choose": tr("Choose a folder, best on a stick."),
            "inside": tr("The keys must not lie inside the registry. Choose another folder."),
        }
        code = problems.get("keys_folder")
        if code:
            self._problem.set_message("danger", said[code])
        self._problem.setVisible(bool(code))

    def begin(self) -> None:
        self._choose_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self) -> None:
        folder = self._dialogs.open_folder(self, tr("Where the keys are written"))
        if folder is not None:
            self._folder = folder / "waystation-keys"
            self._where.setText(str(self._folder))
            self.show_problems({})


class TakeAwayPage(StepPage):
    """The files to take away, and the fingerprint to publish."""

    def __init__(self, root: str, keys: tuple[Path, ...], notes: tuple[str, ...]) -> None:
        super().__init__()
        self.body.addLayout(
            column(
                Strong(tr("Written")),
                *(Text(str(path)).selectable() for path in keys),
                spacing=tokens.S4,
            )
        )
        self.body.addLayout(
            column(
                Strong(tr("Fingerprint of the root, for everyone who checks documents")),
                Text(root).selectable(),
                spacing=tokens.S4,
            )
        )
        self.body.addWidget(
            Notice(
                "warning",
                tr("Take the stick out now, lock it away, and copy it once for another place."),
            )
        )
        for note in notes:
            self.body.addWidget(Notice("info", tr(note)))

    def title(self) -> str:
        return tr("Take the keys away")

    def action(self) -> str:
        return tr("The stick is out")


class SheetPage(StepPage):
    """The recovery sheet, shown once."""

    def __init__(self, sheet: tuple[str, ...]) -> None:
        super().__init__()
        self.grid = WordGrid(sheet, columns=3 if len(sheet) % 3 == 0 else 4)
        self.grid.setObjectName("sheet-words")
        self.body.addWidget(self.grid)
        self.body.addWidget(
            Notice(
                "warning",
                tr(
                    "Whoever has this sheet and the computer can open everything. Put it into "
                    "an envelope, seal it, and give it to the person your rules name."
                ),
            )
        )

    def title(self) -> str:
        return tr("The recovery sheet")

    def explanation(self) -> str:
        return tr("Write it down on paper, in this order. It is shown this once.")

    def action(self) -> str:
        return tr("It is written down")


class SheetCheckPage(StepPage):
    """One part of the sheet, asked back."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place
        self.word = TextField(
            "word", tr("Number {n} on the sheet", n=place + 1), width=260, direction="ltr"
        )
        self.word.editor.returnPressed.connect(self.advance)
        self.body.addWidget(self.word)

    def title(self) -> str:
        return tr("Check the sheet")

    def explanation(self) -> str:
        return tr("To be sure that it can be read one day, type one part from your paper.")

    def collect(self, answers: Answers) -> None:
        answers.words_asked = self._place
        answers.word_given = str(self.word.value())

    def show_problems(self, problems: dict[str, str]) -> None:
        self.word.set_problems(
            [("error", tr("That is not what stands there. Look again, or go back to the sheet."))]
            if problems
            else []
        )

    def begin(self) -> None:
        self.word.focus_editor()


class TrainedPage(StepPage):
    """Who one can be in the training place."""

    registry_wanted = Signal()

    def __init__(self, users: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        for name, role in users:
            self.body.addLayout(
                row(Text(name, wrap=False), Caption(words.role(role), wrap=False), None)
            )
        self.body.addWidget(Notice("info", tr("All of them have the passphrase that you chose.")))
        self.body.addLayout(
            row(
                LinkButton(
                    tr("Open the training registry instead"),
                    on=self.registry_wanted.emit,
                    name="open-training-registry",
                ),
                None,
            )
        )

    def title(self) -> str:
        return tr("The training place is ready")

    def explanation(self) -> str:
        return tr("An amber band marks it, here and on every print.")

    def action(self) -> str:
        return tr("Open the training station")


def default_folder(purpose: Purpose | None) -> Path:
    """Where a new place is kept unless somebody says otherwise."""
    home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(home) / (purpose or Purpose.STATION).value
