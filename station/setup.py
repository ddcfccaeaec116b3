"""Setting a station up: its request to the registry, and the grant that comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.slots import KeySlots
from ledger.enrolment import Grant, Request
from ledger.keys import SigningKey
from sync.seal import new_identity, recipient_of
from values.identifiers import OfficeId, UserId, uuid7
from values.secret import Secret
from workspace import founding, service, trusting
from workspace.accounts import check_name, check_passphrase
from workspace.clocks import note_time
from workspace.errors import RefusedError
from workspace.files import read_whole, write_whole
from workspace.folder import SLOTS, write_card
from workspace.office import Office, OfficeKeys, Operation
from workspace.opening import continue_or_begin_epoch, latest_certificate
from workspace.rights import Right, require

if TYPE_CHECKING:
    from pathlib import Path

    from workspace.environment import Environment
    from workspace.session import Session

REQUEST = "request"
NOTICE_NUMBER = "notice_number"


@dataclass(frozen=True, slots=True)
class Requested:
    """A station that waits for its grant. `words` are read to the registry by phone."""

    station: OfficeId
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolled station. `root` is the root's fingerprint, `words` those of the grant."""

    root: str
    words: tuple[str, ...]
    station_code: str


def request(
    folder: Path,
    *,
    name: str,
    admin: str,
    passphrase: Secret,
    out: Path,
    env: Environment,
    training: bool = False,
) -> Requested:
    """Make a station's store and keys in an empty folder, and write its request to `out`."""
    name, admin = check_name(name), check_name(admin)
    check_passphrase(passphrase)
    founding.check_empty(folder)
    now = env.clock.now()
    office_id = OfficeId(uuid7(now, env.entropy))
    user = UserId(uuid7(now, env.entropy))
    signing, document, own = (SigningKey.generate(env.entropy) for _ in range(3))
    identity = new_identity()
    asked = Request.create(
        office=office_id,
        name=name,
        station_key=signing,
        document_key=document,
        recipient=recipient_of(identity),
        administrator=user,
        login=admin,
        administrator_key=own,
        requested_at=now,
    )
    office = Office(
        kind="station",
        id=office_id,
        name=name,
        code="",
        operation=Operation(code="", name="", issuing_office=name),
        training=training,
        keys=OfficeKeys(
            signing=signing.secret(),
            document=document.secret(),
            identity=identity,
            status=Secret(env.entropy(32)),
        ),
    )
    # The request first: a station whose request cannot be written would be founded for nothing.
    # One that is kept with the station comes last: a folder that is founded has to be empty.
    beside = not out.resolve().is_relative_to(folder.resolve())
    if beside:
        write_whole(out, asked.data)
    try:
        founding.found(
            folder,
            office,
            user=user,
            login=admin,
            passphrase=passphrase,
            signing_key=own,
            vault_key=None,
            settings={REQUEST: asked.data},
            database=None,
            env=env,
        )
    except BaseException:
        if beside:
            out.unlink(missing_ok=True)
        raise
    if not beside:
        write_whole(out, asked.data)
    return Requested(station=office_id, words=asked.words())


def pending_request(session: Session) -> Request | None:
    """The request that still waits for its grant, to write it or read its words again."""
    with session.store.read() as reader:
        raw = reader.setting(REQUEST)
    return Request.from_bytes(raw) if raw else None


MAX_GRANT_FILE = 16 * 1024**2
"""A grant carries the trust list: a few hundred bytes for each station, and status lists."""


def read_grant(path: Path) -> Grant:
    """A grant from its file, verified; its words are to be compared before it is taken."""
    try:
        return Grant.from_bytes(read_whole(path, limit=MAX_GRANT_FILE))
    except OSError as error:
        raise RefusedError(
            "no_grant", "The grant cannot be read. Check the file and the stick it is on."
        ) from error


def enrol(session: Session, grant: Path) -> Enrolled:
    """Take the grant: from now on a root vouches for this station.

    Taking the same grant again changes nothing. Raises `RefusedError` when the station already
    stands under another grant, and `ledger.errors.EnrolmentError` when the file is not good.
    """
    require(session, Right.ENROL)
    given = read_grant(grant)
    asked = pending_request(session)
    if asked is None:
        raise RefusedError("no_request", "This workspace made no request, so no grant is for it.")
    given.check_answers(asked)
    office = session.office
    if office.enrolled and (office.root, office.code) != (given.root, given.code):
        raise RefusedError("enrolled", "This station is enrolled already, under another grant.")
    if not office.enrolled:
        _stand_under(session, given)
    # Said again even for a grant that was taken before: a kill may have come between.
    slots = KeySlots.load(session.folder / SLOTS, policy=session.env.policy)
    slots.set_recovery(
        [given.recovery_recipient], founding.recovery_keys(session.user.name, session.keys)
    )
    write_card(session.folder, founding.card_of(session.office))
    return Enrolled(given.root.fingerprint, given.words(), given.code)


def _stand_under(session: Session, given: Grant) -> None:
    settings = dict(given.operation.settings)
    session.office = session.office.with_(
        code=given.code,
        operation=Operation.from_body(
            {**settings, "code": given.operation.code, "name": given.operation.name}
        ),
        root=given.root,
        certificates=tuple(one.data for one in given.certificates.values()),
        registry_id=given.registry,
        registry_recipient=given.registry_recipient,
        recovery_recipient=given.recovery_recipient,
        vault_recipient=given.vault_recipient,
    )
    with session.store.write() as unit:
        session.office.save(unit)
        trusting.take(unit, given.root, given.trust_list.data)
        unit.put_setting(NOTICE_NUMBER, str(given.first_notice - 1).encode("ascii"))
        if given.service is not None:
            service.keep(unit, service.Service(given.service.url, given.service.authority))
        for certificate in given.certificates.values():
            unit.put_certificate(certificate)
        session.certificate = latest_certificate(unit, session.office, session.user.id)
    continue_or_begin_epoch(session)
    note_time(session, given.granted_at)
