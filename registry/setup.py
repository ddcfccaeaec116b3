"""Creating a registry: its keys, its first administrator, and the two keys that leave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.certificate import OfficeType, Role, SubjectKind, issue
from ledger.keys import SigningKey
from ledger.trust import TrustList
from registry.adjudication_cases import MARK
from registry.offline import write_keys
from sync.seal import new_identity, recipient_of
from values.identifiers import OfficeId, UserId, uuid7
from values.secret import Secret
from workspace import founding
from workspace.accounts import BACKDATE, CERTIFICATE_LIFE, check_name, check_passphrase
from workspace.errors import RefusedError
from workspace.office import Office, OfficeKeys, Operation
from workspace.trusting import TRUST_LIST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from ledger.certificate import Certificate
    from ledger.keys import PublicKey
    from workspace.environment import Environment

TRUST_LIFE = timedelta(days=366)
"""A trust key lives a year; its successor is certified by the root, brought back for that."""

DEFAULT_OPERATION = Operation(
    code="WST",
    name="Waystation operation",
    issuing_office="Provisional registration office",
)


@dataclass(frozen=True, slots=True)
class Created:
    """A new registry. `root` is the fingerprint that verifiers may pin."""

    registry: OfficeId
    root: str
    keys: tuple[Path, ...]
    notes: tuple[str, ...]


def create(
    folder: Path,
    *,
    admin: str,
    passphrase: Secret,
    keys_out: Path,
    env: Environment,
    database: str | None = None,
    photos: str | None = None,
    operation: Operation = DEFAULT_OPERATION,
    training: bool = False,
) -> Created:
    """Make a registry in an empty folder.

    The root certifies the trust key and the administrator, then its private half is written to
    `keys_out` and forgotten. Raises `RefusedError` when the folder is not empty, when `keys_out`
    lies inside it, or when it holds keys already, and the errors of `db` for a database that
    cannot be used; nothing is left then, neither keys nor folder.
    """
    admin = check_name(admin)
    check_passphrase(passphrase)
    if keys_out.resolve().is_relative_to(folder.resolve()):
        raise RefusedError(
            "keys_inside",
            "The offline keys must not lie inside the registry. Choose another folder, best on "
            "a stick that you take away.",
        )
    now = env.clock.now()
    registry = OfficeId(uuid7(now, env.entropy))
    user = UserId(uuid7(now, env.entropy))
    root, trust, own = (SigningKey.generate(env.entropy) for _ in range(3))
    recovery, vault = new_identity(), new_identity()
    office, trust_certificate = first_office(
        registry,
        user,
        admin=admin,
        root=root,
        trust=trust,
        own=own,
        recovery=recovery,
        vault=vault,
        operation=operation,
        training=training,
        env=env,
    )
    first_list = TrustList.issue(
        number=1,
        issued_at=now,
        root=root.public,
        certificate=trust_certificate,
        key=trust,
        keys=(),
        stations=(),
        status_lists=(),
        recipient=office.registry_recipient,
    )
    founding.check_empty(folder)
    if database is not None:
        from db.postgres import address  # it loads SQLAlchemy: only where a database is named

        address(database)
    if photos is not None:
        from db.objects import place  # the same

        if database is None:
            raise RefusedError(
                "photos_in_file",
                "A registry in an encrypted file keeps its photographs beside it. "
                "Leave the place away, or name a database.",
            )
        place(photos)
    # The keys first: a registry whose root was never written down could not be continued.
    keys = write_keys(keys_out, root=root, recovery=recovery, vault=vault, passphrase=passphrase)
    try:
        notes = founding.found(
            folder,
            office,
            user=user,
            login=admin,
            passphrase=passphrase,
            signing_key=own,
            vault_key=vault,
            settings={TRUST_LIST: first_list.data, MARK: b"0"},
            database=database,
            photos=photos,
            env=env,
        )
    except BaseException:
        # Keys of a registry that does not exist would only stand in the way of the next attempt.
        for path in keys:
            path.unlink()
        raise
    return Created(
        registry=registry, root=root.public.fingerprint, keys=tuple(keys), notes=tuple(notes)
    )


def first_office(
    registry: OfficeId,
    user: UserId,
    *,
    admin: str,
    root: SigningKey,
    trust: SigningKey,
    own: SigningKey,
    recovery: Secret,
    vault: Secret,
    operation: Operation,
    env: Environment,
    training: bool = False,
    before: Sequence[bytes] = (),
) -> tuple[Office, Certificate]:
    """A registry with its first administrator, both certified by the root, and the certificate
    under which it signs trust lists. `before` are certificates of the registry in whose place it
    is founded: those come first, the one in use last.
    """
    now = env.clock.now()
    trust_certificate = certify_trust(registry, trust.public, root=root, now=now)
    administrator = issue(
        subject_kind=SubjectKind.USER,
        subject_id=user,
        office=registry,
        office_type=OfficeType.REGISTRY,
        role=Role.ADMINISTRATOR,
        name=admin,
        public_key=own.public,
        not_before=now - BACKDATE,
        not_after=now + CERTIFICATE_LIFE,
        issuer=None,
        key=root,
    )
    identity = new_identity()
    office = Office(
        kind="registry",
        id=registry,
        name=operation.name,
        code="R",
        operation=operation,
        training=training,
        keys=OfficeKeys(
            signing=trust.secret(), document=None, identity=identity, status=Secret(env.entropy(32))
        ),
        root=root.public,
        certificates=(*before, trust_certificate.data, administrator.data),
        registry_id=registry,
        registry_recipient=recipient_of(identity),
        recovery_recipient=recipient_of(recovery),
        vault_recipient=recipient_of(vault),
    )
    return office, trust_certificate


def certify_trust(
    registry: OfficeId, key: PublicKey, *, root: SigningKey, now: datetime
) -> Certificate:
    """The certificate of the root under which a registry signs trust lists with this key."""
    return issue(
        subject_kind=SubjectKind.TRUST,
        subject_id=registry,
        office=registry,
        office_type=OfficeType.REGISTRY,
        public_key=key,
        not_before=now - BACKDATE,
        not_after=now + TRUST_LIFE,
        issuer=None,
        key=root,
    )
