"""The steps of the first run, and what each has to have before the next.

No toolkit here: a window, a terminal or a test can walk through it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum, auto
from pathlib import Path
from typing import Final

from desktop.firstrun import strength
from values import numbers


class Purpose(StrEnum):
    """What this computer is to be."""

    STATION = auto()
    REGISTRY = auto()
    TRAINING = auto()


class Step(StrEnum):
    """One page of the first run."""

    LANGUAGE = auto()
    PURPOSE = auto()
    OFFICE = auto()
    PASSPHRASE = auto()
    KEYS = auto()  # where a registry's offline keys are to go
    MAKE = auto()  # the work itself
    REQUEST = auto()  # a station: its request and its six words
    TAKE_AWAY = auto()  # a registry: the keys that have to leave
    SHEET = auto()  # the twelve words of the recovery sheet
    SHEET_CHECK = auto()
    GRANT = auto()  # a station: waits for the registry's answer
    TRAINED = auto()  # who one can be in the training place
    DONE = auto()


_BEFORE: Final = (Step.LANGUAGE, Step.PURPOSE)
_PATHS: Final = {
    Purpose.STATION: (
        *_BEFORE,
        Step.OFFICE,
        Step.PASSPHRASE,
        Step.MAKE,
        Step.REQUEST,
        Step.SHEET,
        Step.SHEET_CHECK,
        Step.GRANT,
        Step.DONE,
    ),
    Purpose.REGISTRY: (
        *_BEFORE,
        Step.OFFICE,
        Step.PASSPHRASE,
        Step.KEYS,
        Step.MAKE,
        Step.TAKE_AWAY,
        Step.SHEET,
        Step.SHEET_CHECK,
        Step.DONE,
    ),
    Purpose.TRAINING: (*_BEFORE, Step.PASSPHRASE, Step.MAKE, Step.TRAINED, Step.DONE),
}

NAME_LIMIT: Final = 60  # fits a printed line and the status bar


@dataclass(slots=True)
class Answers:
    """What was said so far. The passphrase is forgotten once the work is done."""

    purpose: Purpose | None = None
    name: str = ""  # of the station, or of the operation
    code: str = "WST"  # of the operation, at the start of every number
    administrator: str = ""
    folder: Path | None = None
    passphrase: str = field(default="", repr=False)
    again: str = field(default="", repr=False)
    keys_folder: Path | None = None
    words_asked: int = 0  # which of the twelve is asked back, from 0
    word_given: str = field(default="", repr=False)


class Walk:
    """Where the first run stands. ``forward`` refuses while ``problems`` has any."""

    def __init__(self) -> None:
        self.answers = Answers()
        self.sheet: tuple[str, ...] = ()
        self._place = 0

    @property
    def path(self) -> tuple[Step, ...]:
        """The steps of the purpose chosen; before that, a station's."""
        return _PATHS[self.answers.purpose or Purpose.STATION]

    @property
    def step(self) -> Step:
        return self.path[self._place]

    @property
    def may_go_back(self) -> bool:
        """What was made is not unmade: after MAKE there is no way back, except to the sheet."""
        if self.step is Step.SHEET_CHECK:
            return True
        return 0 < self._place < self.path.index(Step.MAKE)

    def forward(self) -> bool:
        """Go on; False, staying here, while something is wrong."""
        if self.problems():
            return False
        self._place += 1
        if self.path[self._place - 1] is Step.MAKE:
            self.answers.passphrase = self.answers.again = ""
        return True

    def back(self) -> None:
        """To the step before, where that is possible."""
        if self.may_go_back:
            self._place -= 1

    def problems(self) -> dict[str, str]:
        """What stops this step: a code by field. Empty when it may go on."""
        answers = self.answers
        found: dict[str, str] = {}
        if self.step is Step.PURPOSE:
            if answers.purpose is None:
                found["purpose"] = "choose"
        elif self.step is Step.OFFICE:
            found.update(_office_problems(answers))
        elif self.step is Step.PASSPHRASE:
            found.update(strength.choice_problems(answers.passphrase, answers.again))
        elif self.step is Step.KEYS:
            if answers.keys_folder is None:
                found["keys_folder"] = "choose"
            elif answers.folder is not None and _inside(answers.keys_folder, answers.folder):
                found["keys_folder"] = "inside"
        elif self.step is Step.SHEET_CHECK and not self._word_is_right():
            found["word"] = "wrong"
        return found

    def _word_is_right(self) -> bool:
        if not self.sheet:
            return False
        wanted = self.sheet[self.answers.words_asked % len(self.sheet)]
        return self.answers.word_given.strip().casefold() == wanted.casefold()


def _office_problems(answers: Answers) -> dict[str, str]:
    found: dict[str, str] = {}
    if not answers.name.strip():
        found["name"] = "empty"
    elif len(answers.name.strip()) > NAME_LIMIT:
        found["name"] = "long"
    if answers.purpose is Purpose.REGISTRY and not _is_code(answers.code):
        found["code"] = "form"
    if not answers.administrator.strip():
        found["administrator"] = "empty"
    elif len(answers.administrator.strip()) > NAME_LIMIT:
        found["administrator"] = "long"
    if answers.folder is None:
        found["folder"] = "choose"
    return found


def _is_code(text: str) -> bool:
    """Whether numbers of an operation may begin with this."""
    try:
        numbers.operation_code(text)
    except numbers.NumberError:
        return False
    return True


def _inside(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents
