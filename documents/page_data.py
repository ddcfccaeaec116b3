"""What a page says, as plain values: the input of `documents.pages.render`.

Nothing here comes from a store and nothing is looked up later. Codes (sex, nationality,
relation) are turned into words of the page's language when the page is drawn.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from values.dates import PartialDate

MOST_DOCUMENTS = 5_000
"""In one PDF. Each photograph stays in memory until it is written: 5,000 of them are 300 MB."""


class DocumentType(StrEnum):
    """The kinds of page, by the names the command uses."""

    REGISTRATION = "registration"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues: the operation, the office and the authority it works for, all as free text.

    `legal_basis` is a sentence of the operation's profile, printed as it stands; there is no
    default, because it is a matter of the jurisdiction.
    """

    operation: str
    office: str
    authority: str = ""
    legal_basis: str = ""
    contact: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PageData:
    """One document.

    `credential` is the text of its QR code, from `documents.credential.issue`; the page prints
    the same facts beside it. Empty, it makes a preview: no code, and a mark across the page.
    `subject` is the holder, of a household attestation the focal point. `members` are the rows
    of a household attestation, the focal point's among them. `language` is BCP 47. `photo` is a
    stored JPEG. `issued_by` is the officer's user name. `training` puts a watermark across the
    page and says the document is not valid.
    """

    type: DocumentType
    language: str
    number: str
    issued: date
    expires: date
    issuer: Issuer
    subject: Identity
    credential: str = field(repr=False)
    photo: bytes | None = field(default=None, repr=False)
    members: tuple[MemberLine, ...] = ()
    household_number: str = ""
    permanent_number: str = ""
    replaces: str = ""
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
