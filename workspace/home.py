"""The home page: today's counts, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workspace import left_behind, storage
from workspace.care import backup_age
from workspace.drafts import is_family
from workspace.exported import state as send_state
from workspace.rights import Right, may
from workspace.waiting import noted

if TYPE_CHECKING:
    from db.store import Reader
    from values.identifiers import PersonId
    from workspace.left_behind import LeftBehind
    from workspace.session import Session

CHILDREN = "Call the child-protection focal point: children are left without an adult."
HEADLESS = "Name the new head of families that have none."

BACKUP_DAYS = 1
"""A laptop that is lost loses at most a day."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of the day and of what waits."""

    today_households: int
    today_persons: int
    waiting_review: int
    returned: int
    not_acknowledged: int
    drafts: int
    to_print: int
    persons: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be sent and to be reviewed: said on every page, so counted apart."""

    not_acknowledged: int
    review: int
    registry: int = 0
    """What waits for a decision of the registry: families, pairs, conflicts and corrections."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing that is worth doing now. `page` is where, `person` of whom."""

    code: str
    sentence: str
    page: str
    count: int
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class HomeState:
    """What home shows."""

    counts: Counts
    next_steps: tuple[NextStep, ...]


def waiting(session: Session) -> Waiting:
    """Count what waits, without what else home counts: that takes long in a large store."""
    with session.store.read() as reader:
        review = reader.count_queue("recorded")
        registry = _registry(reader) if session.kind == "registry" else 0
    return Waiting(_not_acknowledged(session), review, registry)


def _registry(reader: Reader) -> int:
    """How much waits for the registry's people."""
    conflicts, corrections = reader.counts().conflicts, len(noted(reader))
    return reader.count_queue("approved") + _pairs(reader) + conflicts + corrections


def _pairs(reader: Reader) -> int:
    """Pairs of persons who may be one, for a first look, a second or a third."""
    found = reader.count_match_cases()
    return sum(found.get(state, 0) for state in ("proposed", "second", "disputed"))


def _not_acknowledged(session: Session) -> int:
    send = send_state(session)
    return send.waiting + send.sent


def home(session: Session) -> HomeState:
    """Count and advise, by what the user's role may do."""
    with session.store.read() as reader:
        sizes = reader.counts()
        counts = _counts(session, reader, sizes.persons)
        approved = reader.count_queue("approved")
        conflicts = sizes.conflicts
        pairs = _pairs(reader)
        lacking = _lacking(session, reader)
    steps: list[NextStep] = []

    def advise(
        code: str,
        right: Right,
        count: int,
        sentence: str,
        page: str,
        person: PersonId | None = None,
    ) -> None:
        if count and may(session.user.role, right):
            steps.append(NextStep(code, sentence, page, count, person))

    if session.kind == "station":
        advise(
            "enrol",
            Right.ENROL,
            int(not session.office.enrolled),
            "Take the registry's grant, then work can begin.",
            "enrol",
        )
        for code, sentence, families in (
            ("children", CHILDREN, [one for one in lacking if one.children]),
            ("headless", HEADLESS, [one for one in lacking if one.headless]),
        ):
            if families:
                where = families[0].person
                advise(code, Right.RECORD, len(families), sentence, "household", where)
        advise(
            "returned",
            Right.INTAKE,
            counts.returned,
            "Mend registrations that came back.",
            "interview",
        )
        advise("drafts", Right.INTAKE, counts.drafts, "Finish families in progress.", "interview")
        advise(
            "review", Right.REVIEW, counts.waiting_review, "Review what officers took in.", "review"
        )
        advise("sync", Right.EXPORT, counts.not_acknowledged, "Sync with the registry.", "sync")
    else:
        advise("register", Right.REGISTER, approved, "Register what was approved.", "queues")
        advise(
            "duplicates", Right.REGISTER, pairs,
            "Look at persons who may be registered twice.", "queues",
        )  # fmt: skip
        advise("conflicts", Right.SETTLE, conflicts, "Settle what is said in two ways.", "queues")
    age = backup_age(session)
    due = session.office.enrolled and (age is None or age.days >= BACKUP_DAYS)
    advise("backup", Right.BACKUP, int(due), "Back up this workspace to a stick.", "settings")
    warning = storage.warning(storage.state(session.folder))
    if warning:
        steps.append(NextStep("disk", warning, "settings", 1))
    return HomeState(counts, tuple(steps))


def _lacking(session: Session, reader: Reader) -> list[LeftBehind]:
    """Families without a head or without an adult, for those who can do something about it."""
    if session.kind != "station" or not may(session.user.role, Right.RECORD):
        return []
    return left_behind.families(reader, session.clock.now().date())


def _counts(session: Session, reader: Reader, persons_here: int) -> Counts:
    now = session.clock.now()
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
    registrations, persons = reader.registered_since(midnight)
    return Counts(
        today_households=registrations,
        today_persons=persons,
        waiting_review=reader.count_queue("recorded"),
        returned=reader.count_queue("returned"),
        not_acknowledged=_not_acknowledged(session),
        drafts=sum(is_family(draft.id) for draft in reader.drafts()),
        to_print=reader.count_unprinted(),
        persons=persons_here,
    )
