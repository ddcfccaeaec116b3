"""Whose record it is: which office may say what about a record that another one made.

People move, so any station may amend a record it meets.  But a record is made once, and
only its own office, or the registry, undoes it: reviews a registration, withdraws a
document, declares a person void.  Pure: used when a bundle is admitted and by ``check``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ledger import kinds
from ledger.ancestry import Ancestry
from ledger.certificate import OfficeType, Role
from ledger.entry import Entry, Header
from values.identifiers import EntryHash, OfficeId

FOUNDING: Mapping[str, str] = {
    kinds.PERSON: kinds.PERSON_REGISTERED,
    kinds.HOUSEHOLD: kinds.HOUSEHOLD_REGISTERED,
    kinds.EVENT: kinds.EVENT_RECORDED,
    kinds.REGISTRATION: kinds.REGISTRATION_SUBMITTED,
    kinds.DOCUMENT: kinds.DOCUMENT_ISSUED,
}
"""By type of subject, the kind of entry that makes a record of it."""

_STATION_ONLY = frozenset({kinds.REGISTRATION_APPROVED})
"""What the office of the record alone may say; the registry's review is to register."""
_OWN = _STATION_ONLY | {
    kinds.REGISTRATION_RETURNED,
    kinds.PERSON_VOIDED,
    kinds.EVENT_VOIDED,
    kinds.EVENT_AMENDED,
    kinds.DOCUMENT_REPRINTED,
    kinds.DOCUMENT_REVOKED,
}
"""What is said by the office of the record, and most of it by the registry too."""
_REVIEWED = frozenset({kinds.EVENT_VOIDED, kinds.EVENT_AMENDED})
"""What an officer does not say alone of an event that was recorded."""

TAKEN, NOT_ITS_OFFICE, OWNER_UNKNOWN = "subject_taken", "not_its_office", "owner_unknown"
NOT_ALONE = "not_alone"

SENTENCES: Mapping[str, str] = {
    TAKEN: "This record was made already, and a record is made once. Ask the station whether its "
    "program was changed; what it knows of the record comes as an amendment.",
    NOT_ITS_OFFICE: "Only the office that made this record, or the registry, may say this about "
    "it. Ask the station why it did.",
    OWNER_UNKNOWN: "This is said about a record that is not here, so nobody can tell whose it is. "
    "Import the bundle that has the record, then this one again.",
    NOT_ALONE: "An officer withdraws nothing alone but what the same officer proposed. Ask a "
    "supervisor of the station to look at the event.",
}
"""Every code of :func:`fault` with the sentence for people."""


def concerns(header: Header) -> bool:
    """Whether it depends on earlier entries about the subject that this one may stand."""
    return header.kind in _OWN or header.kind == FOUNDING.get(header.subject.type)


def undoes(header: Header) -> bool:
    """Whether this says what the office of the record alone, or the registry, says about it."""
    return header.kind in _OWN


def fault(header: Header, before: Sequence[Entry], role: Role | None = None) -> str | None:
    """What is wrong with who says this, as a quarantine code; None when nothing is.

    ``before`` are the entries about the same subject that stand already, ``role`` is the author's.
    """
    if not concerns(header):
        return None
    made = [entry for entry in before if is_founding(entry.header)]
    if header.kind not in _OWN:
        if not made:
            # Handed in again before it was handed in: the first time is on its way.
            return OWNER_UNKNOWN if is_again(header) else None
        return _again(header, made, before)
    if not made:
        return OWNER_UNKNOWN
    if header.office_type is OfficeType.REGISTRY and header.kind not in _STATION_ONLY:
        return None
    if not any(_same_office(header, entry.header) for entry in made):
        return NOT_ITS_OFFICE
    alone = header.kind in _REVIEWED and role is Role.OFFICER
    return NOT_ALONE if alone and not _own_proposal(header, made) else None


def faults(
    entries: Sequence[Entry], role_of: Callable[[Entry], Role | None] = lambda entry: None
) -> Iterator[tuple[Entry, str]]:
    """Those of one subject's standing entries that should not stand, each with its code.

    ``entries`` come in the order in which they arrived; of two that make one record the first
    stands, unless the other one was its ground. That a record is known later than what is said
    about it is no fault here.
    """
    order = Ancestry(entries)
    place_of = {entry.hash: place for place, entry in enumerate(order.entries)}
    for arrived, entry in enumerate(entries):
        header = entry.header
        before: Sequence[Entry] = entries
        if is_founding(header):
            # What it was built on came before it, and what was built on it did not, whatever
            # arrived first.
            own, known = 1 << place_of[entry.hash], order.before[place_of[entry.hash]]
            before = [
                one
                for place, one in enumerate(entries)
                if known & 1 << place_of[one.hash]
                or (place < arrived and not order.before[place_of[one.hash]] & own)
            ]
        code = fault(header, before, role_of(entry))
        if code is not None and code != OWNER_UNKNOWN:
            yield entry, code


def is_again(header: Header) -> bool:
    """Whether a registration is handed in anew: it names what its author saw of it."""
    return header.kind == kinds.REGISTRATION_SUBMITTED and bool(header.base)


def is_founding(header: Header) -> bool:
    """Whether the entry makes the record that it is about."""
    return FOUNDING.get(header.subject.type) == header.kind


_PAPERS = (kinds.DOCUMENT_ISSUED, kinds.DOCUMENT_REPRINTED)


def outliving(entry: Entry) -> dict[str, Any] | None:
    """What has to be known of a paper when the body of its entry is erased, for the entry that
    says so: the number and the place in the status list, the hash of what was signed, the serial
    of the sheet. Nothing of whom it was made for. None when there is nothing of that."""
    body = entry.body
    if entry.header.kind not in _PAPERS or body is None:
        return None
    if kinds.bad_field(entry.header.kind, body) is not None:
        return None
    kept = {name: body.get(name) for name in ("number", "status_index", "credential", "serial")}
    told = {
        name: value
        for name, value in kept.items()
        if value is not None and (name != "serial" or (isinstance(value, str) and value.strip()))
    }
    return {"entry": entry.hash, **told} if told else None


class Erased:
    """What erasures kept of papers. An erasure counts that the paper's own office or the registry
    said."""

    def __init__(self, erasures: Iterable[Entry] = ()) -> None:
        self._kept: dict[EntryHash, list[tuple[Header, Mapping[str, Any]]]] = {}
        for erasure in erasures:
            body = erasure.body
            if body is None or kinds.bad_field(erasure.header.kind, body) is not None:
                continue
            for one in body.get("kept") or ():
                said = self._kept.setdefault(EntryHash(one["entry"]), [])
                said.append((erasure.header, one))

    def __iter__(self) -> Iterator[EntryHash]:
        return iter(self._kept)

    def said(self, entry: Entry) -> Mapping[str, Any] | None:
        """What is known of a paper by one of its entries: its body, or what was kept of it. None
        when neither is there or sound."""
        body = entry.body
        if body is not None:
            return body if kinds.bad_field(entry.header.kind, body) is None else None
        for by, kept in self._kept.get(entry.hash, ()):
            if by.office_type is OfficeType.REGISTRY or _same_office(by, entry.header):
                return kept
        return None


def revokes(revocation: Entry, issued: Entry) -> bool:
    """Whether a revocation is one of this document, by its own office or the registry."""
    said, made = revocation.header, issued.header
    return made.kind == kinds.DOCUMENT_ISSUED and (
        said.office_type is OfficeType.REGISTRY or _same_office(said, made)
    )


def revoked_index(revocation: Entry, issued: Entry, erased: Erased | None = None) -> int | None:
    """The place in the status list that a revocation marks; None when it marks none there.

    None when ``issued`` issues nothing, holds an index that no list has or lacks its body and
    ``erased`` does not know it, and when the revocation is of another station than the document.
    """
    if not revokes(revocation, issued):
        return None
    body = (erased or Erased()).said(issued)
    return None if body is None else body.get("status_index")


def spoiled_indices(entry: Entry) -> Iterator[tuple[str, tuple[OfficeId, bytes], int]]:
    """What an entry says was reserved and never issued: number, office and epoch, and the place in
    the status list. Nothing when it lacks its body or is not sound."""
    body = entry.body
    if body is None or kinds.bad_field(entry.header.kind, body) is not None:
        return
    for paper in body["papers"]:
        if paper.get("status_index") is not None:
            place = (entry.header.office, body["epoch"])
            yield paper["number"], place, paper["status_index"]


def _same_office(one: Header, other: Header) -> bool:
    return (one.office_type, one.office) == (other.office_type, other.office)


def _own_proposal(header: Header, made: Sequence[Entry]) -> bool:
    """Whoever proposed a correction may withdraw it while it waits."""
    return header.kind == kinds.EVENT_VOIDED and all(
        entry.header.author == header.author
        and (entry.body is None or entry.body.get("type") == kinds.CORRECTION)
        for entry in made
    )


def _again(header: Header, made: Sequence[Entry], before: Sequence[Entry]) -> str | None:
    """A registration that came back is submitted again, by its own office, which knows of it.

    What it names may not be here: a registry that was restored lost the word that sent it back.
    """
    ours = all(_same_office(header, entry.header) for entry in made)
    if not (ours and is_again(header)):
        return TAKEN
    known = {entry.hash for entry in before}
    return None if any(one in known for one in header.base) else OWNER_UNKNOWN
