"""Key-presses of a family in a mass arrival, beyond the characters of its answers.

The family is typed as an officer would; whoever has a keyboard of the window can have it typed and
counted. What counts is every key but the characters of what is written down: of names, places and
dates. The letters that find a code in its list count, and so does each yes or no.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

TARGET: Final = 150
"""Key-presses a family of five may take beyond its answers."""


class Keyboard(Protocol):
    """The keyboard of the window."""

    @property
    def focus(self) -> str:
        """The object name of the widget that has the keyboard."""

    def press(self, keys: str) -> None:
        """A key or a chord, such as ``Ctrl+Return``."""

    def type(self, text: str) -> None:
        """A text, letter by letter."""


@dataclass(slots=True)
class Counted:
    """A keyboard that counts: ``presses`` beyond the answers, and the ``characters`` of those."""

    keyboard: Keyboard
    presses: int = 0
    characters: int = 0

    def press(self, keys: str, times: int = 1) -> None:
        """Keys that write nothing down."""
        for _ in range(times):
            self.presses += 1
            self.keyboard.press(keys)

    def write(self, text: str) -> None:
        """What is written down as it is typed."""
        self.characters += len(text)
        self.keyboard.type(text)

    def find(self, letters: str) -> None:
        """Letters that find a code in its list, and Enter, which takes it and goes on."""
        self.presses += len(letters)
        self.keyboard.type(letters)
        self.press("Return")

    def answer(self, letters: str) -> None:
        """Y and N for what is read aloud."""
        self.presses += len(letters)
        self.keyboard.type(letters)


@dataclass(frozen=True, slots=True)
class Member:
    """A member as told at the table. ``relation`` are the letters that find it; empty: the head."""

    relation: str
    name: str
    sex: str
    birth: str


FAMILY: Final = (
    Member("", "Mirela Orlok", "F", "34y"),
    Member("husb", "Idris Orlok", "M", "1985"),
    Member("son", "Nadia Orlok", "F", "2015-06-07"),
    Member("son", "Ilan Orlok", "M", "4y"),
    Member("moth", "Dalia Vedin", "F", "1952~"),
)
PURPOSES: Final = 7


def family(keys: Counted, members: tuple[Member, ...] = FAMILY) -> None:
    """From the first key of the household to the last before the family is registered.

    The window asks a new family with the fewest questions, the keyboard in its first field.
    """
    keys.find("som")
    keys.write("Bay; Baidoa")
    keys.press("Return")
    keys.find("war")
    keys.write("2026-11")
    keys.press("Return")
    for number, member in enumerate(members, start=1):
        _member(keys, member)
        if number < len(members):
            keys.press("Ctrl+Return")
    keys.press("Ctrl+R")


def _member(keys: Counted, member: Member) -> None:
    if member.relation:
        keys.find(member.relation)
    keys.write(member.name)
    keys.press("Return")
    while keys.keyboard.focus != f"choice-sex-{member.sex}":
        keys.press("Right")
    keys.press("Space")
    keys.press("Return")
    keys.write(member.birth)
    keys.press("Return")
    if member.relation:
        keys.press("Ctrl+D")  # nobody is given a nationality but by the officer's own key
        keys.press("Return")
    else:
        keys.find("som")
    keys.answer("y" * PURPOSES)
