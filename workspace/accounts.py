"""Users: a key slot and a signing key each, certified by the office's administrator.

The certificate is an entry of the chain, so every office can check who was who. A slot wraps the
store's key with the user's passphrase; nobody can unwrap another user's signing key, so renewing
a forgotten passphrase means a new key and a new certificate, and the old one is revoked.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from db.errors import UnknownUserError
from db.slots import KeySlots, SlotUser, UserKeys
from ledger import kinds
from ledger.certificate import ROLES_OF_OFFICE, Role, SubjectKind, issue
from ledger.entry import Subject
from ledger.keys import SigningKey
from ledger.words import word
from values.identifiers import UserId, uuid7
from workspace import founding
from workspace.errors import RefusedError
from workspace.folder import SLOTS, UserRow, users
from workspace.opening import latest_certificate
from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from db.store import Reader
    from ledger.certificate import Certificate
    from values.clock import Entropy
    from values.secret import Secret
    from workspace.environment import Environment
    from workspace.session import Session

CERTIFICATE_LIFE = timedelta(days=400)
"""A year and a month: longer than any deployment goes without meeting its registry."""
BACKDATE = timedelta(days=1)
"""Certificates count from a day before, so that a clock a little behind still works."""
NAME_LENGTH = 60
JOINERS = "\u200c\u200d"
"""Zero-width non-joiner and joiner: Persian and Indic names are misspelt without them."""
PASSPHRASE_LENGTH = 8
"""Short of this, a stolen disk is a matter of hours even at Argon2id's price."""


def suggest_passphrase(entropy: Entropy) -> str:
    """Six easy words, 66 bits by chance: what to write on the first page of a diary."""
    return " ".join(word(int.from_bytes(entropy(2), "big") & 0x7FF) for _ in range(6))


def list_users(session: Session) -> list[UserRow]:
    """Everyone with a slot, for the administrator."""
    require(session, Right.USERS)
    return users(session.folder)


def roles(session: Session) -> list[str]:
    """The roles that the administrator of this office may give, those of daily work first."""
    require(session, Right.USERS)
    allowed = ROLES_OF_OFFICE[session.office.type]
    return [one.value for one in Role if one in allowed]


def check_name(name: str) -> str:
    """A login name as it will be kept. Raises `RefusedError`."""
    clean = unicodedata.normalize("NFC", name.strip())
    if (
        not clean
        or len(clean) > NAME_LENGTH
        or any(unicodedata.category(c)[0] == "C" and c not in JOINERS for c in clean)
    ):
        raise RefusedError(
            "user_name", f"Give the user a name of 1 to {NAME_LENGTH} printable characters."
        )
    return clean


def check_passphrase(passphrase: Secret) -> None:
    """Refuse a passphrase that protects nothing."""
    if len(passphrase.reveal().decode("utf-8", "replace")) < PASSPHRASE_LENGTH:
        raise RefusedError(
            "weak_passphrase",
            f"Choose a passphrase of at least {PASSPHRASE_LENGTH} characters; six words are good.",
        )


def add_user(session: Session, *, name: str, role: str, passphrase: Secret) -> UserRow:
    """A new user of this office. Raises `RefusedError` for a taken name or a foreign role."""
    require(session, Right.USERS)
    name = check_name(name)
    check_passphrase(passphrase)
    _check_role(session, role)
    with suppress(UnknownUserError):
        load_slots(session.folder, session.env).user(name)
        raise RefusedError("user_exists", "There is a user of that name. Choose another name.")
    identity = UserId(uuid7(session.clock.now(), session.env.entropy))
    _grant(session, SlotUser(identity, name, role), passphrase, old=None)
    return UserRow(identity, name, role, disabled=False)


def _check_role(session: Session, role: str) -> None:
    allowed = ROLES_OF_OFFICE[session.office.type]
    if role not in {one.value for one in allowed}:
        raise RefusedError(
            "role",
            f"A {session.kind} has no role {role!r}. "
            f"Choose one of: {', '.join(sorted(one.value for one in allowed))}.",
        )


def change_role(session: Session, *, name: str, role: str, passphrase: Secret) -> UserRow:
    """Give a user another role, with a fresh key and a new passphrase; the old certificate ends
    here, and what was signed under it stays valid.

    Raises `RefusedError` for a role of another kind of office, one's own account, the
    administrator of a station, whom the registry certified, and somebody who is disabled.
    """
    require(session, Right.USERS)
    check_passphrase(passphrase)
    _check_role(session, role)
    row = load_slots(session.folder, session.env).user(name)
    if row.id == session.user.id:
        raise RefusedError("own_account", "Another administrator has to change your own role.")
    if row.disabled:
        raise RefusedError("disabled", "That user is disabled. Give them a new passphrase first.")
    if session.kind == "station" and row.role == Role.ADMINISTRATOR.value:
        raise RefusedError(
            "station_administrator", "The registry made this administrator, and you cannot."
        )
    if row.role == role:
        raise RefusedError("same_role", f"That user is {role} already.")
    with session.store.read() as reader:
        certificate = latest_certificate(reader, session.office, row.id)
    changed = SlotUser(row.id, row.name, role)
    _grant(
        session,
        changed,
        passphrase,
        old=certificate.hash if certificate else None,
        known=True,
        why=f"is {role} now",
    )
    _keep_recovery(session, row)
    return UserRow(row.id, row.name, role, disabled=False)


def change_passphrase(session: Session, *, name: str, old: Secret | None, new: Secret) -> None:
    """One's own passphrase, proved by the old one; or, by the administrator, a forgotten one."""
    check_passphrase(new)
    slots = load_slots(session.folder, session.env)
    if is_own(session, name):
        if old is None:
            raise RefusedError("old_passphrase", "Enter your present passphrase as well.")
        slots.change_passphrase(
            name,
            old=old,
            new=new,
            device_secret=session.env.device.device_secret(slots.workspace),
        )
        return
    require(session, Right.USERS)
    row = slots.user(name)
    with session.store.read() as reader:
        certificate = latest_certificate(reader, session.office, row.id)
    _grant(session, row, new, old=certificate.hash if certificate else None, known=True)
    _keep_recovery(session, row)


def disable_user(
    session: Session, *, name: str, reason: str = "disabled", since: datetime | None = None
) -> None:
    """Take the slot and the certificate away. What the user signed before stays good.

    `since`: somebody else may have worked under that name from then on, by this computer's clock.
    The registry puts aside what it has not had yet of what was signed after. Raises `RefusedError`
    for a time to come, and for one's own account.
    """
    require(session, Right.USERS)
    if since is not None and since > session.clock.now():
        raise RefusedError("since", "That time is still to come. Give a time that has passed.")
    row = load_slots(session.folder, session.env).user(name)
    if row.id == session.user.id:
        raise RefusedError("own_account", "Another administrator has to disable your own account.")
    with session.store.read() as reader:
        certificate = latest_certificate(reader, session.office, row.id)
    if certificate is not None:
        with session.act() as act:
            act.say(
                kinds.CERTIFICATE_REVOKED,
                Subject("user", row.id),
                {
                    "certificate": certificate.hash,
                    "reason": reason.strip() or "disabled",
                    **(_since(session, act.unit, certificate, since) if since else {}),
                },
            )
    slots = load_slots(session.folder, session.env)
    slots.disable(name, data_key=session.keys.data_key)
    _keep_recovery(session, row)


def _since(
    session: Session, reader: Reader, certificate: Certificate, since: datetime
) -> dict[str, Any]:
    """A time of this office's clock as places of its chain: those before the first entry that the
    user signed after it."""
    covered = []
    for epoch, head in reader.epochs(session.office.id):
        last = [epoch, head.sequence, head.hash]
        before = None
        for entry in reader.chain(session.office.id, epoch):
            late = entry.header.device_time >= since
            if entry.header.certificate == certificate.hash and late:
                last = [epoch, before.header.sequence, before.hash] if before is not None else []
                break
            before = entry
        if last:
            covered.append(last)
    return {"since": int(since.timestamp()), "covered": covered}


def own_row(session: Session) -> UserRow:
    """The user at the keyboard, as in the list of users."""
    user = session.user
    return UserRow(user.id, user.name, user.role.value, disabled=False)


def is_own(session: Session, name: str) -> bool:
    """Whether a login name, in whatever case, is that of the user at the keyboard."""
    try:
        return load_slots(session.folder, session.env).user(name).id == session.user.id
    except UnknownUserError:
        return False


def _keep_recovery(session: Session, changed: SlotUser) -> None:
    """Let the recovery key open the way to an administrator whose keys still count.

    It was sealed with the keys of one administrator. When those were renewed or taken away, it
    is sealed anew with the keys of the one who did it.
    """
    if changed.role != Role.ADMINISTRATOR.value or not session.office.recovery_recipient:
        return
    load_slots(session.folder, session.env).set_recovery(
        [session.office.recovery_recipient],
        founding.recovery_keys(session.user.name, session.keys),
    )


def load_slots(folder: Path, env: Environment) -> KeySlots:
    """The key slots of a workspace, ready to be changed."""
    return KeySlots.load(folder / SLOTS, policy=env.slot_policy(), entropy=env.entropy)


def _grant(
    session: Session,
    user: SlotUser,
    passphrase: Secret,
    *,
    old: bytes | None,
    known: bool = False,
    why: str = "renewed",
) -> None:
    """Certify a fresh key first, then give the slot: a slot never waits for its certificate."""
    key = SigningKey.generate(session.env.entropy)
    now = session.clock.now()
    role = Role(user.role)
    certificate = issue(
        subject_kind=SubjectKind.USER,
        subject_id=user.id,
        office=session.office.id,
        office_type=session.office.type,
        role=role,
        name=user.name,
        public_key=key.public,
        not_before=now - BACKDATE,
        not_after=now + CERTIFICATE_LIFE,
        issuer=session.own_certificate,
        key=session.signing_key,
    )
    with session.act() as act:
        if old is not None:
            act.say(
                kinds.CERTIFICATE_REVOKED,
                Subject("user", user.id),
                {"certificate": old, "reason": why},
            )
        act.say(
            kinds.CERTIFICATE_ISSUED, Subject("user", user.id), {"certificate": certificate.data}
        )
    reads_vault = session.kind == "registry" and role in {Role.REGISTRAR, Role.ADMINISTRATOR}
    keys = UserKeys(
        session.keys.data_key, key.secret(), session.keys.vault_key if reads_vault else None
    )
    slots = load_slots(session.folder, session.env)
    secret = session.env.device.device_secret(slots.workspace)
    if known:
        slots.replace_user(
            user.name, passphrase=passphrase, keys=keys, device_secret=secret, role=user.role
        )
    else:
        slots.add_user(user, passphrase=passphrase, keys=keys, device_secret=secret)
