"""One of a long list, found by typing some of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from desktop.widgets.field import MISSING, Field
from desktop.widgets.layout import row
from desktop.widgets.suggestions import Suggestion, Suggestions
from desktop.words import tr
from values.seeking import begun, fold, words

Option = tuple[str, str]  # code, label
_SHOWN: Final = 12  # as many lines as can be read at a glance


@dataclass(frozen=True, slots=True)
class Known:
    """An option, ready to be compared: its label folded, and the words that find it besides."""

    code: str
    label: str
    folded: str
    also: tuple[str, ...] = ()


def matching(options: Sequence[Known], typed: str) -> list[Option]:
    """The options that ``typed`` may mean, likeliest first, at most a screenful.

    First those that begin with it, then those with a word that does, then those whose
    everyday words do, then those that hold it anywhere; a code typed whole comes before
    all.
    """
    wanted = fold(typed.strip())
    if not wanted:
        return [(one.code, one.label) for one in options[:_SHOWN]]
    parts = words(typed)
    ranked: list[tuple[int, int, Option]] = []
    for place, one in enumerate(options):
        if one.code.casefold() == wanted:
            rank = 0
        elif one.folded.startswith(wanted):
            rank = 1
        elif f" {wanted}" in one.folded or f"({wanted}" in one.folded:
            rank = 2
        elif one.also and parts and begun(parts, one.also):
            rank = 3
        elif wanted in one.folded:
            rank = 4
        else:
            continue
        ranked.append((rank, place, (one.code, one.label)))
    ranked.sort(key=lambda entry: entry[:2])
    return [option for _, _, option in ranked[:_SHOWN]]


def begins(typed: str, *texts: str) -> bool:
    """Whether what is typed is the beginning of one of the texts, so that Enter may finish it."""
    wanted = fold(typed.strip())
    return bool(wanted) and any(fold(text).startswith(wanted) for text in texts)


class TypeAhead(QLineEdit):
    """The input. Up and Down step through the suggestions; Enter takes the marked one.

    ``accept_pending`` is also asked by whatever else listens to Enter, before it
    moves on.
    """

    stepped = Signal(int)
    escaped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.accept_pending: Callable[[], bool] = lambda: False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Down:
            self.stepped.emit(1)
        elif key == Qt.Key.Key_Up:
            self.stepped.emit(-1)
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.accept_pending():
            return
        else:
            super().keyPressEvent(event)


class CodeField(Field):
    """Type-ahead over codes. The raw value is the code once one is chosen, else the text typed.

    ``also`` are everyday words by which a code is found, nowhere shown. The likeliest is
    marked while typing, and Enter takes it. A text that is a label, or fits one option
    only, becomes its code when the field is left. With ``lookup`` the options come from a
    function of what is typed, which must be quick. ``free`` says that a text of one's own
    is a good answer too.
    """

    def __init__(
        self,
        key: str,
        label: str,
        *,
        options: Sequence[Option] = (),
        also: Mapping[str, str] | None = None,
        lookup: Callable[[str], Sequence[Option]] | None = None,
        free: bool = False,
        placeholder: str | None = None,
        width: int | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(key, label, **rest)
        self._lookup = lookup
        self._also = also or {}
        self._free = free
        self._code = ""
        self._placeholder = tr("Type to choose") if placeholder is None else placeholder
        self._found: list[Option] = []
        self.editor = TypeAhead()
        self.editor.setPlaceholderText(self._placeholder)
        self._list = Suggestions(self.editor, label=self._name)
        self._list.chosen.connect(self.choose)
        self.editor.stepped.connect(self._list.step)
        self.editor.accept_pending = self._list.take
        self.editor.escaped.connect(self._list.hide)
        self.set_options(options)
        self.editor.textEdited.connect(self._typed)
        if width is None:
            self._seat(self.editor)
        else:
            self.editor.setFixedWidth(width)
            self._seat(self.editor, layout=row(self.editor, None))

    def set_options(self, options: Sequence[Option]) -> None:
        """The codes to choose from."""
        self._options = [
            Known(code, label, fold(label), words(f"{label} {also}") if also else ())
            for code, label in options
            for also in [self._also.get(code, "")]
        ]
        self._labels = dict(options)

    def suggestions(self) -> list[Option]:
        """What is offered for the text typed now."""
        return list(self._found)

    def choose(self, code: str) -> None:
        """Take one of the suggestions, as a click on it does."""
        self._code = code
        self.editor.setText(dict(self._found).get(code) or self._labels.get(code, code))
        self._list.hide()
        self._changed()

    def _typed(self, text: str) -> None:
        self._code = ""
        self._find(text)
        offered = self._found if text.strip() else []
        self._list.show_lines(
            [Suggestion(label, code) for code, label in offered], current=-1 if self._free else 0
        )
        self._changed()

    def _find(self, text: str) -> None:
        if self._lookup is not None:
            self._found = list(self._lookup(text))[:_SHOWN]
        else:
            self._found = matching(self._options, text)

    def _focus_left(self) -> None:
        text = self.editor.text().strip()
        if self._list.isVisible() and self._list.moved and self._list.take():
            super()._focus_left()
            return
        self._list.hide()
        if text and not self._code:
            self._find(text)
            same = [code for code, label in self._found if fold(label) == fold(text)]
            if same or (len(self._found) == 1 and not self._free):
                self.choose(same[0] if same else self._found[0][0])
        super()._focus_left()

    def _read(self) -> str:
        return self._code or self.editor.text().strip()

    def _write(self, raw: Any) -> None:
        text = "" if raw is None else str(raw)
        if text and text == self._code:
            return
        if text in self._labels:
            self._code = text
            self.editor.setText(self._labels[text])
        else:
            self._code = ""
            if text != self.editor.text().strip():
                self.editor.setText(text)

    def set_label(self, code: str, label: str) -> None:
        """Show a code whose label only a lookup knows."""
        self._labels[code] = label
        if self._read() == code:
            self._code = code
            self.editor.setText(label)

    def _show_missing(self, missing: str | None) -> None:
        if missing:
            self._code = ""
            self.editor.clear()
        said = tr(MISSING[missing]) if missing else self._placeholder
        self.editor.setPlaceholderText(said)
