"""A place, found by typing some of its name or its code; one that is not listed stays as words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Signal

from desktop.widgets.code_field import TypeAhead, begins
from desktop.widgets.field import MISSING, Field
from desktop.widgets.suggestions import Suggestion, Suggestions
from desktop.words import beside, isolate, tr
from values.seeking import fold

SHOWN: Final = 12
"""As many lines as can be read at a glance."""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A listed place: its P-code, its name, the areas around it, and the words that are kept."""

    code: str
    name: str
    around: str
    text: str


FindPlaces = Callable[[str], Sequence[PlaceLine]]
"""The places that what is typed may mean, the likeliest first. Called at every key: some ms."""


class PlaceField(Field):
    """Type-ahead over places. The raw value is ``{"text", "code"}``; the code is empty for words.

    Enter takes the first line while its name begins with what is typed and no other is called so,
    or the line that Down came to; Escape keeps the words. A text that is the whole name of one
    place only becomes that place when the field is left; words that stay without a code are told
    so. With ``plain`` the raw value is the text alone, for a question whose code is a question of
    its own: ``code_key`` names it, and ``edited`` then tells both.
    """

    placed = Signal(str, str)  # the words and the P-code of what was chosen; both empty: taken back

    def __init__(
        self,
        key: str,
        label: str,
        *,
        find: FindPlaces | None = None,
        plain: bool = False,
        code_key: str = "",
        placeholder: str | None = None,
        limit: int = 300,
        **options: Any,
    ) -> None:
        super().__init__(key, label, **options)
        self._find = find
        self._plain = plain
        self._code_key = code_key
        self._code = ""
        self._found: list[PlaceLine] = []
        self._placeholder = tr("Type a place or its code") if placeholder is None else placeholder
        self.editor = TypeAhead()
        self.editor.setMaxLength(limit)
        self.editor.setPlaceholderText(self._placeholder)
        self._list = Suggestions(self.editor, label=self._name)
        self._list.chosen.connect(self._choose)
        self.editor.stepped.connect(self._stepped)
        self.editor.accept_pending = self._list.take
        self.editor.escaped.connect(self._list.hide)
        self.editor.textEdited.connect(self._typed)
        self._seat(self.editor)

    def offered(self) -> tuple[PlaceLine, ...]:
        """What is offered for the text typed now."""
        return tuple(self._found) if self._list.isVisible() else ()

    def code(self) -> str:
        """The P-code of the chosen place; empty for words."""
        return self._code

    def choose(self, line: PlaceLine) -> None:
        """Take a place, as a click on its line does."""
        self._list.hide()
        self._code = line.code
        self.editor.setText(line.text)
        self._tell()
        self._told()

    def _choose(self, line: object) -> None:
        if isinstance(line, PlaceLine):
            self.choose(line)

    def _typed(self, text: str) -> None:
        had, self._code = self._code, ""
        self._look(text)
        self._list.show_lines(
            [Suggestion(line.name, line, _detail(line)) for line in self._found],
            likely=self._only_one(text) is not None or self._finishes(text),
        )
        self._tell()
        self._told(also_code=bool(had))

    def _look(self, text: str) -> None:
        wanted = text.strip()
        self._found = list(self._find(wanted))[:SHOWN] if self._find and wanted else []

    def _finishes(self, text: str) -> bool:
        """Whether the first place offered begins with what is typed, and no other is called so."""
        first = self._found[0] if self._found else None
        return (
            first is not None
            and sum(fold(line.name) == fold(first.name) for line in self._found) == 1
            and begins(text, first.name, first.text, first.code)
        )

    def _only_one(self, text: str) -> PlaceLine | None:
        """The place that alone has this whole name, or these words."""
        wanted = fold(text.strip())
        same = [line for line in self._found if wanted in (fold(line.name), fold(line.text))]
        return same[0] if wanted and len(same) == 1 else None

    def _stepped(self, by: int) -> None:
        if not self._list.isVisible() and self.editor.text().strip() and not self._code:
            self._look(self.editor.text())
            lines = [Suggestion(line.name, line, _detail(line)) for line in self._found]
            self._list.show_lines(lines)
        self._list.step(by)

    def _told(self, *, also_code: bool = True) -> None:
        """Tell the answer, and the code where that is another question's."""
        self._changed()
        if also_code:
            if self._code_key:
                self.edited.emit(self._code_key, self._code)
            self.placed.emit(self.editor.text().strip() if self._code else "", self._code)

    def _tell(self) -> None:
        self.set_note(tr("Place code {code}", code=isolate(self._code)) if self._code else "")

    def _focus_left(self) -> None:
        text = self.editor.text().strip()
        if self._list.isVisible() and self._list.moved and self._list.take():
            super()._focus_left()
            return
        self._list.hide()
        if text and not self._code and self._find is not None:
            self._look(text)
            line = self._only_one(text)
            if line is not None:
                self.choose(line)
            elif sum(fold(line.name) == fold(text) for line in self._found) > 1:
                self.set_note(tr("Several places are called so. Down shows them to choose from."))
            else:
                kept = tr("Kept in these words, without a place code.")
                down = tr("Down shows the places to choose from.")
                self.set_note(f"{kept} {down}" if self._found else kept)
        super()._focus_left()

    def _read(self) -> Any:
        text = self.editor.text().strip()
        if self._plain:
            return text
        return {"text": text, "code": self._code} if text or self._code else ""

    def _write(self, raw: Any) -> None:
        text, code = raw if isinstance(raw, str) else "", ""
        if isinstance(raw, dict):
            text, code = str(raw.get("text") or ""), str(raw.get("code") or "")
        same = text == self.editor.text().strip()
        if not same:
            self.editor.setText(text or code)
        if not (self._plain and same):
            self._code = code
        self._tell()

    def _show_missing(self, missing: str | None) -> None:
        if missing:
            self._code = ""
            self.editor.clear()
            self._tell()
        said = tr(MISSING[missing]) if missing else self._placeholder
        self.editor.setPlaceholderText(said)


def _detail(line: PlaceLine) -> str:
    return beside(line.around, isolate(line.code))
