"""A code found by typing, at the interview's speed: Enter takes the likeliest."""

from __future__ import annotations

from desktop.widgets.code_field import CodeField


class CodeAnswer(CodeField):
    """The first suggestion is marked as soon as there is one, so Enter need not follow Down."""

    def _typed(self, text: str) -> None:
        super()._typed(text)
        popup = self._completer.popup()
        if popup is not None and popup.isVisible():
            popup.setCurrentIndex(self._model.index(0, 0))

    def settle(self) -> None:
        """The officer goes elsewhere: the suggestions go, and what was typed is taken."""
        popup = self._completer.popup()
        if popup is not None:
            popup.hide()
