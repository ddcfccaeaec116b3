"""The card at the top of a person's page: who it is, how things stand, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.pages import standing
from desktop.style import tokens
from desktop.widgets.buttons import Button, DangerButton, PrimaryButton
from desktop.widgets.facts import Avatar
from desktop.widgets.flow import Lines
from desktop.widgets.labels import Display, Pill, Text
from desktop.widgets.layout import Card, column, row
from desktop.widgets.messages import Notice
from desktop.words import beside, isolate, tr

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from workspace.people import Gone
    from workspace.people import PersonPage as Found


@dataclass(frozen=True, slots=True)
class Fate:
    """What everybody must see first: a record that was withdrawn, a death, an absence.

    ``kind`` and ``sentence`` are a notice's; ``word`` and ``tone`` a pill's.
    """

    word: str
    tone: str
    kind: str
    sentence: str


def fate(found: Found, died: str) -> Fate | None:
    """Why nothing, or little, is to be done with the record. ``died``: the day, in words."""
    view: Any = found.person
    if view is None:
        return None
    if view.voided is not None:
        said = tr("This record was withdrawn: {reason}", reason=view.voided)
        return Fate(tr("Withdrawn"), "danger", "danger", said)
    if "death" in view.values:
        said = (
            tr("Recorded as dead: {date}.", date=died)
            if died
            else tr("Recorded as dead; the day is not known.")
        )
        papers = tr("No more papers are printed; withdraw those that are still out.")
        return Fate(tr("Dead"), "neutral", "info", f"{said} {papers}")
    if view.values.get("presence") not in (None, "", "present"):
        since = found.gone.date if found.gone is not None else ""
        said = (
            tr("Inactive: absent since {date}.", date=since) if since else tr("Inactive: absent.")
        )
        back = tr(
            "Papers stay valid until they expire. When the person comes, record a presence: "
            "everything is as before."
        )
        return Fate(tr("Absent"), "warning", "warning", f"{said} {back}")
    return _departure(found.gone) if found.gone is not None else None


def _departure(gone: Gone) -> Fate:
    """That somebody left for good, and what becomes of the papers."""
    day = gone.date
    if gone.type == "resettlement":
        word = tr("Resettled")
        said = (
            tr("Left for resettlement: {date}.", date=day)
            if day
            else tr("Left for resettlement; the day is not known.")
        )
    else:
        word = tr("Returned home")
        said = tr("Returned: {date}.", date=day) if day else tr("Returned; the day is not known.")
    papers = tr(
        "Papers issued here stay valid until they expire; withdraw those that must not be used."
    )
    return Fate(word, "neutral", "info", f"{said} {papers}")


class Head(Card):
    """Photo, names, numbers, states; under them what can be done, the likeliest first."""

    def __init__(self) -> None:
        super().__init__(spacing=tokens.S12)
        self.avatar = Avatar(96)
        self.name = Display("")
        self.name.setObjectName("person-name")
        self.latin = Text("", muted=True)
        self.latin.setObjectName("person-latin")
        self.line = Text("")
        self.line.setObjectName("person-line")
        self.numbers = Text("").selectable()
        self.numbers.setObjectName("person-number")
        self.status = Pill("")
        self.sent = Pill("")
        self.fate = Pill("")
        self.notice = Notice("info", "")
        self.notice.setObjectName("person-fate")
        words_beside = column(
            self.name,
            self.latin,
            self.line,
            self.numbers,
            4,
            row(self.fate, self.status, self.sent, None),
            None,
            spacing=2,
        )
        beside = row(column(self.avatar, None), words_beside, spacing=tokens.S16)
        beside.setStretch(1, 1)
        self._acts = Lines()
        self.body.addWidget(self.notice)
        self.body.addLayout(beside)
        self.body.addWidget(self._acts)
        self.notice.hide()
        self.fate.hide()
        self._acts.hide()

    def offer(
        self, text: str, *, icon: str, on: Callable[[], object], name: str, look: str = ""
    ) -> Button:
        """One more thing that can be done; the first is what the page is for."""
        kind = DangerButton if look == "danger" else Button
        if look == "primary":
            kind = PrimaryButton
        button = kind(text, icon=icon or None, on=on, name=name)
        self._acts.add(button)
        self._acts.show()
        return button

    def show_person(
        self,
        found: Found,
        *,
        photo: QImage | None,
        sex: str,
        age: str,
        fate: Fate | None,
        sent: bool,
    ) -> None:
        """Show a person; ``sent``: say how far the record was sent."""
        name = found.name or found.number
        self.avatar.set_person(name, photo)
        self.name.setText(name)
        self.latin.setText(found.name_latin)
        self.latin.setVisible(bool(found.name_latin) and found.name_latin != name)
        parts = [
            sex,
            tr("age {age}", age=age) if age and (fate is None or fate.word != tr("Dead")) else "",
            tr("born {birth}", birth=found.birth_text) if found.birth_text else "",
        ]
        self.line.setText(beside(*parts))
        numbers = [isolate(found.permanent), isolate(found.number)]
        self.numbers.setText(beside(*numbers))
        word, tone = standing.registration(found.status)
        self.status.set_state(word, tone=tone)
        word, tone = standing.sending(found.sent)
        self.sent.set_state(word, tone=tone)
        self.sent.setVisible(sent)
        self.fate.setVisible(fate is not None)
        self.notice.setVisible(fate is not None)
        if fate is not None:
            self.fate.set_state(fate.word, tone=fate.tone)
            self.notice.set_message(fate.kind, fate.sentence)
