"""Keys of the registry itself, renewed: the one that bundles are sealed to, the one that signs, and
the authority of its service.

Nobody has to be reached at once. What was sealed to the former key still opens; what the former key
signed still counts, for the root vouches for both; and stations believe both authorities until the
former one is given up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ledger.keys import SigningKey
from registry import notices, trust
from registry.offline import read_root
from registry.setup import certify_trust
from registry.stations import stations
from sync.seal import new_identity, recipient_of
from values import cbor
from workspace import service
from workspace.errors import RefusedError
from workspace.rights import Right, require

if TYPE_CHECKING:
    from datetime import datetime

    from db.store import Reader, UnitOfWork
    from values.secret import Secret
    from workspace.office import Office
    from workspace.session import Session

AUTHORITY: Final = "service_authority"
NEXT_AUTHORITY: Final = "service_authority_next"
"""The authority that is told already and vouches for nothing yet, and the notices at that time."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """A key by the beginning of its name, until when it counts (None: as long as it is used), and
    the stations by code that have not been told yet."""

    key: str
    until: datetime | None
    untold: tuple[str, ...]


def renew_sealing(session: Session) -> Renewed:
    """Another key to seal bundles to. Stations learn it with their next notice; what they seal to
    the former one until then still opens."""
    require(session, Right.TRUST)
    office = session.office
    identity = new_identity()
    changed = office.with_(
        keys=replace(
            office.keys,
            identity=identity,
            previous=(*office.keys.previous, office.keys.identity),
        ),
        registry_recipient=recipient_of(identity),
    )
    return Renewed(changed.registry_recipient[:16], None, _keep(session, changed))


def renew_signing(session: Session, *, root_key: bytes, passphrase: Secret) -> Renewed:
    """Another key for grants, notices and trust lists, certified by the root, whose file is
    brought back for this. Stations and verifiers need nothing: they know the root.

    Raises `RefusedError` for another registry's root, `db.errors.RecoveryError` when the
    passphrase does not fit.
    """
    require(session, Right.TRUST)
    office = session.office
    root = read_root(root_key, passphrase)
    if root.public != office.root:
        raise RefusedError("other_root", "That is the root key of another registry.")
    key = SigningKey.generate(session.env.entropy)
    certificate = certify_trust(office.id, key.public, root=root, now=session.clock.now())
    changed = office.with_(
        keys=replace(office.keys, signing=key.secret()),
        # The former one stays: what it certified stands on it.
        certificates=(*office.certificates, certificate.data),
    )
    return Renewed(key.public.kid.hex(), certificate.not_after, _keep(session, changed))


def _keep(session: Session, changed: Office) -> tuple[str, ...]:
    """Store the office with the list that tells of it, in one commit."""
    before = session.office
    with session.store.write() as unit:
        changed.save(unit)
        session.office = changed
        try:
            trust.refresh(session, unit)
            notices.changed(unit, session)
        except BaseException:
            session.office = before
            raise
        return tuple(one.code for one in stations(unit) if one.revoked is None)


# -- the authority of the service -------------------------------------------------------------


def renew_authority(session: Session) -> Renewed:
    """Make the next authority and tell of it: from now on grants and notices name both.

    The service goes on under the former one until `give_up_authority`. Asked again, it is the same.
    """
    require(session, Right.TRUST)
    from registry.service.tls import Authority, new_authority  # the extra is not needed for it

    with session.store.write() as unit:
        there, raw = service.held(unit), unit.setting(AUTHORITY)
        if there is None or raw is None:
            raise RefusedError(
                "no_service",
                "This registry has no authority yet. It is made when it first serves with --name.",
            )
        former = Authority.from_bytes(raw)
        pending = unit.setting(NEXT_AUTHORITY)
        if pending is None:
            made = new_authority(now=session.clock.now())
            body = {
                "authority": made.to_bytes(),
                "notices": {str(one.id): unit.last_notice(one.id) for one in stations(unit)},
            }
            unit.put_setting(NEXT_AUTHORITY, cbor.encode(body))
        else:
            made = Authority.from_bytes(cbor.decode(pending)["authority"])
        both = former.certificate + made.certificate
        service.keep(unit, service.Service(there.url, both))
        notices.changed(unit, session)
        return Renewed(_name(made.certificate), None, _untold(unit))


def give_up_authority(session: Session, *, anyway: bool = False) -> Renewed:
    """Serve under the next authority alone, from the next start of the service on.

    Raises `RefusedError` while a station has had no notice since `renew_authority`, unless
    `anyway`: such a station is told by a stick, with `registry ask`.
    """
    require(session, Right.TRUST)
    from registry.service.tls import Authority

    with session.store.write() as unit:
        there, pending = service.held(unit), unit.setting(NEXT_AUTHORITY)
        if there is None or pending is None:
            raise RefusedError(
                "no_next_authority", "No next authority was made. Make one, and tell the stations."
            )
        untold = _untold(unit)
        if untold and not anyway:
            raise RefusedError(
                "untold",
                f"These stations have had no notice since: {', '.join(untold)}. Wait for them, or "
                "bring each a notice on a stick; with --anyway they are left behind until then.",
            )
        made = Authority.from_bytes(cbor.decode(pending)["authority"])
        unit.put_setting(AUTHORITY, made.to_bytes())
        unit.delete_setting(NEXT_AUTHORITY)
        service.keep(unit, service.Service(there.url, made.certificate))
        notices.changed(unit, session)
        return Renewed(_name(made.certificate), None, untold)


def told_authorities(reader: Reader, current: bytes) -> bytes:
    """What stations are told to believe: the authority in use, and the next when there is one."""
    from registry.service.tls import Authority

    pending = reader.setting(NEXT_AUTHORITY)
    if pending is None:
        return current
    return current + Authority.from_bytes(cbor.decode(pending)["authority"]).certificate


def _untold(unit: UnitOfWork) -> tuple[str, ...]:
    pending = unit.setting(NEXT_AUTHORITY)
    before = cbor.decode(pending)["notices"] if pending else {}
    return tuple(
        one.code
        for one in stations(unit)
        if one.revoked is None and unit.last_notice(one.id) <= before.get(str(one.id), 0)
    )


def _name(certificate: bytes) -> str:
    from hashlib import sha256

    return sha256(certificate).hexdigest()[:16]


def keep_days(session: Session, days: int | None) -> Renewed:
    """Change for how long stations keep what was acknowledged; None keeps everything."""
    require(session, Right.TRUST)
    if days is not None and days < 0:
        raise RefusedError("days", "Give a number of days, 0 or more.")
    office = session.office
    changed = office.with_(operation=replace(office.operation, keep_days=days))
    return Renewed("", None, _keep(session, changed))
