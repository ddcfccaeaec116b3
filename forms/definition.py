"""A form as a value: what is asked, page by page, and what an answer then does.

Definitions are data, TOML files read strictly by :mod:`forms.loading`. ``docs/formats/forms.md``
is normative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from forms.codes import CodeList, code_list
from forms.conditions import Condition
from forms.migration import Migration

__all__ = [
    "DOCUMENT_LIMIT",
    "Amendment",
    "Correctable",
    "Effects",
    "Field",
    "Form",
    "Kind",
    "Page",
    "Rule",
    "Tier",
]


DOCUMENT_LIMIT = 50
"""Documents of one person: who brings more brings a bundle of copies."""


class Kind(StrEnum):
    """How a field is answered. ``docs/formats/forms.md`` gives the raw and the kept shape."""

    TEXT = "text"
    NAME = "name"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    CODE = "code"
    CODES = "codes"
    PHONE = "phone"
    DOCUMENTS = "documents"
    CONSENT = "consent"
    YES_NO = "yes_no"
    PHOTO = "photo"
    PLACE = "place"
    PERSON = "person"
    GROUP = "group"
    """Fields that are asked again for each of several: witnesses, names, marks on a paper."""
    SEALED = "sealed"
    """Never asked: holds what was sealed away from another field."""


class Correctable(StrEnum):
    """How an answer may be changed once the registration stands."""

    FREELY = "freely"
    APPROVED = "approved"
    """An officer proposes, a second person decides."""
    NEVER = "never"


class Tier(StrEnum):
    """How soon it is asked: what a mass arrival needs, and what can be completed later."""

    EMERGENCY = "emergency"
    BASIC = "basic"


@dataclass(frozen=True, slots=True)
class Field:
    """One question. Texts are English source strings (gettext msgids).

    ``unknown``, ``refused``, ``not_applicable``: which of the three may stand for an answer.
    ``repeat``: Ctrl+D takes the answer of the member before. ``why`` is the "why we ask" text.
    ``shown_when``: the condition under which it is asked; ``locked_when``: under which the default
    stands, whatever was answered. ``warn_if_empty``: an empty answer is a warning, not an error.
    ``asked``: false for what the program writes itself. ``sensitive``: sealed to the vault before
    it is signed. ``statistics``: may be counted. ``sees``: the roles that are shown it, empty for
    all. ``shared``: purposes of consent under which it may go further than the registry.
    ``at_least``, ``at_most``: bounds of a number, or of the times a group is answered (0: none).
    """

    name: str
    kind: Kind
    label: str
    help: str = ""
    why: str = ""
    missing: str = ""
    required: bool = False
    warn_if_empty: bool = False
    unknown: bool = False
    refused: bool = False
    not_applicable: bool = False
    repeat: bool = False
    asked: bool = True
    code_list: str = ""
    max_length: int = 0
    at_least: int = 0
    at_most: int = 0
    default: str = ""
    shown_when: Condition | None = None
    locked_when: Condition | None = None
    correctable: Correctable = Correctable.FREELY
    sensitive: bool = False
    statistics: bool = False
    sees: frozenset[str] = frozenset()
    shared: tuple[str, ...] = ()
    tier: Tier = Tier.BASIC
    fields: tuple[Field, ...] = ()

    @property
    def codes(self) -> CodeList | None:
        """The code list of its answers, if they are codes."""
        return code_list(self.code_list) if self.code_list else None

    def seen_by(self, role: str) -> bool:
        """Whether a user of this role is shown the answer."""
        return not self.sees or role in self.sees

    def allows(self, missing: str) -> bool:
        """Whether ``unknown``, ``refused`` or ``not_applicable`` may stand for an answer."""
        return {
            "unknown": self.unknown,
            "refused": self.refused,
            "not_applicable": self.not_applicable,
        }.get(missing, False)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: few enough fields to be seen without scrolling."""

    id: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What does not fit together in one form. ``when`` is the fault; ``say`` what to do.

    ``no_document``: while it holds, no document is printed about the event.
    """

    code: str
    field: str
    when: Condition
    say: str
    error: bool = False
    no_document: bool = False


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an event changes in the record of whoever stands in ``person``: the person's ``field``
    becomes ``value``, or what the event answered in ``answer``."""

    person: str
    field: str
    value: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """What recording an event does to persons and households, in the same act.

    ``creates``: the fields of a person who is registered with the event, and the event's answers
    they are taken from; an answer that names a person gives that person's name. The new person
    has the role ``created_as`` and joins the household of the first registered person among
    ``joins``, under the answer to ``relation``. ``leaves``: those whose stay in their household
    ends, with ``leave_reason``. ``moves``: those who go over to the household of ``moves_to``.
    """

    creates: Mapping[str, str] = field(default_factory=dict)
    created_as: str = ""
    joins: tuple[str, ...] = ()
    relation: str = ""
    leaves: tuple[str, ...] = ()
    leave_reason: str = ""
    moves: tuple[str, ...] = ()
    moves_to: str = ""
    amends: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form at one version. ``hash`` is what entries name, so that what was asked can be told
    from them years later.

    ``event`` is the family of an event's form, empty for others. ``document`` is the type of the
    document that tells of the event, ``late_after`` the days after which its registration is late
    (0: never). ``distinct`` are parts of an event that one person cannot have together.
    ``languages`` are those in which every text of it must be there.
    """

    id: str
    version: str
    title: str
    pages: tuple[Page, ...]
    sets: tuple[tuple[str, frozenset[str], bool], ...]
    hash: bytes
    event: str = ""
    summary: str = ""
    document: str = ""
    late_after: int = 0
    distinct: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    effects: Effects = Effects()
    migrations: tuple[Migration, ...] = ()
    languages: tuple[str, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False, compare=False)
    """Language to source string to translation, for texts that the catalogues do not have."""
    file: str = field(default="", compare=False)
    _by_name: Mapping[str, Field] = field(default_factory=dict, repr=False, compare=False)

    def fields(self) -> Iterator[Field]:
        """All fields in their order, those that are never asked included."""
        for page in self.pages:
            yield from page.fields

    def field(self, name: str) -> Field:
        """The field called ``name``. Raises :class:`KeyError`."""
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def page_of(self, name: str) -> Page:
        """The page on which the field stands. Raises :class:`KeyError`."""
        wanted = self.field(name)
        return next(page for page in self.pages if wanted in page.fields)

    def people(self) -> tuple[Field, ...]:
        """The fields that name a person: the roles of an event."""
        return tuple(one for one in self.fields() if one.kind is Kind.PERSON)

    def conflict_sets(self) -> Mapping[str, tuple[frozenset[str], bool]]:
        """Set name to (fields, whether it is an identity set). Every field is in exactly one: a
        field that no set names is a set of its own."""
        return {name: (fields, identity) for name, fields, identity in self.sets}

    @property
    def version_key(self) -> tuple[int, ...]:
        """For comparing versions."""
        return tuple(int(part) for part in self.version.split("."))

    @property
    def reference(self) -> tuple[str, str, bytes]:
        """What the header of an entry says: id, version, content hash."""
        return self.id, self.version, self.hash
