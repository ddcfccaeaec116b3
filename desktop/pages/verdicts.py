"""What was found on a paper: a card for every code, the worst first.

A file of several codes is as good as the worst of them. Whoever looks at it sees that one first,
however many good ones stand before it in the file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.drawn import face_of
from desktop.pages.claims import Said, said_by
from desktop.style import tokens
from desktop.widgets.buttons import Button
from desktop.widgets.facts import Avatar, Facts
from desktop.widgets.labels import Caption, Display, Section, Text
from desktop.widgets.layout import Card, column, row
from desktop.widgets.messages import Picture, announce
from desktop.words import N_, beside, ntr, tr

if TYPE_CHECKING:
    from datetime import date

    from desktop.pages.claims import Known
    from documents.verdict import Result, Verification

AT_ONCE: Final = 10
"""Cards that stand under each other; a file may hold 2,500 codes."""
OLD_TRUST: Final = 30
"""Days after which the age of the trust list is a warning: revocations will be missing."""

VERDICTS: Final = {
    "valid": (N_("Valid"), "success", "success"),
    "expired": (N_("Expired"), "warning", "warning"),
    "not_yet_valid": (N_("Not valid yet"), "warning", "warning"),
    "revoked": (N_("Withdrawn"), "danger", "danger"),
    "unknown_key": (N_("Unknown signature"), "warning", "warning"),
    "forged": (N_("Forged"), "danger", "danger"),
    "unreadable": (N_("Not readable"), "warning", "warning"),
}


_SEVERITY: Final = tuple(VERDICTS)


@dataclass(frozen=True, slots=True)
class Shown:
    """One code, ready to be shown."""

    verdict: str
    sentence: str
    said: Said
    face: QImage | None
    place: str
    """Which code of how many, and its page, in words; empty when there is one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything about a file or a text; the worst code first."""

    codes: tuple[Shown, ...]
    trust_age: int | None
    revocation: str
    root: str


def outcome(found: Verification, language: str, today: date, known: Known) -> Outcome:
    """What is shown of a verification. On a worker."""
    count = len(found.results)
    places = [
        _place(result, number, count) if count > 1 else ""
        for number, result in enumerate(found.results, start=1)
    ]
    worst_first = sorted(
        zip(found.results, places, strict=True),
        key=lambda one: _SEVERITY.index(str(one[0].verdict)),
        reverse=True,
    )
    return Outcome(
        codes=tuple(_shown(one, place, language, today, known) for one, place in worst_first),
        trust_age=found.trust_age_days,
        revocation=str(found.revocation),
        root=found.root or "",
    )


def _place(result: Result, number: int, count: int) -> str:
    said = tr("Code {number} of {count}", number=number, count=count)
    return beside(said, tr("Page {number}", number=result.page)) if result.page else said


def _shown(result: Result, place: str, language: str, today: date, known: Known) -> Shown:
    said = said_by(result.claims, language, today, known=known)
    return Shown(
        verdict=str(result.verdict),
        sentence=tr(result.sentence),
        said=said,
        face=face_of(said.photo),
        place=place,
    )


class Verdicts(QWidget):
    """The cards of what was found, so many at a time, and the way to the others."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "plain")
        self.summary = Text("")
        self.summary.setObjectName("verdict-summary")
        self._cards = QVBoxLayout()
        self._cards.setSpacing(tokens.S12)
        self.before = Button(tr("Previous codes"), on=lambda: self.turn(-1), name="verify-before")
        self.after = Button(tr("Next codes"), on=lambda: self.turn(1), name="verify-after")
        self.which = Caption("", wrap=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.S12)
        layout.addWidget(self.summary)
        layout.addLayout(self._cards)
        layout.addLayout(row(self.before, self.after, self.which, None))
        self._codes: tuple[Shown, ...] = ()
        self._at = 0

    def show_codes(self, codes: tuple[Shown, ...]) -> None:
        """Show them, from the first; nothing at all for none."""
        self._codes = codes
        self._at = 0
        self.setVisible(bool(codes))
        self.summary.setVisible(len(codes) > 1)
        counted = Counter(one.verdict for one in codes)
        self.summary.setText(
            beside(*(f"{tr(VERDICTS[one][0])}: {number}" for one, number in counted.items()))
        )
        self._draw()

    def turn(self, by: int) -> None:
        """Show the next so many, or those before."""
        at = self._at + by * AT_ONCE
        if 0 <= at < len(self._codes):
            self._at = at
            self._draw()

    def _draw(self) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        shown = self._codes[self._at : self._at + AT_ONCE]
        for place, code in enumerate(shown):
            card = VerdictCard()
            card.show_code(code)
            self._cards.addWidget(card)
            card.show()
            if place == 0:
                announce(card)
        more = len(self._codes) > AT_ONCE
        for widget in (self.before, self.after, self.which):
            widget.setVisible(more)
        self.before.setEnabled(self._at > 0)
        self.after.setEnabled(self._at + AT_ONCE < len(self._codes))
        self.which.setText(
            tr(
                "{first} to {last} of {count}",
                first=self._at + 1,
                last=self._at + len(shown),
                count=len(self._codes),
            )
        )


class VerdictCard(Card):
    """The verdict in the largest words there are, and what to compare."""

    def __init__(self) -> None:
        super().__init__(spacing=tokens.S12, margin=tokens.S16)
        self.setObjectName("verdict")
        self._sign = Picture("success", role="success", size=44)
        self.word = Display("")
        self.word.setObjectName("verdict-word")
        self.sentence = Text("")
        self.sentence.setObjectName("verdict-sentence")
        self._compare = Section(tr("Compare with the paper and the person"))
        self._trusted = Text("", muted=True)
        self.facts = Facts()
        self.face = Avatar(112)
        self.place = Caption("")
        said = column(self.place, self.word, self.sentence, spacing=2)
        head = row(self._sign, said, spacing=tokens.S16)
        head.setStretch(1, 1)
        head.setAlignment(self._sign, Qt.AlignmentFlag.AlignTop)
        below = row(self.facts, column(self.face, None), spacing=tokens.S24)
        below.setStretch(0, 1)
        self.body.addLayout(head)
        self.body.addWidget(self._compare)
        self.body.addWidget(self._trusted)
        self.body.addLayout(below)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_code(self, shown: Shown) -> None:
        """Show one code's verdict."""
        word, tone, picture = VERDICTS.get(shown.verdict, (shown.verdict, "danger", "danger"))
        self._sign.draw(picture, role=tone)
        self.place.setText(shown.place)
        self.place.setVisible(bool(shown.place))
        self.word.setText(tr(word))
        self.sentence.setText(shown.sentence)
        self.facts.set_facts(shown.said.facts)
        self.face.setVisible(shown.face is not None)
        self.face.set_person(shown.said.name, shown.face)
        known = bool(shown.said.facts)
        self._compare.setVisible(known)
        self.facts.setVisible(known)
        doubtful = known and shown.verdict not in ("valid", "expired")
        self._trusted.setVisible(doubtful)
        self._trusted.setText(
            tr("Nothing vouches for what follows; it is only what the code says.")
        )
        said = f"{tr(word)}. {shown.sentence}"
        self.setAccessibleName(f"{shown.place}. {said}" if shown.place else said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


def trust_words(outcome: Outcome) -> str:
    age = outcome.trust_age
    if age is None:
        said = tr("Nobody vouches for the keys that were used.")
    elif age == 0:
        said = tr("The trust list is from today.")
    else:
        said = ntr("The trust list is {n} day old.", "The trust list is {n} days old.", age)
    if outcome.revocation == "checked":
        withdrawn = tr("It was looked up whether the document was withdrawn.")
    else:
        withdrawn = tr("Whether the document was withdrawn is not known here.")
    parts = [said, withdrawn]
    if age is not None and age > OLD_TRUST:
        parts.append(tr("Take the next notice of the registry to renew it."))
    return " ".join(parts)
