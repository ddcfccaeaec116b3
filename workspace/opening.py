"""Opening a workspace: slot, store, office, certificate, and the epoch it may write in."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from db.errors import StoreError
from db.slots import KeySlots
from db.store import Store
from ledger import kinds
from ledger.certificate import Certificate, Role, SubjectKind
from ledger.entry import Subject
from ledger.keys import SigningKey
from values.identifiers import UserId
from values.numbers import epoch_tag
from workspace import own_forms, reserved, standing, storage
from workspace.act import EPOCH, EPOCH_TAG, Act
from workspace.clocks import clock_doubt
from workspace.folder import SLOTS, card
from workspace.office import Office
from workspace.rights import Right, may
from workspace.session import Session, User, conflict_sets, mark_name

if TYPE_CHECKING:
    from pathlib import Path

    from db.device import HighWater
    from db.slots import UserKeys
    from db.store import Reader, UnitOfWork
    from ledger.chain import Head
    from values.secret import Secret
    from workspace.environment import Environment

LEFT = "epoch_left"
NEW_EPOCH = (
    "This workspace was restored, copied or moved, so it goes on under new numbers. "
    "Nothing is lost. If the old laptop is still in use, tell the registry."
)
NEW_EPOCH_REGISTRY = (
    "This registry was restored, copied or moved, so it goes on under new numbers. What stations "
    "sent after the backup is not here: bring each of them a notice, and they send it again. See "
    "the list of stations."
)
NO_MARKS = (
    "This account's own folder, outside the workspace, cannot be written, so the workspace goes on "
    "under new numbers each time it is opened. Free some space there, or mend its rights."
)


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
    row = slots.user(user_name)
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
            certificate = signing_certificate(reader, office, user.id, keys)
            raw_epoch = reader.setting(EPOCH)
            forms, notes = own_forms.in_force(reader, office.operation.code)
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
            notes=list(notes),
        )
        # Before an epoch is begun: its first entry would vouch for the clock that is in doubt.
        session.clock_in_doubt = clock_doubt(session) is not None
        if not read_only and office.enrolled and certificate is not None:
            continue_or_begin_epoch(session)
            _renew_views(session)
            _settle_papers(session)
        if standing.revoked(session):
            session.notes.append(standing.REVOKED)
        session.keep_reserve()
        warning = storage.warning(storage.state(folder))
        if warning:
            session.notes.append(warning)
    except BaseException:
        store.close()
        raise
    return session


def join(folder: Path, user: User, keys: UserKeys, *, env: Environment) -> Session:
    """A session beside another program's own, which holds the workspace and keeps its mark.

    Only for a process that this program started, on a store that takes several writers. Its epoch
    is the one that is written in now.
    """
    store = Store.open(folder, keys.data_key, joined=True)
    try:
        with store.read() as reader:
            office = Office.load(reader)
            certificate = signing_certificate(reader, office, user.id, keys)
            epoch = reader.setting(EPOCH)
            forms, _ = own_forms.in_force(reader, office.operation.code)
    except BaseException:
        store.close()
        raise
    return Session(
        folder=folder,
        user=user,
        office=office,
        store=store,
        env=env,
        keys=keys,
        catalogue=forms,
        conflict_sets=conflict_sets(forms),
        epoch=epoch or b"",
        certificate=certificate,
        marks=False,
    )


def _renew_views(session: Session) -> None:
    """Fold the views anew when the program brought forms with other names or conflict sets."""
    from workspace import renewal  # folds everything, which hardly any opening does

    if renewal.due(session):
        renewal.renew(session)


def _settle_papers(session: Session) -> None:
    """Account for what a run that was killed left open; a full disk keeps nobody out."""
    if session.kind == "station" and may(session.user.role, Right.PRINT):
        with suppress(StoreError):
            reserved.settle(session, reserved.KILLED)


def latest_certificate(reader: Reader, office: Office, user: UserId) -> Certificate | None:
    """The newest certificate that names this user, unless the newest word is a revocation."""
    found: Certificate | None = None
    for certificate in office.certificate_values():
        if certificate.subject_kind is SubjectKind.USER and certificate.subject_id == user:
            found = certificate
    for entry in reader.entries_of("user", user):
        body = entry.body or {}
        if entry.header.kind == kinds.CERTIFICATE_ISSUED:
            # Another office's word makes nobody a user here, nor anything else than they are.
            if entry.header.office == office.id:
                found = Certificate.from_bytes(body["certificate"])
        elif found is not None and found.hash == body.get("certificate"):
            found = None
    return found


def signing_certificate(
    reader: Reader, office: Office, user: UserId, keys: UserKeys
) -> Certificate | None:
    """The certificate under which these keys sign here, if any.

    None also when the newest certificate is for another key than the slot's: the slot was left
    behind by a renewal that was cut off, or came back with an old file of slots.
    """
    found = latest_certificate(reader, office, user)
    public = SigningKey.from_bytes(keys.signing_key).public
    return found if found is not None and found.public_key == public else None


def continue_or_begin_epoch(session: Session) -> None:
    """Go on in the store's epoch, or begin a new one when the store may have been copied.

    The mark beside the device's secret says how far this machine got in this folder. A store
    behind it was restored; a store without one was cloned or moved. Either could have written
    on elsewhere, and two different entries in one place of a chain would be a fork. Where no mark
    can be kept, every opening begins an epoch: then nobody else writes in it, whatever is copied.
    """
    session.marks, session.mark_lost = session.env.device.keeps_marks(), False
    with session.store.read() as reader:
        session.epoch = reader.setting(EPOCH) or b""
    alone, mark = _standing(session)
    if alone:
        return
    if not session.epoch:
        reason = "new"
    elif mark is None or not session.marks:
        reason = "moved"
    else:
        reason = "restored"
    begin_epoch(session, reason=reason, marked=session.marks)
    if not session.marks:
        session.notes.append(NO_MARKS)
    elif reason != "new":
        session.notes.append(NEW_EPOCH if session.kind == "station" else NEW_EPOCH_REGISTRY)


def may_be_a_copy(session: Session) -> bool:
    """Whether opening this for writing would begin an epoch, because it was restored or moved."""
    return bool(session.epoch) and not _standing(session)[0]


def _standing(session: Session) -> tuple[bool, HighWater | None]:
    """Whether nobody else can have written in this epoch; how far it came by the mark."""
    mark = session.env.device.high_water(mark_name(session.office.id, session.folder))
    with session.store.read() as reader:
        head = reader.head(session.office.id, session.epoch) if session.epoch else None
        left = reader.setting(LEFT) == session.epoch
    kept = session.env.device.keeps_marks() and not left
    alone = kept and head is not None and mark is not None and _reaches(head, mark)
    return alone, mark


def leave_epoch(unit: UnitOfWork) -> None:
    """Note that a copy of this store writes in the store's epoch too, or may:
    `continue_or_begin_epoch` begins another, even when a kill comes in between."""
    unit.put_setting(LEFT, unit.setting(EPOCH) or b"")


def _reaches(head: Head, mark: HighWater) -> bool:
    return head.epoch == mark.epoch and head.sequence >= mark.sequence


def begin_epoch(session: Session, *, reason: str, marked: bool = True) -> None:
    """Draw a new epoch and its three characters for numbers, and say so in the chain. One that is
    not `marked` is left at the next opening."""
    epoch = session.env.entropy(8)
    with Act(session) as act:
        former = act.unit.setting(EPOCH)
        previous = act.unit.head(session.office.id, former) if former else None
        tag = _fresh_tag(session, act.unit)
        act.unit.put_setting(EPOCH, epoch)
        if not marked:
            leave_epoch(act.unit)
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


def _fresh_tag(session: Session, unit: UnitOfWork) -> str:
    """Three characters that no epoch known here has: they tell the numbers of two epochs apart."""
    used = {
        entry.body["tag"]
        for entry in unit.entries_of_kind(kinds.EPOCH_BEGUN, "office")
        if entry.body is not None and entry.header.office == session.office.id
    }
    while (tag := epoch_tag(session.env.entropy)) in used:
        pass
    return tag
