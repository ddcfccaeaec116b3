"""Looking at the draft while it is typed: what the forms say, and who may be here already.

Both run away from the keyboard, a moment after the last key; only the newest answer counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop import offices, words
from desktop.desk import Desk, Work
from desktop.interview.asking import Asking
from desktop.interview.feed import Earlier
from desktop.interview.marks import HOUSEHOLD, shown_name
from desktop.interview.model import Interview
from desktop.pages.ages import age_words
from desktop.words import tr
from forms.check import check
from forms.draft import Draft
from forms.problems import Problem

if TYPE_CHECKING:
    from workspace.search import Hit

CHECK_PAUSE: Final = 200  # ms after a key until the forms look
EARLIER_PAUSE: Final = 400  # ms after a key until the store is asked
MATCHED_ON: Final = frozenset({"name", "name_latin", "sex", "birth"})
"""Fields whose answers change who may be the same person."""

SAME: Final = 0.995
"""From this score on, the names are the same but for case and accents."""


class Looking(QObject):
    """Asks the forms and the store about the interview in front."""

    judged = Signal(object, object)  # Draft, [(Problem, sentence)]
    found = Signal(object)  # [Earlier]

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._interview: Interview | None = None
        self._asking: Asking | None = None
        self._check_soon = self._timer(CHECK_PAUSE, self.check)
        self._earlier_soon = self._timer(EARLIER_PAUSE, self.look_for_earlier)

    def _timer(self, pause: int, run: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(pause)
        timer.timeout.connect(run)
        return timer

    def at(self, interview: Interview | None, asking: Asking | None) -> None:
        """Look at this interview from now on."""
        self._interview, self._asking = interview, asking
        self._check_soon.stop()
        self._earlier_soon.stop()
        if interview is not None:
            self.check()
            self.look_for_earlier()

    def typed(self, name: str) -> None:
        """Something was typed in a field; empty for something larger."""
        self._check_soon.start()
        if not name or name in MATCHED_ON:
            self._earlier_soon.start()

    def moved(self) -> None:
        """Another page or member is in front."""
        self.check()
        self._earlier_soon.start()

    def check(self) -> None:
        """Let the forms look now."""
        interview, asking = self._interview, self._asking
        if interview is None or asking is None:
            return
        self._check_soon.stop()
        draft, meant, today = interview.draft, interview.meant(), self._desk.today()

        def look() -> list[tuple[Problem, str]]:
            found = check(meant, today, catalogue=asking.catalogue)
            return [(problem, asking.say(problem)) for problem in found]

        self._desk.pure(
            look, done=lambda found: self._judged(draft, found), parent=self, latest="check"
        )

    def _judged(self, draft: Draft, found: Sequence[tuple[Problem, str]]) -> None:
        if self._interview is not None and self._interview.draft is draft:
            self.judged.emit(draft, found)  # else typed on since: the next look is on its way

    def look_for_earlier(self) -> None:
        """Ask the store who may be the person in front."""
        interview = self._interview
        self._earlier_soon.stop()
        if interview is None or interview.subject == HOUSEHOLD or interview.reading_back:
            self.found.emit([])
            return
        member = interview.draft.member(interview.subject)
        if not shown_name(member.values):
            self.found.emit([])
            return
        today, language = self._desk.today(), self._desk.language

        def look(work: Work) -> list[Earlier]:
            hits = offices.possible.possible(work.session, member)
            return [
                _earlier(hit, age_words(hit.birth, today, language))
                for hit in hits
                if hit.person.hex != member.key  # a family that is mended is not its own double
            ]

        self._desk.read(
            look,
            done=lambda found: self._found(member.key, found),
            failed=lambda _error: None,  # a hint that cannot be had is no reason to interrupt
            parent=self,
            latest="earlier",
        )

    def _found(self, subject: str, found: Sequence[Earlier]) -> None:
        if self._interview is not None and self._interview.subject == subject:
            self.found.emit(found)


def _earlier(hit: Hit, age: str) -> Earlier:
    """One possible earlier registration as the side panel shows it."""
    likeness = tr("The name is the same") if hit.score >= SAME else tr("The name is very like")
    latin = hit.name_latin if hit.name_latin != hit.name else ""
    parts = [latin, age, words.isolate(hit.household_number or hit.number)]
    return Earlier(hit.person, hit.name, words.beside(*parts), likeness)
