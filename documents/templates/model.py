"""A template as a value: the blocks of a document in their order, and what of it is signed."""

from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What a document tells of."""

    PERSON = "person"
    HOUSEHOLD = "household"
    EVENT = "event"
    RECORD = "record"
    BLANK = "blank"


class Kind(StrEnum):
    """The blocks there are."""

    HEAD = "head"
    HOLDER = "holder"
    """Portrait, names, and facts beside them."""
    FACTS = "facts"
    PEOPLE = "people"
    """Those who have a part in an event, each with the names as recorded."""
    MEMBERS = "members"
    ALSO = "also"
    """Facts that the code does not vouch for, under a line that says so."""
    TEXT = "text"
    """Sentences by their keys."""
    CONSENT = "consent"
    """What the holder agreed to, purpose by purpose."""
    SECTIONS = "sections"
    """All that is recorded, of a record."""
    ENTRIES = "entries"
    """Empty lines to write on, of a blank form."""
    SIGNATURES = "signatures"
    CODE = "code"
    """The code, the number beside it, how to check it and what the document is not."""
    MRZ = "mrz"
    STUB = "stub"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class Block:
    """One block. What applies depends on its kind.

    ``rows``: facts, row by row, by reference. ``parts``: shares of the width, by column.
    ``sentences``: keys of sentences. ``roles``: roles of an event's people. ``fields``, ``times``:
    what is to be filled in, and how often. ``portrait``: whether the photograph stands there.
    ``title``: an English source string.
    """

    kind: Kind
    rows: tuple[tuple[str, ...], ...] = ()
    parts: tuple[float, ...] = ()
    sentences: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    times: int = 1
    portrait: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked when the document is printed: ``text``, or a ``date``."""

    name: str
    label: str
    kind: str = "text"
    required: bool = True


@dataclass(frozen=True, slots=True)
class Template:
    """What a document says and how its blocks follow each other.

    ``forms``: the events it tells of. ``holder``: the roles of whom it is made for, the first who
    is registered. ``papers``: those it may be printed on, the usual one first. ``signed``: the
    answers that stand in the code, in its order; an event's other answers may only be printed
    under ``also``. ``days``: of validity (0: the operation's). ``photo_in_code`` gives way to
    names. ``issuer``: ICAO's code of the issuing state or organisation, for the zone of a card.
    ``hash``: SHA-256 of its file.
    """

    id: str
    version: str
    title: str
    about: About
    blocks: tuple[Block, ...]
    hash: bytes
    summary: str = ""
    forms: tuple[str, ...] = ()
    holder: tuple[str, ...] = ()
    papers: tuple[str, ...] = ("a4",)
    signed: tuple[str, ...] = ()
    asks: tuple[Asked, ...] = ()
    days: int = 0
    photo_in_code: bool = False
    issuer: str = ""

    @property
    def coded(self) -> bool:
        """Whether it carries a code: then it has a number, and its issue is an entry."""
        return self.block(Kind.CODE) is not None

    def block(self, kind: Kind) -> Block | None:
        """The first block of a kind."""
        return next((one for one in self.blocks if one.kind is kind), None)

    def roles(self) -> tuple[str, ...]:
        """The roles of all who are named on it, the holder's first."""
        named = [role for one in self.blocks for role in one.roles]
        return tuple(dict.fromkeys([*self.holder, *named]))

    def answers(self) -> tuple[str, ...]:
        """The answers of an event that it prints, by name, without people."""
        refs = [ref for one in self.blocks for row in one.rows for ref in row]
        named = [ref.removeprefix("event.") for ref in refs if ref.startswith("event.")]
        return tuple(dict.fromkeys(named))
