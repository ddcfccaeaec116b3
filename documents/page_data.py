"""What a page says, as plain values: the input of `documents.pages.render`.

Nothing here comes from a store and nothing is looked up later. Codes (sex, nationality,
relation) are turned into words of the page's language when the page is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from documents.templates.model import Template
from values.dates import PartialDate

MOST_DOCUMENTS = 5_000
"""In one PDF. Each photograph stays in memory until it is written: 5,000 of them are 300 MB."""


class DocumentType(StrEnum):
    """The two documents that every registration has, by the ids of their templates."""

    REGISTRATION = "registration"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues: the operation, the office and the authority it works for, all as free text.

    `legal_basis` is a sentence of the operation's profile, printed as it stands; there is no
    default, because it is a matter of the jurisdiction. `logo` is the authority's mark, a JPEG;
    `sentences` (key, language, text) and `texts` (English, language, text) are the operation's own
    words, see `documents.templates`.
    """

    operation: str
    office: str
    authority: str = ""
    legal_basis: str = ""
    contact: str = ""
    logo: bytes | None = field(default=None, repr=False)
    sentences: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person as the page shows her. Absent facts are empty and print as not recorded.

    `name_language` is ISO 639-3 and chooses the shaping of the name; `sex` is F, M, X or empty;
    `nationality` is ISO 3166-1 alpha-3, XXA for stateless, or empty. The place of birth and the
    parents are not in the code: the page says so where it prints them.
    """

    number: str
    name: str = field(default="", repr=False)
    name_latin: str = field(default="", repr=False)
    name_language: str = ""
    sex: str = ""
    birth: PartialDate | None = field(default=None, repr=False)
    nationality: str = ""
    birth_place: str = field(default="", repr=False)
    father_name: str = field(default="", repr=False)
    mother_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One row of a household attestation. `relation` is a code of the relation list."""

    identity: Identity
    relation: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an event's form, or the one who prints, said: `name` is the field's, `asked.x` for
    what was asked at printing. Label and value are words of the page's language, `..._beside` of
    the authority's, empty where they are the same."""

    name: str
    label: str
    value: str = field(repr=False)
    label_beside: str = ""
    value_beside: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with a part in an event. One who is not registered has a name and nothing else."""

    role: str
    label: str
    identity: Identity
    label_beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageData:
    """One document.

    `type` is the id of its template, `template` the one to draw it by (none: the one that ships
    with the program). `credential` is the text of its QR code, from `documents.credential.issue`;
    the page prints the same facts beside it. Empty, it makes a preview: no code, and a mark across
    the page. `subject` is the holder, of a household attestation the focal point. `members` are
    the rows of a household attestation, the focal point's among them. `parties` and `answers` are
    what an event tells. `language` is BCP 47, `beside` the authority's. `photo` is a stored JPEG.
    `paper` is one of the template's, empty for its usual one. `serial` is the number of
    pre-numbered paper, `copy` counts the prints of this document. `consents` are purposes and
    answers as recorded. `issued_by` is the officer's user name. `training` puts a watermark across
    the page and says the document is not valid.
    """

    type: str
    language: str
    number: str
    issued: date
    expires: date
    issuer: Issuer
    subject: Identity
    credential: str = field(repr=False)
    template: Template | None = None
    beside: str = "en"
    paper: str = ""
    photo: bytes | None = field(default=None, repr=False)
    members: tuple[MemberLine, ...] = ()
    parties: tuple[Party, ...] = ()
    answers: tuple[Answer, ...] = ()
    consents: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    household_number: str = ""
    household_size: int = 0
    permanent_number: str = ""
    replaces: str = ""
    serial: str = ""
    copy: int = 1
    issued_by: str = ""
    training: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a record: a heading, and lines of a label and what is recorded under it."""

    heading: str
    lines: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What an office holds about a person, for that person to read: no document, no code.

    Headings and labels come in the record's language. `made_by` is the user's name.
    """

    language: str
    number: str
    made: date
    made_by: str
    issuer: Issuer
    name: str = field(repr=False)
    sections: tuple[Section, ...]
    training: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Sheets to fill in by hand while there is no power, each with a number of its own to be typed
    in later."""

    language: str
    numbers: tuple[str, ...]
    issuer: Issuer
    beside: str = "en"
    template: Template | None = None
    training: bool = False
    paper: str = ""
    """One of the template's, or empty: its usual one."""
