"""A person who is named in an answer: somebody registered, or a name and no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal

from desktop.interview.person_chip import PersonChip
from desktop.interview.person_line import Nobody, People, PersonLine
from desktop.widgets.buttons import IconButton
from desktop.widgets.code_field import begins
from desktop.widgets.field import MISSING, Field
from desktop.widgets.labels import Pill
from desktop.widgets.layout import row
from desktop.widgets.suggestions import Suggestion, Suggestions
from desktop.words import beside, tr
from values.seeking import fold

__all__ = ["LEAST", "PAUSE", "SHOWN", "Nobody", "People", "PersonField", "PersonLine"]

PAUSE: Final = 180  # ms; searching at each key would waste the worker
LEAST: Final = 2  # letters before the store is asked
SHOWN: Final = 12


class PersonField(Field):
    """The raw value is ``{"person": hexadecimal}``, or ``{"name": text}`` for somebody who is not
    registered. Enter takes the first line while its name begins with what is typed and nobody else
    there is called so, or the line that Down came to; Escape keeps the name alone. The household
    is offered without typing.
    """

    chosen = Signal(str, object)  # key, PersonLine; None when let go

    def __init__(
        self,
        key: str,
        label: str,
        *,
        people: People | None = None,
        placeholder: str | None = None,
        limit: int = 200,
        **options: Any,
    ) -> None:
        super().__init__(key, label, **options)
        self._people: People = people if people is not None else Nobody()
        self._known: dict[str, PersonLine] = {}
        self._offered: list[PersonLine] = []
        self._placeholder = tr("Type a name or a number") if placeholder is None else placeholder
        self.editor = PersonChip()
        self.editor.setMaxLength(limit)
        self.editor.setPlaceholderText(self._placeholder)
        self._pill = Pill(tr("Not registered"), icon="edit")
        self._pill.hide()
        self._let_go = IconButton("close", tr("Choose somebody else (Delete)"), ink="muted")
        self._let_go.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._let_go.clicked.connect(lambda _checked=False: self.let_go())
        self._let_go.hide()
        self._list = Suggestions(self.editor, label=self._name)
        self._list.chosen.connect(self._choose)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.search_now)
        self.editor.stepped.connect(self._stepped)
        self.editor.accept_pending = self._list.take
        self.editor.escaped.connect(self._list.hide)
        self.editor.entered.connect(self._offer_at_hand)
        self.editor.cleared.connect(self.let_go)
        self.editor.textEdited.connect(self._typed)
        line = row(self.editor, self._pill, self._let_go)
        line.setStretch(0, 1)
        self._seat(self.editor, layout=line)
        self._speak()

    def line(self) -> PersonLine | None:
        """The registered person who is chosen."""
        return self.editor.line

    def offered(self) -> tuple[PersonLine, ...]:
        """Those listed under the input now."""
        return tuple(self._offered) if self._list.isVisible() else ()

    def choose(self, line: PersonLine) -> None:
        """Name a registered person, as a click on the line does."""
        self._show(line)
        self._changed()
        self.chosen.emit(self.key, line)

    def let_go(self) -> None:
        """What Delete does: nobody is chosen any more."""
        if self.editor.line is None:
            return
        self._show(None)
        self._changed()
        self.chosen.emit(self.key, None)
        if self.editor.hasFocus():
            self._offer_at_hand()

    # offering --------------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        self._changed()
        self._speak(typing=True)
        self._list_lines(self._matching(text))
        if len(text.strip()) >= LEAST:
            self._pause.start()
        else:
            self._pause.stop()

    def _matching(self, text: str) -> list[PersonLine]:
        wanted = fold(text.strip())
        return [line for line in self._people.at_hand() if not wanted or line.says(wanted)]

    def _offer_at_hand(self) -> None:
        if self.editor.line is None and self._missing is None and not self.editor.text():
            self._list_lines(self._matching(""))

    def search_now(self) -> None:
        """Ask for those who may be meant by the text; they are listed when they come."""
        self._pause.stop()
        typed = self.editor.text().strip()
        if self.editor.line is None and len(typed) >= LEAST:
            self._people.search(typed, lambda found: self._found(typed, found))

    def _found(self, typed: str, found: Sequence[PersonLine]) -> None:
        if self.editor.line is not None or typed != self.editor.text().strip():
            return  # typed on since
        near = self._matching(typed)
        seen = {line.person for line in near}
        lines = [*near, *(line for line in found if line.person not in seen)]
        if self.editor.hasFocus() and not self._list.moved:
            self._list_lines(lines)
        if not lines:
            self._speak()
            self.set_note(tr("Nobody registered is found by this. The name alone is kept."))

    def _list_lines(self, lines: Sequence[PersonLine]) -> None:
        self._offered = list(lines)[:SHOWN]
        self._known |= {line.person: line for line in self._offered}
        first = self._offered[0] if self._offered else None
        typed = self.editor.text()
        finishes = (
            first is not None
            and sum(fold(one.name) == fold(first.name) for one in self._offered) == 1
            and begins(typed, first.name, first.latin)
        )
        self._list.show_lines(
            [Suggestion(one.name, one, _told(one)) for one in self._offered],
            likely=finishes,
        )

    def _stepped(self, by: int) -> None:
        if self.editor.line is not None:
            return
        if not self._list.isVisible():
            self._list_lines(self._offered or self._matching(self.editor.text()))
        self._list.step(by)

    def _choose(self, line: object) -> None:
        if isinstance(line, PersonLine):
            self.choose(line)

    # showing ---------------------------------------------------------------------------

    def _show(self, line: PersonLine | None) -> None:
        self._pause.stop()
        self._list.hide()
        self._offered = []
        if line is not None:
            self._known[line.person] = line
        self.editor.show_line(line)
        self._speak()

    def _speak(self, *, typing: bool = False) -> None:
        """Mark what kind of answer stands there, for eyes and for ears. While a name is typed
        nobody knows yet."""
        line, name = self.editor.line, self.editor.text().strip()
        self._let_go.setVisible(line is not None and self._let_go.parentWidget() is not None)
        only_name = line is None and bool(name) and not typing
        self._pill.setVisible(only_name and self._pill.parentWidget() is not None)
        self.set_note("")
        said = self._name
        if line is not None:
            said = tr("{field}: {name}, {detail}", field=said, name=line.name, detail=line.detail)
        elif only_name:
            said = tr("{field}: not registered", field=said)
        self.editor.setAccessibleName(said)

    def _looked_up(self, person: str, line: PersonLine | None) -> None:
        now = self.editor.line
        if line is not None and now is not None and now.person == person:
            self._show(line)

    def _focus_left(self) -> None:
        self._pause.stop()
        if not (self._list.isVisible() and self._list.moved and self._list.take()):
            self._list.hide()
        self._speak()
        super()._focus_left()

    def _read(self) -> Any:
        line = self.editor.line
        if line is not None:
            return {"person": line.person}
        name = self.editor.text().strip()
        return {"name": name} if name else ""

    def _write(self, raw: Any) -> None:
        given = raw if isinstance(raw, dict) else {}
        person = str(given.get("person") or "")
        now = self.editor.line
        if person:
            if now is None or now.person != person:
                unnamed = PersonLine(person, tr("A registered person"))
                self._show(self._known.get(person, unnamed))
                if person not in self._known or self._known[person] == unnamed:
                    self._people.look_up(person, lambda line: self._looked_up(person, line))
            return
        name = str(given.get("name") or "")
        if now is not None:
            self._show(None)
        if name != self.editor.text().strip():
            self.editor.setText(name)
        self._speak()

    def _show_missing(self, missing: str | None) -> None:
        if missing:
            self._show(None)
        said = tr(MISSING[missing]) if missing else self._placeholder
        self.editor.setPlaceholderText(said)


def _told(line: PersonLine) -> str:
    return beside(line.latin, line.detail)
