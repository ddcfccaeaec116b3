"""A possible duplicate: two records beside each other, and one question.

S says one person, D two, N that it cannot be told; J and K go through the queue, U takes one's own
last word back. One person of two links nothing: the second one sees what the first said.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from desktop import offices
from desktop.adjudication.beside import BesideView
from desktop.adjudication.lists import likeness, state_of
from desktop.adjudication.reasons import Reasons
from desktop.desk import Changes, Desk
from desktop.drawn import face_of
from desktop.page import WIDE, Key, Page
from desktop.style import tokens
from desktop.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from desktop.widgets.flow import Lines
from desktop.widgets.labels import Caption, Pill
from desktop.widgets.layout import Scroll, row
from desktop.widgets.messages import EmptyState, Notice
from desktop.words import N_, isolate, tr

if TYPE_CHECKING:
    from desktop.adjudication.beside import Faces
    from desktop.desk import Work
    from registry.adjudication_acts import Decided
    from registry.adjudication_shown import CaseShown
    from values.identifiers import PersonId

    Pair = tuple[PersonId, PersonId]

_WHY: Final = {
    "same": (
        N_("One face on both photos"),
        N_("One document was shown for both"),
        N_("The person says so"),
    ),
    "different": (N_("Two faces"), N_("Other parents"), N_("Both were seen together")),
    "unsure": (N_("A photo is missing"), N_("The station has to be asked")),
}


class DuplicatePage(Page):
    """One pair of the queue."""

    key = "duplicate"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self._pairs: list[Pair] = []
        self._pair: Pair | None = None
        self._shown: CaseShown | None = None
        self._busy = False
        self.notice = Notice("info", "")
        self.notice.setObjectName("case-notice")
        self.state = Pill("")
        self.score = Caption("", wrap=False)
        self.place = Caption("", wrap=False)
        self.place.setObjectName("case-place")
        self.owner = Caption("", wrap=False)
        self.beside = BesideView()
        self.reasons = Reasons()
        self.area = Scroll(margin=0, top=0, bottom=tokens.S8)
        self.area.setObjectName("case-area")
        self.area.body.addWidget(self.beside)
        self.same = PrimaryButton(
            tr("One person ({key})", key="S"), on=partial(self._decide, "same"), name="case-same"
        )
        self.different = Button(
            tr("Two persons ({key})", key="D"),
            on=partial(self._decide, "different"),
            name="case-different",
        )
        self.unsure = Button(
            tr("Cannot tell ({key})", key="N"), on=partial(self._decide, "unsure"),
            name="case-unsure",
        )  # fmt: skip
        self.undo = QuietButton(
            tr("Take my word back ({key})", key="U"), icon="undo", on=self._undo, name="case-undo"
        )
        self.unlink = DangerButton(
            tr("Take the link back…"), icon="split", on=self._unlink, name="case-unlink"
        )
        self.take = QuietButton("", on=self._take, name="case-take")
        self.body.addLayout(
            row(self.state, self.score, self.owner, None, self.place, self.take, spacing=12)
        )
        self.body.addWidget(self.notice)
        self.body.addWidget(self.area, 1)
        self.foot = Lines()
        for act in (self.same, self.different, self.unsure, self.unlink, self.undo):
            self.foot.add(act)
        self.body.addWidget(self.foot)
        for act in (self.undo, self.unlink):
            act.hide()
        self.over = EmptyState(
            "check",
            tr("You are through"),
            tr("No further pair of this list waits for you."),
            button=(tr("Back to the queues"), lambda: self.go("queues", queue="duplicates")),
        )
        self.over.hide()
        self.body.addWidget(self.over, 1)
        desk.changed.connect(self._changed)

    def keys(self) -> list[Key]:
        return [
            Key("S", tr("One person"), partial(self._decide, "same")),
            Key("D", tr("Two persons"), partial(self._decide, "different")),
            Key("N", tr("Cannot tell"), partial(self._decide, "unsure")),
            Key("U", tr("Take my last word back"), self._undo),
            Key("T", tr("Take the case, or give it back"), self._take),
            Key("J", tr("Next"), partial(self._step, 1)),
            Key("K", tr("The one before"), partial(self._step, -1)),
            Key("PgDown", tr("Scroll"), partial(self._scroll, 1)),
            Key("PgUp", "", partial(self._scroll, -1)),
            Key("1", tr("Open the first record"), partial(self._open, 0)),
            Key("2", tr("Open the second record"), partial(self._open, 1)),
        ]

    def side(self) -> QWidget | None:
        return self.reasons if self._shown is not None else None

    # which pair ----------------------------------------------------------------------------

    def on_shown(
        self, pair: Pair | None = None, pairs: Sequence[Pair] = (), **arguments: Any
    ) -> None:
        self._pairs = list(pairs) or ([pair] if pair else [])
        self._pair = pair
        self._load()

    def _step(self, by: int) -> None:
        if self._pair not in self._pairs or self._busy:
            return
        at = self._pairs.index(self._pair) + by
        if 0 <= at < len(self._pairs):
            self._pair = self._pairs[at]
            self.hush()
            self._load()

    def _scroll(self, by: int) -> None:
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.value() + by * bar.pageStep())

    def _open(self, place: int) -> None:
        if self._shown is not None:
            self.go("person", person=self._shown.sides[place].person)

    def _load(self) -> None:
        if self._pair is None:
            self._show_over()
            return
        one, other = self._pair
        language = self.desk.language
        self.desk.read(
            lambda work: _fetch(work, one, other, language),
            done=lambda found: self._show(*found),
            failed=self.say_failure,
            parent=self,
            latest="case",
        )

    def _show(self, shown: CaseShown, faces: Faces) -> None:
        fresh = self._shown is None or self._shown.key != shown.key
        self._shown = shown
        self.over.hide()
        for part in (self.area, self.foot):
            part.show()
        word, tone = state_of(shown.state)
        self.state.set_state(word, tone=tone)
        self.state.show()
        self.score.setText(tr("Likeness {score}", score=likeness(shown.score)))
        self.owner.setText(_owner_words(shown))
        self._show_notice(shown)
        self.beside.show_case(shown, faces)
        self.reasons.show_case(shown)
        self._enable()
        self.side_changed.emit()  # now that only what is used asks for room
        if fresh:
            self.area.settle()
            self.area.verticalScrollBar().setValue(0)
        self._show_place()
        if fresh or not self._keyboard_is_here():
            self.same.setFocus() if self.same.isEnabled() else self.undo.setFocus()

    def _keyboard_is_here(self) -> bool:
        now = self.window().focusWidget()
        return now is not None and self.isAncestorOf(now) and now.isEnabled()

    def _show_notice(self, shown: CaseShown) -> None:
        said = next((word for word in reversed(shown.told) if word.counts and not word.own), None)
        texts = {
            "second": tr(
                "{who} says that this is one person: “{reason}”. Look for yourself. If you say so "
                "too, the records are linked.",
                who=isolate(said.by), reason=isolate(said.reason),
            ) if said else tr("You said that this is one person. Another registrar looks next."),
            "disputed": tr(
                "Two people said different things. Read both beside, and decide."
            ),
            "linked": tr(
                "These records are linked: both stay, and are shown as one person. Papers stay as "
                "they are."
            ),
        }  # fmt: skip
        text = texts.get(shown.state, "")
        if shown.state == "linked" and shown.permanent:
            text += " " + tr(
                "The number {number} stands for both.", number=isolate(shown.permanent)
            )
        if shown.again and not text:
            text = tr("This pair was decided before. An answer has changed since.")
        kind = {"disputed": "warning", "linked": "success"}.get(shown.state, "info")
        self.notice.set_message(kind, text)
        self.notice.setVisible(bool(text))

    def _show_place(self) -> None:
        if self._pair in self._pairs and len(self._pairs) > 1:
            at = self._pairs.index(self._pair) + 1
            self.place.setText(tr("{n} of {total}", n=at, total=len(self._pairs)))
        else:
            self.place.setText("")

    def _show_over(self) -> None:
        self._shown = None
        for part in (self.area, self.foot, self.notice, self.state, self.take):
            part.hide()
        for label in (self.score, self.owner, self.place):
            label.setText("")
        self.over.show()
        self.side_changed.emit()

    def _enable(self) -> None:
        shown = self._shown
        if shown is None:
            return
        others = shown.owner is not None and not shown.owner.own
        linked = shown.state == "linked"
        free = not self._busy and not others
        said = next((word for word in shown.told if word.counts and word.own), None)
        self.same.setEnabled(free and not linked and (said is None or said.decision != "same"))
        self.same.setText(
            tr("I agree: one person ({key})", key="S")
            if shown.second
            else tr("One person ({key})", key="S")
        )
        for button in (self.different, self.unsure):
            button.setEnabled(free and not linked)
            button.setVisible(not linked)
        self.same.setVisible(not linked)
        self.undo.setVisible(shown.may_undo)
        self.undo.setEnabled(free)
        self.unlink.setVisible(linked)
        self.unlink.setEnabled(free)
        self.take.setVisible(not others)
        self.take.setText(
            tr("Give back ({key})", key="T") if shown.owner else tr("Take ({key})", key="T")
        )

    # acts ----------------------------------------------------------------------------------

    def _decide(self, decision: str) -> None:
        shown, pair = self._shown, self._pair
        button = {"same": self.same, "different": self.different, "unsure": self.unsure}[decision]
        if shown is None or pair is None or not button.isEnabled() or button.isHidden():
            return
        titles = {
            "same": tr("Why is this one person?"),
            "different": tr("Why are these two persons?"),
            "unsure": tr("What is missing to tell?"),
        }
        what = {
            "same": tr("The records are linked. Both stay, and it can be taken back.")
            if shown.second
            else tr("Another registrar looks next; until then nothing is linked."),
            "different": tr(
                "The pair is not asked about again while the answers stay as they are."
            ),
            "unsure": tr("The pair is put aside until an answer changes."),
        }
        reason = self.desk.dialogs.reason(
            self,
            titles[decision],
            what[decision],
            {"same": tr("One person"), "different": tr("Two persons"), "unsure": tr("Put aside")}[
                decision
            ],
            choices=[tr(one) for one in _WHY[decision]],
            danger=False,
        )
        if reason is None:
            return
        one, other = pair
        self._act(
            lambda work: offices.deciding.decide(
                work.session, one, other, decision, reason=reason, seen=shown.seen
            ),
            onwards=True,
        )

    def _undo(self) -> None:
        shown, pair = self._shown, self._pair
        if shown is None or pair is None or self.undo.isHidden() or not self.undo.isEnabled():
            return
        reason = self.desk.dialogs.reason(
            self,
            tr("Take your last word back?"),
            tr("It is then as if you had not said it. Both stay in the history."),
            tr("Take back"),
            choices=[tr("The wrong key"), tr("The wrong pair")],
            danger=False,
        )
        if reason is not None:
            one, other = pair
            self._act(
                lambda work: offices.deciding.withdraw(work.session, one, other, reason=reason)
            )

    def _unlink(self) -> None:
        shown, pair = self._shown, self._pair
        if shown is None or pair is None or not self.unlink.isEnabled():
            return
        reason = self.desk.dialogs.reason(
            self,
            tr("Take the link back?"),
            tr("Both records stand alone again, each with its own number. Nothing else changes."),
            tr("Take the link back"),
        )
        if reason is not None:
            one, other = pair
            self._act(lambda work: offices.deciding.unlink(work.session, one, other, reason=reason))

    def _take(self) -> None:
        shown = self._shown
        if shown is None or self.take.isHidden() or self._busy:
            return
        keys = [shown.key]
        mine = shown.owner is not None
        self.desk.act(
            lambda work: (
                offices.worklists.give_back(work.session, keys)
                if mine
                else offices.worklists.take(work.session, keys)
            ),
            done=lambda _none: self._load(),
            failed=self._failed,
            changes=Changes(),
            parent=self,
        )

    def _act(self, fn: Any, *, onwards: bool = False) -> None:
        self._busy = True
        self._enable()
        self.hush()
        self.desk.act(
            fn,
            done=partial(self._done, onwards=onwards),
            failed=self._failed,
            changes=Changes(queue=True, people=True, sending=True),
            parent=self,
        )

    def _done(self, made: Decided, *, onwards: bool) -> None:
        self._busy = False
        self.say("success", _said(made))
        if onwards and len(self._pairs) > 1 and self._pair in self._pairs:
            at = self._pairs.index(self._pair)
            self._pair = self._pairs[at + 1] if at + 1 < len(self._pairs) else None
        self._load()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self.say_failure(error)
        self._load()

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and not self._busy and self._pair and changes.people:
            self._load()


def _fetch(work: Work, one: PersonId, other: PersonId, language: str) -> tuple[CaseShown, Faces]:
    """The case, and both faces as the window shows them: what is dear is done on the worker."""
    shown = offices.cases.case(work.session, one, other, language=language)
    return shown, (face_of(shown.sides[0].page.photo), face_of(shown.sides[1].page.photo))


def _owner_words(shown: CaseShown) -> str:
    if shown.owner is None:
        return ""
    if shown.owner.own:
        return tr("You have taken this.")
    return tr("{name} is looking at this.", name=isolate(shown.owner.name))


def _said(made: Decided) -> str:
    """What came of a word, in whole sentences."""
    said = {
        "second": tr("Kept. Another registrar looks next."),
        "linked": tr("The two records are linked."),
        "different": tr("Kept: two persons."),
        "unsure": tr("Put aside until an answer changes."),
        "disputed": tr("Kept. A third person has to look: two said different things."),
        "proposed": tr("Taken back. The pair waits for a first look again."),
    }.get(made.state, "")
    if made.permanent:
        said += " " + tr("The number {number} stands for both.", number=isolate(made.permanent))
    if made.given:
        said += " " + tr("A number was given: {number}.", number=isolate(made.given))
    return said
