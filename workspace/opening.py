"""Opening a workspace: slot, store, office, certificate, and the epoch it may write in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.slots import KeySlots
from db.store import Store
from forms.library import catalogue
from ledger import kinds
from ledger.certificate import Certificate, Role, SubjectKind
from ledger.entry import Subject
from values.identifiers import UserId
from values.numbers import ALPHABET, TAG_LENGTH
from workspace import storage
from workspace.act import EPOCH_TAG
from workspace.clocks import clock_doubt
from workspace.folder import SLOTS, card
from workspace.office import Office
from workspace.session import Session, User, conflict_sets, mark_name

if TYPE_CHECKING:
    from pathlib import Path

    from db.device import HighWater
    from db.slots import UserKeys
    from db.store import Reader
    from ledger.chain import Head
    from values.secret import Secret
    from workspace.environment import Environment

EPOCH = "epoch"


def open_workspace(
    folder: Path,
    user_name: str,
    passphrase: Secret,
    *,
    env: Environment,
    read_only: bool = False,
) -> Session:
    """Unlock with the user's passphrase and open the store.

    Raises `db.slots.WrongPassphraseError`, `db.errors.WorkspaceBusyError` when another program
    writes here, and `RefusedError` when the folder is no workspace.
    """
    card(folder)
    slots = KeySlots.load(folder / SLOTS, policy=env.policy, entropy=env.entropy)
    keys = slots.open(user_name, passphrase, env.device.device_secret(slots.workspace))
    row = next(user for user in slots.users() if user.name == user_name)
    return open_with_keys(
        folder,
        User(UserId(row.id), row.name, Role(row.role)),
        keys,
        env=env,
        read_only=read_only,
    )


def open_with_keys(
    folder: Path, user: User, keys: UserKeys, *, env: Environment, read_only: bool = False
) -> Session:
    """The rest of opening, once a slot has given the keys."""
    store = Store.open(folder, keys.data_key, read_only=read_only)
    try:
        with store.read() as reader:
            office = Office.load(reader)
            certificate = latest_certificate(reader, office, user.id)
            raw_epoch = reader.setting(EPOCH)
        forms = catalogue()
        session = Session(
            folder=folder,
            user=user,
            office=office,
            store=store,
            env=env,
            keys=keys,
            catalogue=forms,
            conflict_sets=conflict_sets(forms),
            epoch=raw_epoch or b"",
            certificate=certificate,
            read_only=read_only,
        )
        if not read_only and office.enrolled and certificate is not None:
            continue_or_begin_epoch(session)
        session.clock_in_doubt = clock_doubt(session) is not None
        warning = storage.warning(storage.state(folder))
        if warning:
            session.notes.append(warning)
    except BaseException:
        store.close()
        raise
    return session


def latest_certificate(reader: Reader, office: Office, user: UserId) -> Certificate | None:
    """The newest certificate that names this user, unless the newest word is a revocation."""
    found: Certificate | None = None
    for certificate in office.certificate_values():
        if certificate.subject_kind is SubjectKind.USER and certificate.subject_id == user:
            found = certificate
    for entry in reader.entries_of("user", user):
        body = entry.body or {}
        if entry.header.kind == kinds.CERTIFICATE_ISSUED:
            found = Certificate.from_bytes(body["certificate"])
        elif found is not None and found.hash == body.get("certificate"):
            found = None
    return found


def continue_or_begin_epoch(session: Session) -> None:
    """Go on in the store's epoch, or begin a new one when the store may have been copied.

    The mark beside the device's secret says how far this machine got in this folder. A store
    behind it was restored; a store without one was cloned or moved. Either could have written
    on elsewhere, and two different entries in one place of a chain would be a fork.
    """
    mark = session.env.device.high_water(mark_name(session.office.id, session.folder))
    with session.store.read() as reader:
        head = reader.head(session.office.id, session.epoch) if session.epoch else None
    if head is not None and mark is not None and _reaches(head, mark):
        return
    if not session.epoch:
        reason = "new"
    elif mark is None:
        reason = "moved"
    else:
        reason = "restored"
    begin_epoch(session, reason=reason, previous=head)
    if reason != "new":
        session.notes.append(
            "This workspace was restored, copied or moved, so it goes on under new numbers. "
            "Nothing is lost. If the old laptop is still in use, tell the registry."
        )


def _reaches(head: Head, mark: HighWater) -> bool:
    return head.epoch == mark.epoch and head.sequence >= mark.sequence


def begin_epoch(session: Session, *, reason: str, previous: Head | None) -> None:
    """Draw a new epoch and its three characters for numbers, and say so in the chain."""
    epoch = session.env.entropy(8)
    drawn = int.from_bytes(session.env.entropy(8), "big")
    tag = "".join(
        ALPHABET[drawn // len(ALPHABET) ** place % len(ALPHABET)] for place in range(TAG_LENGTH)
    )
    session.epoch = epoch
    with session.act() as act:
        act.unit.put_setting(EPOCH, epoch)
        act.unit.put_setting(EPOCH_TAG, tag.encode("ascii"))
        act.say(
            kinds.EPOCH_BEGUN,
            Subject("office", session.office.id),
            {
                "reason": reason,
                "tag": tag,
                "previous": [previous.epoch, previous.sequence, previous.hash]
                if previous
                else None,
            },
        )
