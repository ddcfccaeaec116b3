"""A record in conflict, question by question: both sides with their histories, and what holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop import offices
from desktop.adjudication.question import Question
from desktop.desk import Changes, Desk
from desktop.page import WIDE, Key, Page
from desktop.widgets.buttons import LinkButton, PrimaryButton
from desktop.widgets.labels import Caption, Strong
from desktop.widgets.layout import Plain, Scroll, row
from desktop.widgets.messages import EmptyState, Notice
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from uuid import UUID

    from desktop.desk import Work
    from registry.adjudication_conflicts import Page as Shown
    from registry.adjudication_queues import ConflictRow

    Subject = tuple[str, UUID]


class ConflictPage(Page):
    """One record of the queue of conflicts. All of its questions are settled together."""

    key = "conflict"
    layout_width = WIDE

    def __init__(self, desk: Desk, parent: Any = None) -> None:
        super().__init__(desk, parent)
        self._subjects: list[Subject] = []
        self._subject: Subject | None = None
        self._shown: Shown | None = None
        self._row: ConflictRow | None = None
        self._busy = False
        self.questions: list[Question] = []
        self.who = Strong("", wrap=False)
        self.who.setObjectName("conflict-who")
        self.open = LinkButton(tr("Open the record"), on=self._open, name="conflict-open")
        self.place = Caption("", wrap=False)
        self.notice = Notice("info", "")
        self.area = Scroll(margin=0, top=0)
        self.area.setObjectName("conflict-area")
        self.settle = PrimaryButton("", icon="check", on=self._settle, name="conflict-settle")
        self.left = Caption("", wrap=False)
        self.top = Plain()
        self.top.setLayout(row(self.who, self.open, None, self.place, spacing=12))
        self.body.addWidget(self.top)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.area, 1)
        self.foot = Plain()
        self.foot.setLayout(row(self.left, None, self.settle))
        self.body.addWidget(self.foot)
        self.over = EmptyState(
            "check",
            tr("You are through"),
            tr("No further conflict of this list waits for you."),
            button=(tr("Back to the queues"), lambda: self.go("queues", queue="conflicts")),
        )
        self.over.hide()
        self.body.addWidget(self.over, 1)

    def keys(self) -> list[Key]:
        return [
            *(
                Key(str(place + 1), what, partial(self._choose, place))
                for place, what in enumerate(
                    (tr("The first side holds"), tr("The second side holds"), tr("Neither"))
                )
            ),
            Key("Ctrl+Return", tr("Settle"), self._settle),
            Key("J", tr("Next"), partial(self._step, 1)),
            Key("K", tr("The one before"), partial(self._step, -1)),
        ]

    def on_shown(
        self, subject: Subject | None = None, subjects: Sequence[Subject] = (), **arguments: Any
    ) -> None:
        self._subjects = list(subjects) or ([subject] if subject else [])
        self._subject = subject
        self._load()

    # what is in conflict -------------------------------------------------------------------

    def _step(self, by: int) -> None:
        if self._subject not in self._subjects or self._busy:
            return
        at = self._subjects.index(self._subject) + by
        if 0 <= at < len(self._subjects):
            self._subject = self._subjects[at]
            self.hush()
            self._load()

    def _load(self) -> None:
        if self._subject is None:
            self._show_over()
            return
        kind, subject = self._subject
        language = self.desk.language

        def fetch(work: Work) -> tuple[Shown, ConflictRow | None]:
            shown = offices.settling.page(work.session, kind, subject, language=language)
            rows = offices.worklists.conflicts(work.session, language=language)
            return shown, next((one for one in rows if one.subject == subject), None)

        self.desk.read(
            fetch,
            done=lambda found: self._show(*found),
            failed=self._not_loaded,
            parent=self,
            latest="conflict",
        )

    def _not_loaded(self, error: Exception) -> None:
        self._show_over()
        self.say_failure(error)

    def _show(self, shown: Shown, listed: ConflictRow | None) -> None:
        self._shown, self._row = shown, listed
        self.over.hide()
        for part in (self.top, self.area, self.foot):
            part.show()
        name = isolate(listed.name) if listed else ""
        number = isolate(listed.number) if listed else ""
        self.who.setText(" · ".join(one for one in (name, number) if one))
        self.open.setVisible(listed is not None and listed.person is not None)
        owner = listed.owner if listed else None
        if owner is not None and not owner.own:
            self.notice.set_message(
                "warning", tr("{name} is looking at this.", name=isolate(owner.name))
            )
        else:
            self.notice.set_message(
                "info", tr("Nobody is overruled until somebody decides. Choose for each question.")
            )
        if self._subject in self._subjects and len(self._subjects) > 1:
            at = self._subjects.index(self._subject) + 1
            self.place.setText(tr("{n} of {total}", n=at, total=len(self._subjects)))
        else:
            self.place.setText("")
        while (item := self.area.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.questions = [Question(one) for one in shown.fields]
        for question in self.questions:
            question.chosen.connect(self._look)
            self.area.body.addWidget(question)
        self.area.body.addStretch(1)
        self._look()
        if self.questions and self.questions[0].buttons:
            self.questions[0].buttons[0].setFocus()

    def _show_over(self) -> None:
        self._shown = None
        self.questions = []
        for part in (self.top, self.area, self.foot, self.notice):
            part.hide()
        self.over.show()

    def _look(self) -> None:
        open_ones = sum(one.choice() is None for one in self.questions)
        self.left.setText(
            ntr("{n} question is open", "{n} questions are open", open_ones) if open_ones else ""
        )
        self.settle.setText(tr("Settle…"))
        self.settle.setEnabled(bool(self.questions) and not open_ones and not self._busy)

    def _choose(self, place: int) -> None:
        """Of the question with the keyboard, else of the first that is open."""
        now: QWidget | None = self.window().focusWidget()
        here = next(
            (one for one in self.questions if now is not None and one.isAncestorOf(now)), None
        )
        open_ones = [one for one in self.questions if one.choice() is None]
        question = here or next(iter(open_ones), None)
        if question is not None:
            question.choose(place)
            self.area.reveal(question)

    # acts ----------------------------------------------------------------------------------

    def _open(self) -> None:
        if self._row is not None and self._row.person is not None:
            self.go("person", person=self._row.person)

    def _settle(self) -> None:
        shown = self._shown
        if shown is None or not self.settle.isEnabled():
            return
        choices: dict[str, dict[str, Any]] = {}
        for one in self.questions:
            choices.setdefault(one.shown.set, {})[one.shown.name] = one.choice()
        lines = [
            tr("{what}: {value}", what=one.shown.label, value=isolate(one.said()))
            for one in self.questions
        ]
        reason = self.desk.dialogs.several(
            self,
            tr("Settle the conflict?"),
            tr("What you chose holds from now on. The other side stays in the history."),
            lines,
            tr("Settle"),
            choices=[tr("Asked the person"), tr("A document was shown"), tr("Asked the station")],
        )
        if reason is None:
            return
        told = {name: _plain(name, answers) for name, answers in choices.items()}
        self._busy = True
        self._look()
        self.desk.act(
            lambda work: offices.settling.settle(
                work.session, shown.subject_type, shown.subject, told,
                reason=reason, at=shown.heads,
            ),
            done=lambda _none: self._settled(),
            failed=self._failed,
            changes=Changes(queue=True, people=True, sending=True),
            parent=self,
        )  # fmt: skip

    def _settled(self) -> None:
        self._busy = False
        self.say("success", tr("Settled. The other sides stay in the history."))
        if self._subject in self._subjects:
            at = self._subjects.index(self._subject)
            del self._subjects[at]
            self._subject = self._subjects[at] if at < len(self._subjects) else None
        self._load()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self.say_failure(error)
        self._load()


def _plain(name: str, answers: dict[str, Any]) -> Any:
    """A side for a place in a household or for who is its head, which are no questions of a form;
    else each answer."""
    return next(iter(answers.values())) if name.startswith("@") else answers
