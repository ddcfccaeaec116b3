"""What this computer remembers about how the window should be. No personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, QStandardPaths

from desktop import words
from desktop.style import theme, tokens

IDLE_CHOICES: Final = (1, 2, 5, 10, 15, 30)  # minutes
_IDLE_DEFAULT: Final = 5


class Preferences:
    """Typed settings in one small file, read and written by Qt."""

    def __init__(self, file: Path | None = None) -> None:
        self._store = QSettings(str(file or _default_file()), QSettings.Format.IniFormat)

    @property
    def chosen_language(self) -> bool:
        """Whether somebody has chosen the language, rather than the computer."""
        return self._store.contains("language")

    @property
    def language(self) -> str:
        return self._text("language", words.system_language())

    @language.setter
    def language(self, value: str) -> None:
        self._store.setValue("language", value)

    @property
    def theme(self) -> str:
        value = self._text("theme", theme.SYSTEM)
        return value if value in theme.THEMES else theme.SYSTEM

    @theme.setter
    def theme(self, value: str) -> None:
        self._store.setValue("theme", value)

    @property
    def text_scale(self) -> int:
        """The text size, in per cent."""
        value = self._number("text_scale", 100)
        return value if value in tokens.TEXT_SCALES else 100

    @text_scale.setter
    def text_scale(self, value: int) -> None:
        self._store.setValue("text_scale", value)

    @property
    def idle_minutes(self) -> int:
        """After how many minutes without a key or the mouse the window locks."""
        value = self._number("idle_minutes", _IDLE_DEFAULT)
        return value if value in IDLE_CHOICES else _IDLE_DEFAULT

    @idle_minutes.setter
    def idle_minutes(self, value: int) -> None:
        self._store.setValue("idle_minutes", value)

    @property
    def quick(self) -> bool:
        """Whether families are registered with the fewest questions, as in a mass arrival."""
        return self._text("quick", "no") == "yes"

    @quick.setter
    def quick(self, value: bool) -> None:
        self._store.setValue("quick", "yes" if value else "no")

    @property
    def workspace(self) -> Path | None:
        """The place that was open last."""
        value = self._text("workspace", "")
        return Path(value) if value else None

    @workspace.setter
    def workspace(self, value: Path | None) -> None:
        self._store.setValue("workspace", str(value) if value else "")

    @property
    def last_user(self) -> str:
        """The login name that was chosen last."""
        return self._text("last_user", "")

    @last_user.setter
    def last_user(self, value: str) -> None:
        self._store.setValue("last_user", value)

    def widths(self, table: str) -> dict[str, int]:
        """The column widths somebody gave a table, by column key."""
        value = self._text(f"widths/{table}", "")
        pairs = (part.partition("=") for part in value.split(";") if "=" in part)
        return {key: int(width) for key, _, width in pairs if width.isdigit()}

    def set_widths(self, table: str, widths: dict[str, int]) -> None:
        self._store.setValue(
            f"widths/{table}", ";".join(f"{key}={width}" for key, width in widths.items())
        )

    def _text(self, key: str, default: str) -> str:
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default

    def _number(self, key: str, default: int) -> int:
        value = str(self._store.value(key, default))
        return int(value) if value.isdigit() else default


def _default_file() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(place) / "desktop.ini"
