"""From the store's views to the plain values that a page is drawn from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from documents import credential
from documents.page_data import DocumentType, Identity, Issuer, MemberLine, PageData
from documents.templates.model import Kind
from forms.suspicion import is_seen
from station import reading
from station.event_pages import Told, consents_of
from values.identifiers import HouseholdId, PersonId
from workspace.errors import RefusedError
from workspace.search import birth_of, text

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from db.store import Reader
    from documents.templates.library import Library
    from documents.templates.model import Template
    from ledger.views import HouseholdView, PersonView
    from workspace.session import Session

NOTHING = Told()
"""Of a document that tells of nothing but its holder."""


def subject_of(
    reader: Reader, type_: str, identity: UUID
) -> tuple[PersonView, HouseholdView | None]:
    """The holder of a document, and the household: of an attestation, the focal point.

    Raises `RefusedError` for a person or household that is not here or was voided.
    """
    if type_ == DocumentType.HOUSEHOLD:
        household = reader.household(HouseholdId(identity))
        person = reading.head_of(reader, household)
    else:
        person = reader.person(PersonId(identity))
        household = reader.household_of(PersonId(identity))
    if person is None or person.voided:
        raise RefusedError(
            "nobody", "There is nobody to issue this document for. Look the person up again."
        )
    return person, household


def issuer_of(session: Session, library: Library | None = None) -> Issuer:
    """Who issues, as the head of a page says it, with the operation's own mark and sentences."""
    operation = session.office.operation
    return Issuer(
        operation=operation.name,
        office=f"{session.office.name} ({session.office.code})",
        authority=operation.issuing_office,
        logo=library.logo if library else None,
        sentences=library.sentences if library else {},
        texts=library.texts if library else {},
    )


def claims_of(
    session: Session,
    person: PersonView,
    *,
    type_: str,
    members: int,
    number: str,
    issued_at: datetime,
    expires: date,
    status: credential.StatusReference,
    facts: tuple[tuple[str, str], ...] = (),
    serial: str = "",
) -> credential.Claims:
    """What the QR code says: the same facts that the page prints, and no more."""
    return credential.Claims(
        issuer=session.office.operation.issuing_office,
        issued_at=issued_at,
        expires_at=credential.end_of_day(expires),
        document_number=number,
        person_number=person.number,
        name=_seen(person, "name"),
        name_latin=_seen(person, "name_latin"),
        name_language=text(person, "language"),
        birth=birth_of(person),
        sex=reading.sex_of(person),
        nationality=text(person, "nationality"),
        members=members if type_ == DocumentType.HOUSEHOLD else None,
        status=status,
        document=type_,
        facts=facts,
        serial=serial,
    )


def page_data(
    session: Session,
    reader: Reader,
    person: PersonView,
    household: HouseholdView | None,
    *,
    template: Template,
    library: Library,
    language: str,
    number: str,
    issued: date,
    expires: date,
    qr_text: str,
    told: Told = NOTHING,
    replaces: str = "",
    paper: str = "",
    serial: str = "",
    copy: int = 1,
) -> PageData:
    """The page of one document."""
    type_ = template.id
    lines: tuple[MemberLine, ...] = ()
    if type_ == DocumentType.HOUSEHOLD and household is not None:
        lines = tuple(_lines(reader, household))
    return PageData(
        type=type_,
        template=template,
        language=language,
        beside=session.office.operation.language,
        paper=paper,
        number=number,
        issued=issued,
        expires=expires,
        issuer=issuer_of(session, library),
        subject=identity_of(person),
        credential=qr_text,
        photo=session.photo(person.values.get("photo")),
        members=lines,
        answers=told.answers,
        parties=told.parties,
        consents=consents_of(person) if template.block(Kind.CONSENT) else (),
        household_size=len(named_members(reader, household)) if household else 0,
        serial=serial,
        copy=copy,
        household_number=household.number if household else "",
        permanent_number=person.permanent or "",
        replaces=replaces,
        issued_by=session.user.name,
        training=session.office.training,
    )


def _seen(person: PersonView, field: str) -> str:
    """A name, unless nothing of it could be seen on paper: then the other one stands alone."""
    name = text(person, field)
    return name if is_seen(name) else ""


def identity_of(person: PersonView) -> Identity:
    """A person's facts for the page; what is unknown stays empty."""
    return Identity(
        number=person.number,
        name=_seen(person, "name"),
        name_latin=_seen(person, "name_latin"),
        name_language=text(person, "language"),
        sex=reading.sex_of(person),
        birth=birth_of(person),
        birth_place=text(person, "birth_place"),
        nationality=text(person, "nationality"),
        father_name=text(person, "father_name"),
        mother_name=text(person, "mother_name"),
    )


def present_members(household: HouseholdView) -> list[PersonId]:
    """Those who belong to the household now, in its order."""
    return [member.person for member in household.members if member.left_at is None]


def named_members(reader: Reader, household: HouseholdView) -> list[tuple[PersonView, str]]:
    """Those whom an attestation names and counts, each with the relation to the head: who belongs
    to the household now, lives, and does not refuse a document."""
    from station.withheld import dead, refused  # which reads pages

    return [
        (person, member.relation)
        for member in household.present()
        if (person := reader.person(member.person)) is not None
        and not (person.voided or dead(person) or refused(person))
    ]


def _lines(reader: Reader, household: HouseholdView) -> list[MemberLine]:
    return [
        MemberLine(identity=identity_of(person), relation=relation)
        for person, relation in named_members(reader, household)
    ]
