"""One of a long list, found by typing some of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from desktop.widgets.field import MISSING, Field
from desktop.widgets.layout import row
from desktop.words import tr

Option = tuple[str, str]  # code, label
_SHOWN: Final = 12  # as many lines as can be read at a glance


def fold(text: str) -> str:
    """For comparing what is typed with a label: no case, no accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def matching(options: Sequence[tuple[str, str, str]], typed: str) -> list[Option]:
    """The options that ``typed`` may mean, likeliest first, at most a screenful.

    ``options`` are (code, label, folded label). First those that begin with it, then
    those with a word that does, then those that hold it anywhere; a code typed whole
    comes before all.
    """
    wanted = fold(typed.strip())
    if not wanted:
        return [(code, label) for code, label, _ in options[:_SHOWN]]
    ranked: list[tuple[int, int, Option]] = []
    for place, (code, label, folded) in enumerate(options):
        if code.casefold() == wanted:
            rank = 0
        elif folded.startswith(wanted):
            rank = 1
        elif f" {wanted}" in folded or f"({wanted}" in folded:
            rank = 2
        elif wanted in folded:
            rank = 3
        else:
            continue
        ranked.append((rank, place, (code, label)))
    ranked.sort(key=lambda entry: entry[:2])
    return [option for _, _, option in ranked[:_SHOWN]]


class CodeField(Field):
    """Type-ahead over codes. The raw value is the code once one is chosen, else the text typed.

    A text that is a label, or fits one option only, becomes its code when the field is
    left. With ``lookup`` the options come from a function of what is typed, which must
    be quick. ``free`` says that a text of one's own is a good answer too.
    """

    def __init__(
        self,
        key: str,
        label: str,
        *,
        options: Sequence[Option] = (),
        lookup: Callable[[str], Sequence[Option]] | None = None,
        free: bool = False,
        placeholder: str | None = None,
        width: int | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(key, label, **rest)
        self._lookup = lookup
        self._free = free
        self._code = ""
        self._placeholder = tr("Type to choose") if placeholder is None else placeholder
        self._found: list[Option] = []
        self.editor = QLineEdit()
        self.editor.setPlaceholderText(self._placeholder)
        self._model = QStringListModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(_SHOWN)
        self._popup = QListView()
        self._popup.setProperty("look", "suggestions")
        self._popup.setAccessibleName(self._name)
        self._completer.setPopup(self._popup)
        self._completer.setWidget(self.editor)
        self._completer.activated.connect(self._chosen)
        self.set_options(options)
        self.editor.textEdited.connect(self._typed)
        if width is None:
            self._seat(self.editor)
        else:
            self.editor.setFixedWidth(width)
            self._seat(self.editor, layout=row(self.editor, None))

    def set_options(self, options: Sequence[Option]) -> None:
        """The codes to choose from."""
        self._options = [(code, label, fold(label)) for code, label in options]
        self._labels = dict(options)

    def suggestions(self) -> list[Option]:
        """What is offered for the text typed now."""
        return list(self._found)

    def choose(self, code: str) -> None:
        """Take one of the suggestions, as a click on it does."""
        label = self._labels.get(code) or dict(self._found).get(code, code)
        self._code = code
        self.editor.setText(label)
        self._popup.hide()
        self._changed()

    def _typed(self, text: str) -> None:
        self._code = ""
        self._find(text)
        self._model.setStringList([label for _, label in self._found])
        if self._found and text.strip():
            self._completer.complete()
        else:
            self._popup.hide()
        self._changed()

    def _find(self, text: str) -> None:
        if self._lookup is not None:
            self._found = list(self._lookup(text))[:_SHOWN]
        else:
            self._found = matching(self._options, text)

    def _chosen(self, label: str) -> None:
        for code, known in self._found:
            if known == label:
                self.choose(code)
                return

    def _focus_left(self) -> None:
        if self._popup.isVisible():
            return
        text = self.editor.text().strip()
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
