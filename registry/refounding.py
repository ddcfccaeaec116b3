"""A registry founded in the place of one that is lost, from the two keys that lay in a safe.

Nothing of the lost one is needed but its offline keys and any trust list, which every station and
every verifier holds. The same root vouches for the new one, under the same identity, so stations
believe its notices and papers stay valid. What it knew comes back from those who still have it:
bundles on sticks open with the recovery key, stations send everything again once a notice tells
them that nothing is here, and old notices bring back what the lost registry had decided.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import admission
from ledger.certificate import Certificate
from ledger.errors import LedgerError
from ledger.keys import SigningKey
from ledger.trust import TrustList
from registry import notices, trust
from registry.offline import read_root
from registry.setup import DEFAULT_OPERATION, first_office
from sync.errors import BadOutcome
from sync.notice import Kind, open_notice, signers_under_root, verify
from sync.seal import new_identity
from values.identifiers import OfficeId, UserId, uuid7
from values.secret import Secret
from workspace import founding, key_files
from workspace.accounts import check_name, check_passphrase
from workspace.act import refold
from workspace.care import RECALLED
from workspace.errors import RefusedError
from workspace.office import Operation
from workspace.rights import Right, require
from workspace.trusting import TRUST_LIST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.entry import Entry, Subject
    from workspace.environment import Environment
    from workspace.session import Session

NO_VAULT = (
    "The recovery file holds no key to what is sealed for registrars: it is of a version before "
    "0.5.0. What stations sealed before cannot be read here; what they seal from now on can."
)


@dataclass(frozen=True, slots=True)
class Refounded:
    """A registry in the place of another: its root's fingerprint, the codes of the stations that
    have to come again, and sentences to tell whoever founded it."""

    registry: OfficeId
    root: str
    stations: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recalled:
    """What old notices brought back: decisions that were not here, and those that do not stand."""

    notices: int
    decisions: int
    left_out: int


def refound(
    folder: Path,
    *,
    admin: str,
    passphrase: Secret,
    root_key: bytes,
    recovery_key: bytes,
    keys_passphrase: Secret,
    trust_list: bytes,
    env: Environment,
    operation: Operation = DEFAULT_OPERATION,
    database: str | None = None,
    photos: str | None = None,
) -> Refounded:
    """Make the registry again in an empty folder. The two keys are read and not kept. Killed before
    its end it has made none.

    Raises `RefusedError` for keys or a list of another registry and for a folder that is not
    empty, `db.errors.RecoveryError` when the passphrase of the keys does not fit, and
    `ledger.errors.TrustError` for a list that is not good.
    """
    admin = check_name(admin)
    check_passphrase(passphrase)
    founding.check_empty(folder)
    root = read_root(root_key, keys_passphrase)
    recovery, *more = key_files.identities(recovery_key, keys_passphrase)
    base = TrustList.from_bytes(trust_list, root=root.public)
    registry = base.certificate.office
    now = env.clock.now()
    user = UserId(uuid7(now, env.entropy))
    key, own = SigningKey.generate(env.entropy), SigningKey.generate(env.entropy)
    vault = more[0] if more else new_identity()
    office, _ = first_office(
        registry,
        user,
        admin=admin,
        root=root,
        trust=key,
        own=own,
        recovery=recovery,
        vault=vault,
        operation=operation,
        env=env,
        before=(base.certificate.data,),
    )
    notes = founding.found(
        folder,
        office,
        user=user,
        login=admin,
        passphrase=passphrase,
        signing_key=own,
        vault_key=vault,
        settings={
            TRUST_LIST: base.data,
            trust.BASE: base.data,
            # Every station is to be told, whatever it had been told before.
            notices.REVISION: env.entropy(8),
        },
        database=database,
        photos=photos,
        env=env,
    )
    if not more:
        notes.append(NO_VAULT)
    codes = tuple(sorted(one.code for one in base.stations))
    return Refounded(registry, root.public.fingerprint, codes, tuple(notes))


def recall(session: Session, paths: Sequence[Path], identities: Sequence[Secret]) -> Recalled:
    """Take back, from old notices, what the registry had decided before it was lost: numbers that
    were given, registrations, revocations.

    `identities` open them: the recovery key. Each decision stands on its own signature and its
    author's certificate; one that is here already changes nothing. Raises `RefusedError` for what
    is no notice of this registry.
    """
    require(session, Right.TRUST)
    office = session.office
    assert office.root is not None  # noqa: S101 - a registry is founded with its root
    decisions: dict[bytes, Entry] = {}
    certificates: dict[bytes, Certificate] = {one.hash: one for one in office.certificate_values()}
    for path in paths:
        verified = verify(
            path,
            signers_under_root(office.root, certificates=office.certificates),
            expect=Kind.NOTICE,
        )
        if isinstance(verified, BadOutcome):
            raise RefusedError(str(verified.code), f"{path}: {verified.sentence}")
        opened = open_notice(verified, [*office.keys.identities, *identities])
        if isinstance(opened, BadOutcome):
            raise RefusedError(str(opened.code), f"{path}: {opened.sentence}")
        if opened.notice.registry != office.id:
            raise RefusedError("other_registry", f"{path}: That is a notice of another registry.")
        for raw in opened.notice.certificates:
            with suppress(LedgerError):
                certificate = Certificate.from_bytes(raw)
                certificates[certificate.hash] = certificate
        for entry in opened.notice.decisions:
            decisions[entry.hash] = entry
    return _take(session, len(paths), list(decisions.values()), certificates)


def _take(
    session: Session,
    notices: int,
    decisions: Sequence[Entry],
    certificates: dict[bytes, Certificate],
) -> Recalled:
    office, root = session.office, session.office.root
    assert root is not None  # noqa: S101 - a registry is founded with its root
    own = [one for one in decisions if one.header.office == office.id]
    own.sort(key=lambda one: (one.header.epoch, one.header.sequence))
    new = left = 0
    touched: set[Subject] = set()
    with session.store.write() as unit:
        for certificate in certificates.values():
            if certificate.office == office.id:
                unit.put_certificate(certificate)
        for entry in own:
            header = entry.header
            if header.epoch == session.epoch or unit.entry(entry.hash) is not None:
                continue
            taken = unit.at(office.id, header.epoch, header.sequence) is not None
            lookup = dict(certificates)
            if taken or admission.check_alone(entry, lookup, root) is not None:  # type: ignore[arg-type]  # hashes are bytes
                left += 1
                continue
            unit.append(entry)
            unit.put_setting(f"{RECALLED}{header.epoch.hex()}", b"1")
            touched.add(header.subject)
            new += 1
        refold(session, unit, touched)
    return Recalled(notices, new, left)
