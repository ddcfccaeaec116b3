"""What is done to several rows of a queue at once: shown before, with one reason for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from desktop import offices
from desktop.desk import Changes, Desk, Work
from desktop.page import Page
from desktop.words import N_, isolate, ntr, tr

if TYPE_CHECKING:
    from registry.adjudication_conflicts import Alike, Bulk
    from registry.adjudication_queues import AsideRow, ConflictRow, NewRow, PairRow

_DIFFERENT: Final = (N_("Two faces"), N_("Other parents"), N_("Both were seen together"))
_BACK: Final = (
    N_("A name is misspelt"),
    N_("A date does not fit"),
    N_("Somebody is missing"),
    N_("Registered before"),
)
_HOLDS: Final = (N_("Asked the station"), N_("A document was shown"))


class Do(Protocol):
    """Has an office do something while the page's buttons rest."""

    def __call__(
        self, fn: Callable[[Work], Any], done: Callable[[Any], object], changes: Changes
    ) -> None: ...


class Deeds:
    """Asks for the reason, has it done, and says what came of it."""

    def __init__(self, desk: Desk, page: Page, do: Do, over: Callable[[str, str], None]) -> None:
        self._desk, self._page, self._do, self._over = desk, page, do, over

    def send_back(self, chosen: Sequence[NewRow]) -> None:
        """Send families back to their station, with one reason."""
        reason = self._desk.dialogs.several(
            self._page,
            tr("Send back to the station?"),
            tr("The officer sees the reason and mends the family; then it comes again."),
            [f"{isolate(one.head)} · {isolate(one.household_number)}" for one in chosen],
            tr("Send back"),
            choices=[tr(one) for one in _BACK],
        )
        if reason is None:
            return
        registrations = [one.registration for one in chosen]
        self._do(
            lambda work: offices.decide.send_back(work.session, registrations, reason=reason),
            lambda count: self._over(
                "success",
                ntr(
                    "{n} family sent back. The next notice tells the station.",
                    "{n} families sent back. The next notice tells the stations.",
                    count,
                ),
            ),
            Changes(queue=True, people=True, sending=True),
        )

    def different(self, chosen: Sequence[PairRow]) -> None:
        """Say that each of these pairs is two persons."""
        reason = self._desk.dialogs.several(
            self._page,
            ntr(
                "Are these two persons?",
                "Are these {n} pairs two persons each?",
                len(chosen),
            ),
            tr(
                "They are not asked about again while their answers stay as they are. "
                "Everything can be taken back."
            ),
            [f"{isolate(one.names[0])} · {isolate(one.names[1])}" for one in chosen],
            tr("Two persons each"),
            choices=[tr(one) for one in _DIFFERENT],
        )
        if reason is None:
            return
        pairs = [(one.first, one.second) for one in chosen]
        seen = [one.seen for one in chosen]
        self._do(
            lambda work: offices.deciding.decide_all(
                work.session, pairs, "different", reason=reason, seen=seen
            ),
            lambda made: self._over(
                "success", ntr("{n} pair decided.", "{n} pairs decided.", len(made))
            ),
            Changes(queue=True),
        )

    def settle(self, chosen: Sequence[ConflictRow], which: str) -> None:
        """Settle conflicts for the latest or the earliest side: first what it would do."""
        subjects = [(one.subject_type, one.subject) for one in chosen]
        names = {(one.subject_type, one.subject): one.name for one in chosen}
        language = self._desk.language
        self._desk.read(
            lambda work: offices.settling.preview(work.session, subjects, which, language=language),
            done=lambda shown: self._settle_shown(shown, names, which),
            failed=self._page.say_failure,
            parent=self._page,
        )

    def _settle_shown(
        self, shown: Sequence[Alike], names: dict[tuple[str, Any], str], which: str
    ) -> None:
        good = [one for one in shown if not one.why_not]
        left = len(shown) - len(good)
        if not good:
            self._page.say(
                "warning",
                tr(
                    "These are about who somebody is, or about places in a household. Each has to "
                    "be looked at by itself."
                ),
            )
            return
        explanation = (
            tr("The side that was said last holds in each of them.")
            if which == "latest"
            else tr("The side that was said first holds in each of them.")
        )
        if left:
            explanation += " " + ntr(
                "{n} is left out: it has to be looked at by itself.",
                "{n} are left out: they have to be looked at one by one.",
                left,
            )
        lines = [
            tr(
                "{name} · {what}: {before} → {after}",
                name=isolate(names[one.subject_type, one.subject]),
                what=label,
                before=isolate(before) or tr("nothing"),
                after=isolate(after) or tr("nothing"),
            )
            for one in good
            for label, before, after in one.lines
        ]
        reason = self._desk.dialogs.several(
            self._page,
            ntr("Settle {n} conflict?", "Settle {n} conflicts?", len(good)),
            explanation,
            lines,
            tr("Settle"),
            choices=[tr(one) for one in _HOLDS],
        )
        if reason is None:
            return
        self._do(
            lambda work: offices.settling.settle_alike(work.session, good, reason=reason),
            self._settled,
            Changes(queue=True, people=True, sending=True),
        )

    def _settled(self, made: Bulk) -> None:
        said = ntr("{n} conflict settled.", "{n} conflicts settled.", made.settled)
        if made.left:
            said += " " + ntr("{n} had changed meanwhile.", "{n} had changed meanwhile.", made.left)
        self._over("success" if made.settled else "warning", said)

    def release(self, chosen: Sequence[AsideRow]) -> None:
        """Admit acts that were put aside."""
        self._about_entries(
            chosen,
            tr("Admit these entries after all?"),
            tr("They become part of the records. The reason is kept with the decision."),
            tr("Admit"),
            lambda work, entries, reason: offices.decide.release(
                work.session, entries, reason=reason
            ),
            lambda count: ntr("{n} entry admitted.", "{n} entries admitted.", count),
            danger=False,
        )

    def refuse(self, chosen: Sequence[AsideRow]) -> None:
        """Refuse acts that were put aside; the station is told."""
        self._about_entries(
            chosen,
            tr("Refuse these entries?"),
            tr(
                "They stay set aside, and nothing is deleted. The station reads the reason in its "
                "next notice: name nobody in it."
            ),
            tr("Refuse"),
            lambda work, entries, reason: offices.decide.refuse(
                work.session, entries, reason=reason
            ),
            lambda count: ntr(
                "{n} entry refused. The next notice tells the station.",
                "{n} entries refused. The next notice tells the station.",
                count,
            ),
            danger=True,
        )

    def _about_entries(
        self,
        chosen: Sequence[AsideRow],
        title: str,
        explanation: str,
        action: str,
        fn: Callable[[Work, list[Any], str], int],
        said: Callable[[int], str],
        *,
        danger: bool,
    ) -> None:
        lines = [f"{isolate(one.station)} · {one.what} · {tr(one.sentence)}" for one in chosen]
        reason = self._desk.dialogs.several(
            self._page, title, explanation, lines, action, danger=danger
        )
        if reason is None:
            return
        entries = [hash_ for one in chosen for hash_ in one.entries]
        self._do(
            lambda work: fn(work, entries, reason),
            lambda count: self._over("success", said(count)),
            Changes(queue=True, imports=True, people=True, sending=True),
        )
