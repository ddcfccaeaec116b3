"""From which state of the registry a notice comes, compared with the one that this station knows.

A registry that was restored forgot what came after its backup, and writes other notices under the
numbers that it has forgotten too. Its epoch tells the two apart (ADR 0017).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sync.notice import Origin
from values import cbor

if TYPE_CHECKING:
    from db.store import Reader, UnitOfWork
    from sync.notice import Notice

SETTING: Final = "registry_epoch"


class Relation(StrEnum):
    """How the registry that wrote a notice stands to the one that was heard of last.

    `SAME`: it lost nothing since. `LATER`: it goes on from that one, and may have lost some.
    `OTHER`: both go on from an older one, and nobody can say which is in use. `EARLIER`: the notice
    comes late. `UNTOLD`: older programs wrote what came until now, and this too.
    """

    SAME = "same"
    LATER = "later"
    OTHER = "other"
    EARLIER = "earlier"
    UNTOLD = "untold"


def relation(reader: Reader, notice: Notice) -> Relation:
    """Where a notice comes from, seen from what was taken until now."""
    known, made = _known(reader), notice.origin
    if known is None:
        return Relation.UNTOLD if made is None else Relation.LATER
    if made is None or made.epoch in known.former:
        return Relation.EARLIER
    if made.epoch == known.epoch:
        return Relation.SAME
    return Relation.LATER if known.epoch in made.former else Relation.OTHER


def missing_before(reader: Reader, notice: Notice, *, last: int) -> bool:
    """Whether a notice that was not taken lies before this one; `last` is the number of the last.

    By the hash of the one before, since numbers repeat: by number only as long as no notice told
    where it comes from.
    """
    known, made = _known(reader), notice.origin
    if known is None:
        return notice.number > last + 1
    if made is None or made.previous is None:
        return False
    return reader.setting(taken_key(made.previous)) is None


def note(unit: UnitOfWork, notice: Notice) -> None:
    """Remember the registry that wrote this as the one that is in use."""
    made = notice.origin
    if made is not None:
        unit.put_setting(SETTING, cbor.encode([made.epoch, list(made.former)]))


def taken_key(sha256: bytes) -> str:
    """The setting that marks a notice as taken: by its contents."""
    return f"notice/{sha256.hex()}"


def _known(reader: Reader) -> Origin | None:
    raw = reader.setting(SETTING)
    if raw is None:
        return None
    epoch, former = cbor.decode(raw)
    return Origin(epoch, tuple(former))
