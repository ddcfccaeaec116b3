"""Taking care of a workspace: checking it, rebuilding its views, backing up, getting back in."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from db.codec import encode
from db.errors import RecoveryError
from db.sheet import new_code
from db.slots import UserKeys
from db.store import Store
from ledger import authority, chain, fold, kinds
from ledger.certificate import Certificate, SubjectKind, verify_chain
from ledger.entry import Subject, verify
from ledger.errors import LedgerError
from values.clock import parse_rfc3339, rfc3339
from values.secret import Secret
from workspace import founding, key_files, stubs
from workspace.accounts import check_passphrase, load_slots
from workspace.act import VIEWED, refold
from workspace.errors import RefusedError
from workspace.files import read_object, write_whole
from workspace.folder import CARD, SLOTS, card, write_card
from workspace.office import Office
from workspace.opening import signing_certificate
from workspace.rights import Right, require
from workspace.session import mark_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from db.store import Reader
    from ledger.certificate import CertificateHash, Role
    from ledger.entry import Entry
    from workspace.environment import Environment
    from workspace.session import Session

RECALLED = "recalled/"
"""Settings that name epochs of which only some entries came back, with notices."""
BACKUP_NOTE = "backup.json"
"""Beside the store, so that a backup can be made while another program writes it."""
MAX_NOTE = 4096
"""Bytes of that note: it has one line."""
MOST_PROBLEMS = 200
"""A damaged store may have as many problems as entries; the first ones tell enough."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found. `problems` is empty when the workspace is sound; `notes` are facts
    that are lawful but worth knowing: entries pruned or erased, held, quarantined."""

    entries: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CareResult:
    """How many entries a backup, restored or recovered workspace holds."""

    entries: int
    administrator: str = ""


def check(
    session: Session, *, progress: Callable[[int, int], None] = lambda done, total: None
) -> CheckResult:
    """All that can be known here: cipher, chains, signatures, views, photos."""
    require(session, Right.CHECK)
    problems: list[str] = [*session.store.integrity(), *_check_card(session)]
    notes: list[str] = []
    entries = 0
    with session.store.read() as reader:
        total = reader.count_entries()
        certificates = known_certificates(session, reader)
        released = _released(reader)
        lost: dict[str, int] = {}
        recalled = {name.removeprefix(RECALLED) for name in reader.settings(RECALLED)}
        for head in reader.chains():
            problems += _check_chain(
                session,
                reader,
                head,
                certificates,
                released,
                whole=head.epoch.hex() not in recalled,
            )
        for _, entry, standing in reader.arrivals():
            entries += 1
            if entry.hash in released and standing.state == "admitted":
                flaw = _signature_flaw(session, entry, certificates)
                problems += [f"{_place(entry)} {flaw}"] if flaw else []
            if standing.lost:
                lost[standing.lost] = lost.get(standing.lost, 0) + 1
            elif standing.state != "admitted":
                lost[standing.state] = lost.get(standing.state, 0) + 1
            if standing.state == "admitted":
                for blob in entry.header.blobs:
                    if not standing.lost and not session.store.photos.sound(blob):
                        problems.append(f"photo {blob.hex()[:16]} is missing or damaged")
            progress(entries, total)
        notes += [f"{count} entries are {what}" for what, count in sorted(lost.items())]
        problems += _check_views(session, reader, released, certificates)
    return CheckResult(entries, tuple(problems[:MOST_PROBLEMS]), tuple(notes))


def _check_card(session: Session) -> Iterator[str]:
    """What the card tells before anyone has unlocked, against what the store knows."""
    told, known = card(session.folder), founding.card_of(session.office)
    for name in known.__dataclass_fields__:
        if getattr(told, name) != getattr(known, name):
            yield f"{CARD} tells another {name} than the store holds; run rebuild"
    if load_slots(session.folder, session.env).workspace != session.office.id:
        yield f"{SLOTS} belongs to another workspace; restore it from a backup"


def known_certificates(session: Session, reader: Reader) -> Mapping[CertificateHash, Certificate]:
    """Every certificate this office can check a signature with."""
    found = [*session.office.certificate_values(), *reader.certificates()]
    return {one.hash: one for one in found}


def _check_chain(
    session: Session,
    reader: Reader,
    head: chain.Head,
    certificates: Mapping[CertificateHash, Certificate],
    released: set[bytes],
    *,
    whole: bool,
) -> Iterator[str]:
    own = whole and (head.office == session.office.id or session.kind == "registry")
    reached: chain.Head | None = None
    for entry in reader.chain(head.office, head.epoch):
        place = _place(entry)
        if own and entry.header.sequence <= head.sequence:
            link = chain.continue_chain(reached, entry)
            if not isinstance(link, chain.Next):
                yield f"{place} does not follow the one before it"
            reached = chain.Head.of(entry)
        standing = reader.standing(entry.hash)
        if standing is None or standing.state == "quarantined":
            continue
        flaw = _signature_flaw(session, entry, certificates)
        if flaw is None and standing.state == "admitted" and entry.hash not in released:
            flaw = _role_flaw(entry, certificates[entry.header.certificate]) or _body_flaw(entry)
        if flaw:
            yield f"{place} {flaw}"


def _released(reader: Reader) -> set[bytes]:
    """What a registrar let stand although it was put aside at first."""
    return {
        hash_
        for subject in ("bundle", "office")
        for entry in reader.entries_of_kind(kinds.QUARANTINE_RELEASED, subject)
        if entry.body is not None
        for hash_ in entry.body["entries"]
    }


def _role_flaw(entry: Entry, certificate: Certificate) -> str | None:
    header = entry.header
    if header.kind not in kinds.RULES or certificate.role is None:
        return None
    if kinds.may_write(header.kind, certificate.role, header.office_type):
        return None
    return "was written in a role that may not say this"


def _body_flaw(entry: Entry) -> str | None:
    body = entry.body
    if body is None or kinds.bad_field(entry.header.kind, body) is None:
        return None
    return "lacks something in its contents, so it has no effect"


def _record_flaws(
    entries: list[Entry],
    released: set[bytes],
    certificates: Mapping[CertificateHash, Certificate],
) -> Iterator[str]:
    """What was said about one record by an office that may not, and who noticed nothing."""

    def role_of(entry: Entry) -> Role | None:
        certificate = certificates.get(entry.header.certificate)
        return None if certificate is None else certificate.role

    for entry, code in authority.faults(entries, role_of):
        if entry.hash not in released:
            yield f"{_place(entry)}: {authority.SENTENCES[code]}"
    issued = [entry for entry in entries if authority.is_founding(entry.header)]
    for entry in entries:
        if entry.header.kind != kinds.DOCUMENT_REVOKED or not issued:
            continue
        if any(one.body_bytes is None and authority.revokes(entry, one) for one in issued):
            continue  # erased: its place was kept, or is found among those that were reserved
        if all(authority.revoked_index(entry, one) is None for one in issued):
            yield f"{_place(entry)} is a revocation that the trust list cannot count"


def _place(entry: Entry) -> str:
    header = entry.header
    return f"entry {header.sequence} of {header.office} ({entry.hash.hex()[:16]})"


def _signature_flaw(
    session: Session, entry: Entry, certificates: Mapping[CertificateHash, Certificate]
) -> str | None:
    certificate = certificates.get(entry.header.certificate)
    if certificate is None:
        return "names a certificate that is not here"
    if certificate.subject_kind is not SubjectKind.USER or (
        certificate.subject_id != entry.header.author
    ):
        return "was signed under another user's certificate"
    if not verify(entry, certificate.public_key):
        return "has a false signature"
    assert session.office.root is not None  # noqa: S101 - entries need an enrolled office
    try:
        verify_chain(certificate, certificates, session.office.root)
    except LedgerError as error:
        return f"stands on a certificate that does not hold ({error.code})"
    return None


def _check_views(
    session: Session,
    reader: Reader,
    released: set[bytes],
    certificates: Mapping[CertificateHash, Certificate],
) -> Iterator[str]:
    """Every stored view against a fresh fold, no view without entries, and whose records they
    are."""
    seen: dict[str, int] = {}
    left = 0
    for kind, identity in reader.subjects():
        if kind not in VIEWED:
            continue
        entries = reader.entries_of(kind, identity)
        yield from _record_flaws(entries, released, certificates)
        fresh = fold.fold_subject(kind, entries, session.conflict_sets)
        stored = reader.view(kind, identity)
        if fresh is None and stubs.is_stub(stored):
            left += 1  # kept beside the ledger: there is nothing that it could be folded from
            continue
        if fresh is not None:
            seen[kind] = seen.get(kind, 0) + 1
        # As they are stored: a number that is none, which a body may hold, never equals itself.
        if fresh != stored and not (fresh and stored and encode(fresh) == encode(stored)):
            yield f"the view of {kind} {identity} differs from its entries; run rebuild"
    for kind in sorted(VIEWED):
        held = sum(1 for _ in reader.views(kind)) - (left if kind == kinds.PERSON else 0)
        if held != seen.get(kind, 0):
            yield f"there are {held} views of {kind} for {seen.get(kind, 0)} subjects; run rebuild"


def rebuild(session: Session) -> tuple[int, int]:
    """Make every view anew from the entries, and the card; returns entries, and views that
    changed."""
    require(session, Right.CHECK)
    write_card(session.folder, founding.card_of(session.office))
    changed = 0
    with session.store.write() as unit:
        subjects = {Subject(kind, identity) for kind, identity in unit.subjects() if kind in VIEWED}
        before = {(kind, view.id): view for kind in sorted(VIEWED) for view in unit.views(kind)}
        for kind, identity in before:
            if Subject(kind, identity) not in subjects:
                unit.delete_view(kind, identity)
                changed += 1
        fresh = refold(session, unit, subjects)
        for subject, view in fresh.items():
            changed += before.get((subject.type, subject.id)) != view
        entries = unit.count_entries()
    return entries, changed


def backup(session: Session, out: Path) -> CareResult:
    """An encrypted copy of the workspace in one file; readable by the same users alone."""
    require(session, Right.BACKUP)
    made = session.store.backup(out, at=session.clock.now())
    note = json.dumps({"at": rfc3339(session.clock.now())})
    # A folder that cannot be written has been backed up all the same.
    with suppress(OSError):
        write_whole(session.folder / BACKUP_NOTE, note.encode("ascii"))
    return CareResult(made.entries)


def backup_age(session: Session) -> timedelta | None:
    """How long ago the last backup was made, or None when there was none."""
    try:
        note = read_object(session.folder / BACKUP_NOTE, limit=MAX_NOTE)
        return session.clock.now() - parse_rfc3339(note["at"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def restore(file: Path, folder: Path, *, env: Environment) -> CareResult:
    """Unpack a backup into an empty folder. Opening it begins a new epoch by itself.

    Nothing is decrypted here, so no passphrase is asked; whoever could open the original can
    open the copy on the same machine, and elsewhere with the recovery key or sheet.
    """
    from db.backup import restore as unpack

    founding.check_empty(folder)
    made = unpack(file, folder)
    # A mark left by an earlier workspace in this folder must not make the copy look current.
    env.device.forget_high_water(mark_name(card(folder).id, folder))
    return CareResult(made.entries)


def recovery_sheet(session: Session) -> str:
    """A fresh code for the sealed envelope; the sheet printed before it stops working.

    Shown once, then kept by nobody. It opens the store, not anybody's signing key.
    """
    require(session, Right.USERS)
    code = new_code(session.env.entropy)
    slots = load_slots(session.folder, session.env)
    slots.set_sheet(code, founding.recovery_keys(session.user.name, session.keys))
    return code.reveal().decode("ascii")


def recover(
    folder: Path,
    *,
    key: bytes | None,
    secret: Secret,
    new: Secret,
    env: Environment,
) -> CareResult:
    """Give an administrator a new passphrase, with the recovery key's file or the sheet's code.

    `key` is the file's bytes and `secret` its passphrase; without a file, `secret` is the code.
    Raises `db.errors.RecoveryError` when neither fits, `SlowOpeningError` when this computer could
    not tell, `RefusedError` when the administrator
    whose keys it holds was renewed or disabled since.
    """
    check_passphrase(new)
    slots = load_slots(folder, env)
    keys = (
        slots.open_with_recovery(key_files.identities(key, secret)[0])
        if key
        else slots.open_with_sheet(secret)
    )
    if keys.signing_key is None:
        raise RecoveryError
    who = keys.named[founding.RECOVERED_USER].reveal().decode("utf-8")
    own = UserKeys(keys.data_key, keys.signing_key, keys.vault_key)
    with Store.open(folder, keys.data_key, read_only=True) as store, store.read() as reader:
        office = Office.load(reader)
        user = slots.user(who)
        if office.enrolled and signing_certificate(reader, office, user.id, own) is None:
            raise RefusedError(
                "recovery_outdated",
                "The administrator for whom this was made has other keys now. Use the recovery "
                "key, or let another administrator print a new sheet.",
            )
        entries = reader.count_entries()
    slots.replace_user(
        who,
        passphrase=new,
        keys=own,
        device_secret=env.device.device_secret(slots.workspace),
    )
    return CareResult(entries, who)
