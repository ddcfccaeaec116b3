"""Drawing on trial: which documents could not become a page, found out without issuing any."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from documents.credential import StatusReference
from documents.errors import DocumentError
from ledger.trust import list_uri
from station import making, pages
from station.deciding import Manner, decide
from workspace.papers import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.store import Reader
    from documents.pages import PageData
    from station.making import Target
    from workspace.session import Session

ANY_NUMBER = "WST-A01-K7Q-D00042-31"
"""As long as any number is."""


def unfit(
    session: Session, targets: Sequence[Target], *, language: str | None
) -> list[tuple[Target, str, DocumentError]]:
    """The targets of which no page can be made: each with the number of the person it is for, and
    the reason. Nothing is written."""
    from documents.pages import render

    found = []
    with session.store.read() as reader:
        for target in targets:
            try:
                render([_page(session, reader, target, language)], created=session.clock.now())
            except DocumentError as error:
                person, _ = pages.subject_of(reader, target.type, target.subject)
                found.append((target, person.number, error))
    return found


def _page(session: Session, reader: Reader, target: Target, language: str | None) -> PageData:
    """The page as it would be issued today, under a number that is nobody's."""
    made = decide(session, reader, target, Manner(language)).made
    today = day_of(session.clock.now())
    expires = today + timedelta(days=made.days)
    status = StatusReference(list_uri(session.office.id, session.epoch), 0)
    signed = making.sign(session, made, number=ANY_NUMBER, expires=expires, status=status)
    return making.page_of(
        session,
        reader,
        made,
        number=ANY_NUMBER,
        issued=today,
        expires=expires,
        qr_text=signed.text,
        replaces=ANY_NUMBER,
    )
