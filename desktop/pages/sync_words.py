"""What the page of syncing says: where things stand in one sentence, and the one act that is next.

No widgets: a situation goes in, words and an act come out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop import words
from desktop.pages import standing
from desktop.syncer import SENDERS, Phase
from desktop.words import N_, isolate, ntr, tr

if TYPE_CHECKING:
    from station.outbox import Outbox
    from station.receive import Outcome
    from station.syncing import Step

SYNC: Final = "sync"
EXPORT: Final = "export"
STICK: Final = "stick"  # the next one of several
RECEIVE: Final = "receive"
MEND: Final = "mend"
ENROL: Final = "enrol"
_ICONS: Final = {
    SYNC: "sync",
    EXPORT: "export",
    STICK: "export",
    RECEIVE: "receive",
    MEND: "edit",
    ENROL: "key",
}


_SERVICE: Final = {
    "disk": N_("The registry has no room for more just now. Its administrator has to look."),
    "station_full": N_("The registry still works on what this station sent."),
    "starting": N_("The registry's service is starting."),
    "rate": N_("Too many stations call the registry just now."),
}
"""What a service says in English when it cannot, by its code."""


@dataclass(frozen=True, slots=True)
class Errands:
    """What goes on over the line."""

    phase: Phase = Phase.IDLE
    code: str = ""
    sentence: str = ""
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What the page says. `act` is what its button does; empty: there is nothing to press."""

    tone: str
    title: str
    advice: str
    act: str = ""
    button: str = ""

    @property
    def icon(self) -> str:
        """The button's."""
        return _ICONS.get(self.act, "")


def situation(box: Outbox, errands: Errands, *, role: str, enrolled: bool) -> Situation:
    """Where things stand, and what is to be done next."""
    if not enrolled:
        return Situation(
            "warning",
            tr("This station is not enrolled yet"),
            tr("Nothing can be sent before the registry's grant has been taken."),
            *((ENROL, tr("Take the grant")) if role == "administrator" else ()),
        )
    sends = role in SENDERS
    if sends and errands.phase is not Phase.IDLE:
        return _over_the_line(errands)
    if box.sticks is not None and box.sticks.sticks:
        number = box.sticks.sticks + 1
        return Situation(
            "warning",
            tr("Stick {next} is next", next=words.number(number)),
            tr(
                "{left} of {parts} files ({size}) are on no stick yet. The registry needs all of "
                "the sticks.",
                left=words.number(box.sticks.left),
                parts=words.number(box.sticks.parts),
                size=words.size(box.sticks.size),
            ),
            STICK,
            tr("Write stick {next}…", next=words.number(number)),
        )
    mend = [one for one in box.answers if one.draft]
    if role == "officer" and mend:
        return Situation(
            "warning",
            ntr("{n} family was sent back", "{n} families were sent back", len(mend)),
            tr("Mend what is asked for, and hand it in again."),
            MEND,
            tr("Mend the first one"),
        )
    if sends and errands.waiting:
        return Situation(
            "info",
            tr("The registry is still taking it in"),
            tr("Everything has arrived there. Its answer comes with a later sync."),
            SYNC,
            tr("Ask again"),
        )
    if box.waiting:
        return _to_send(box, sends=sends)
    if box.sent:
        return Situation(
            "info",
            tr("Everything is sent; the registry has not answered yet"),
            tr("Its answer is a notice. Only what a notice acknowledges is safe there."),
            *_ask(box, sends=sends),
        )
    if not box.acknowledged:
        return Situation(
            "info",
            tr("Nothing to send yet"),
            tr("Come back when families have been registered."),
            *_ask(box, sends=sends),
        )
    return Situation(
        "success",
        tr("The registry has everything"),
        tr("All that was registered and changed here is safe there."),
        *_ask(box, sends=sends),
    )


def _to_send(box: Outbox, *, sends: bool) -> Situation:
    families = box.plan.registrations if box.plan is not None else 0
    title = (
        ntr(
            "{n} family has not reached the registry",
            "{n} families have not reached the registry",
            families,
        )
        if families
        else ntr(
            "{n} entry has not reached the registry",
            "{n} entries have not reached the registry",
            box.waiting,
        )
    )
    if not sends:
        return Situation(
            "info", title, tr("A supervisor sends what waits."), *_ask(box, sends=False)
        )
    if box.reachable:
        return Situation(
            "info",
            title,
            tr("It goes over the network, sealed so that only the registry can read it."),
            SYNC,
            tr("Sync now"),
        )
    return Situation(
        "info",
        title,
        tr("Put a stick in, and choose a folder on it. It is sealed so that only the registry can "
           "read it."),
        EXPORT,
        tr("Export to a stick…"),
    )  # fmt: skip


def _ask(box: Outbox, *, sends: bool) -> tuple[str, str]:
    if sends and box.reachable:
        return SYNC, tr("Sync now")
    return RECEIVE, tr("Take a notice from a stick…")


def _over_the_line(errands: Errands) -> Situation:
    match errands.phase:
        case Phase.RUNNING:
            return Situation("info", tr("Syncing"), "")
        case Phase.PAUSED:
            return Situation(
                "warning",
                tr("Paused"),
                tr("What has arrived stays there. Nothing goes by itself until you go on."),
                SYNC,
                tr("Go on"),
            )
        case Phase.LOST:
            kept = tr("What has arrived is kept there, and it goes on from that point.")
            if errands.code == "line":
                return Situation(
                    "warning", tr("No line to the registry"), kept, SYNC, tr("Try now")
                )
            return Situation(
                "warning",
                tr("The registry cannot take it just now"),
                f"{tr(_SERVICE.get(errands.code, errands.sentence))} {kept}",
                SYNC,
                tr("Try now"),
            )
        case _:
            return Situation(
                "danger", tr("Syncing stopped"), tr(errands.sentence), SYNC, tr("Sync again")
            )


def stage(step: Step | None) -> tuple[str, str]:
    """What a sync is doing, and how far it is, in words."""
    match str(step.stage) if step is not None else "":
        case "writing" if step is not None:
            return tr("Signing and sealing what goes"), tr(
                "{done} of {total} entries and photos written", done=step.done, total=step.total
            )
        case "sending" if step is not None:
            return tr("Sending to the registry"), words.beside(
                tr("{done} of {total}", done=words.size(step.done), total=words.size(step.total)),
                tr("{done} of {total} parts", done=step.part, total=step.parts),
                ntr("{n} entry", "{n} entries", step.entries),
            )
        case "waiting" if step is not None:
            return tr("The registry is taking it in"), ntr(
                "{n} entry has arrived there", "{n} entries have arrived there", step.entries
            )
        case "receiving" if step is not None:
            return tr("Taking the registry's answer in"), tr(
                "{done} of {total} notices", done=step.done, total=step.total
            )
    return tr("Calling the registry…"), tr("What is new on either side is compared.")


def span(seconds: float) -> str:
    """A time to wait, in one unit."""
    whole = max(1, math.ceil(seconds))
    if whole < 60:
        return ntr("{n} second", "{n} seconds", whole)
    return ntr("{n} minute", "{n} minutes", math.ceil(whole / 60))


def next_try(seconds: float, *, lost: bool) -> str:
    """When the next one begins by itself."""
    if lost:
        return tr("Next try in {span}.", span=span(seconds))
    return tr("The next sync begins by itself in {span}.", span=span(seconds))


def last_answer(box: Outbox) -> str:
    """When the registry was last heard of."""
    if box.answered is None:
        return tr("The registry has not answered yet.")
    return tr("The registry last answered: {when}.", when=words.moment(box.answered))


def received(numbers: Sequence[int], acknowledged: int, outcomes: Sequence[Outcome]) -> str:
    """What notices brought, in whole sentences."""
    *_, last = numbers
    if len(numbers) == 1:
        taken = tr("Notice {number} has been taken in.", number=last)
    else:
        taken = ntr(
            "{n} notice has been taken in.", "{n} notices have been taken in.", len(numbers)
        )
    if acknowledged:
        receipt = ntr(
            "The registry acknowledges {n} more entry.",
            "The registry acknowledges {n} more entries.",
            acknowledged,
        )
    else:
        receipt = tr("It acknowledges nothing new.")
    counted = sorted(Counter(one.outcome for one in outcomes).items())
    said = [
        tr("{outcome}: {count}.", outcome=standing.outcome(code)[0], count=words.number(count))
        for code, count in counted
    ]
    return " ".join([taken, receipt, *said])


def written(folder: str, entries: int, parts: int, size: int) -> str:
    """What is on a stick, as it was read back."""
    what = words.beside(
        ntr("{n} entry", "{n} entries", entries),
        ntr("{n} file", "{n} files", parts),
        words.size(size),
        isolate(folder),
    )
    return f"{tr('Written, read back, and found whole.')} {what}"
