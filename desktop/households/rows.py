"""One member in the form of an act: whether they go, and as what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.style import tokens
from desktop.widgets.code_field import CodeField
from desktop.widgets.labels import Caption, Strong
from desktop.widgets.layout import Card, column, row
from desktop.widgets.ticks import TickBox
from desktop.words import beside, isolate, tr

if TYPE_CHECKING:
    from workspace.people import MemberRow


class MemberLine(Card):
    """A member with the relation that is to be chosen; a tick where it is asked who goes.

    Under the name stands what tells namesakes apart: Latin name, age, relation, number.
    """

    def __init__(
        self,
        member: MemberRow,
        number: int,
        *,
        relations: Sequence[tuple[str, str]],
        also: Mapping[str, str],
        asked: bool,
        age: str = "",
    ) -> None:
        super().__init__(spacing=tokens.S4, margin=tokens.S12)
        self.member = member
        self._asked = asked
        self.tick = TickBox(isolate(member.name), name=f"goes-{number}")
        self.tick.toggled.connect(lambda _on: self._show())
        self.relation = CodeField(
            f"relation-{number}",
            tr("Relation to the head there"),
            options=relations,
            also=also,
            width=300,
            show_label=False,
        )
        self.relation.editor.setAccessibleName(
            tr("Relation of {name} to the head", name=member.name)
        )
        name = self.tick if asked else Strong(isolate(member.name))
        latin = member.name_latin if member.name_latin != member.name else ""
        told = beside(latin, age, member.relation_text, member.number)
        self.tick.setAccessibleName(f"{member.name}, {told}")
        said = column(name, Caption(told), spacing=0)
        line = row(said, self.relation, spacing=tokens.S16)
        line.setStretch(0, 1)
        self.body.addLayout(line)
        self._show()

    @property
    def goes(self) -> bool:
        """Whether the member is among those it is about."""
        return not self._asked or self.tick.isChecked()

    @property
    def chosen(self) -> str:
        """The code of the relation, or what was typed."""
        return str(self.relation.value() or "")

    def go(self, goes: bool) -> None:
        """Tick the member, or not."""
        self.tick.setChecked(goes)

    def inputs(self) -> list[QWidget]:
        """What takes the keyboard, in order."""
        return [*([self.tick] if self._asked else []), self.relation.editor]

    def _show(self) -> None:
        self.relation.setVisible(self.goes)
        self.relation.set_problems(())
