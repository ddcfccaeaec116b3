"""`waystation registry ...` for administrators: stations and their people, revoked and replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.moments import moment
from cli.opening import (
    FILE,
    FOLDER,
    as_user,
    environment,
    folder,
    key_file,
    key_passphrase,
    opened,
    present_passphrase,
)
from cli.running import Answer, answering, counted
from values.clock import rfc3339

if TYPE_CHECKING:
    from registry.renewing import Renewed
    from registry.revoking import Gone
    from values.secret import Secret


def told_of(gone: Gone) -> list[str]:
    """What a revocation did, for people."""
    lines = [
        f"{gone.station}: {counted(gone.certificates, 'certificate')} revoked. What comes from it "
        "is put aside from now on, and kept.",
    ]
    if gone.aside:
        lines.append(f"Put aside now: {counted(gone.aside, 'entry')} that had come since.")
    if gone.left:
        lines.append(
            f"Left as they are, because others have built on them: {counted(gone.left, 'entry')}. "
            "Look at them one by one."
        )
    if gone.keys:
        lines.append(f"Document keys revoked: {', '.join(gone.keys)}. Export the trust list now.")
    return lines


def _answer(gone: Gone) -> Answer:
    return Answer(
        station=gone.station,
        certificates=gone.certificates,
        aside=gone.aside,
        left=gone.left,
        keys=list(gone.keys),
    ).say(*told_of(gone))


@click.command()
@folder
@as_user
@answering
def stations(folder: Path, user: str | None) -> Answer:
    """Every station: its last bundle, its certificate, and whether it was revoked or replaced."""
    from registry.queues import stations as rows

    with opened(folder, user, needs="registry", read_only=True) as session:
        found = rows(session)
    return Answer(
        stations=[
            {
                "code": one.code,
                "id": str(one.id),
                "name": one.name,
                "last_contact": rfc3339(one.last_contact) if one.last_contact else None,
                "entries": one.entries,
                "certificate_until": rfc3339(one.certificate_until),
                "revoked": rfc3339(one.revoked.at) if one.revoked else None,
                "since": rfc3339(one.revoked.since) if one.revoked else None,
                "reason": one.revoked.reason if one.revoked else "",
                "replaces": one.replaces,
                "due": one.due,
            }
            for one in found
        ]
    ).say(
        *(
            f"{one.code}  {one.name}  "
            + (f"last bundle {one.last_contact:%Y-%m-%d}" if one.last_contact else "no bundle yet")
            + f", {counted(one.entries, 'entry')}"
            + (f", replaces {one.replaces}" if one.replaces else "")
            + (f", revoked {one.revoked.at:%Y-%m-%d}" if one.revoked else "")
            + (", needs a notice: registry ask" if one.due else "")
            for one in found
        )
    )


@click.command()
@folder
@click.option("--station", required=True, metavar="CODE", help="The station's code, as A01.")
@click.option("--reason", required=True, help="Why; it stays in the registry's chain.")
@click.option("--since", metavar="TIME", help="From when on it is not believed. [now]")
@click.option("--lost", is_flag=True, help="Its document keys may be in other hands too.")
@as_user
@answering
def revoke(
    folder: Path, station: str, reason: str, since: str | None, lost: bool, user: str | None
) -> Answer:
    """Believe a station no longer. What comes from it is put aside, never thrown away."""
    from registry.revoking import revoke as gone

    with opened(folder, user, needs="registry") as session:
        done = gone(
            session,
            station=station,
            reason=reason,
            since=moment(since) if since else None,
            lost=lost,
        )
    return _answer(done)


@click.command()
@folder
@click.option("--station", required=True, metavar="CODE", help="The station's code, as A01.")
@as_user
@answering
def people(folder: Path, station: str, user: str | None) -> Answer:
    """Who was ever made a user at a station, as its chain says."""
    from registry.revoking import users

    with opened(folder, user, needs="registry", read_only=True) as session:
        found = users(session, station)
    return Answer(
        people=[
            {
                "id": str(one.id),
                "name": one.name,
                "role": one.role,
                "since": rfc3339(one.since),
                "revoked": one.revoked,
            }
            for one in found
        ]
    ).say(
        *(
            f"{one.name}  {one.role}  from {one.since:%Y-%m-%d}{'  revoked' if one.revoked else ''}"
            for one in found
        )
    )


@click.command("revoke-user")
@folder
@click.option("--station", required=True, metavar="CODE", help="The station's code, as A01.")
@click.option("--name", required=True, help="The user's name, as `registry people` tells it.")
@click.option("--reason", required=True, help="Why; it stays in the registry's chain.")
@click.option("--since", metavar="TIME", help="From when on they are not believed. [now]")
@as_user
@answering
def revoke_user(
    folder: Path, station: str, name: str, reason: str, since: str | None, user: str | None
) -> Answer:
    """Believe one user of a station no longer. What they signed before stays valid."""
    from registry.revoking import revoke_user as gone

    with opened(folder, user, needs="registry") as session:
        done = gone(
            session,
            station=station,
            name=name,
            reason=reason,
            since=moment(since) if since else None,
        )
    return _answer(done)


def _untold(done: Renewed) -> str:
    if not done.untold:
        return "Every station has been told."
    return (
        f"To be told with their next notice: {', '.join(done.untold)}. On the network that goes by "
        "itself; else bring a stick: registry ask."
    )


@click.command("renew-sealing")
@folder
@as_user
@answering
def renew_sealing(folder: Path, user: str | None) -> Answer:
    """Another key to seal bundles to. What was sealed to the former one still opens."""
    from registry.renewing import renew_sealing as renew

    with opened(folder, user, needs="registry") as session:
        done = renew(session)
    return Answer(key=done.key, untold=list(done.untold)).say(
        f"Bundles are sealed to {done.key}… from now on.", _untold(done)
    )


@click.command("renew-signing")
@folder
@click.option("--root-key", required=True, type=FILE, help="The file root-key.age, brought back.")
@as_user
@answering
def renew_signing(folder: Path, root_key: Path, user: str | None) -> Answer:
    """Another key for grants, notices and lists, certified by the root; once a year."""
    from registry.renewing import renew_signing as renew

    with opened(folder, user, needs="registry") as session:
        done = renew(
            session,
            root_key=key_file(root_key, "the file root-key.age"),
            passphrase=key_passphrase("Passphrase of the root key"),
        )
    assert done.until is not None  # noqa: S101 - a certificate has an end
    return Answer(key=done.key, until=rfc3339(done.until), untold=list(done.untold)).say(
        f"The key {done.key} signs until {done.until:%Y-%m-%d}. Take the root key away again.",
        "Export the trust list for verifiers now.",
    )


@click.command("renew-authority")
@folder
@click.option("--give-up-former", is_flag=True, help="Serve under the next one alone.")
@click.option("--anyway", is_flag=True, help="Though some stations have not been told.")
@as_user
@answering
def renew_authority(folder: Path, give_up_former: bool, anyway: bool, user: str | None) -> Answer:
    """The next authority of the service: made and told first, used when every station knows it."""
    from registry import renewing

    if anyway and not give_up_former:
        raise click.UsageError("--anyway belongs to --give-up-former.")
    with opened(folder, user, needs="registry") as session:
        if give_up_former:
            done = renewing.give_up_authority(session, anyway=anyway)
            told = f"The service stands under {done.key} alone. Start it again."
        else:
            done = renewing.renew_authority(session)
            told = (
                f"Stations are told of {done.key}. The service goes on under the former one until "
                "--give-up-former."
            )
    return Answer(authority=done.key, untold=list(done.untold)).say(told, _untold(done))


@click.command()
@folder
@click.option("--keep-days", type=click.IntRange(min=0), metavar="DAYS")
@click.option("--keep-all", is_flag=True, help="Stations keep everything.")
@as_user
@answering
def policy(folder: Path, keep_days: int | None, keep_all: bool, user: str | None) -> Answer:
    """For how long stations keep what the registry has acknowledged; without an option, tells."""
    from registry.renewing import keep_days as change

    if keep_all and keep_days is not None:
        raise click.UsageError("Give either --keep-days DAYS or --keep-all.")
    changes = keep_all or keep_days is not None
    with opened(folder, user, needs="registry", read_only=not changes) as session:
        told = []
        if changes:
            told = [_untold(change(session, keep_days))]
        days = session.office.operation.keep_days
    kept = "Stations keep everything." if days is None else f"Stations keep {days} days."
    return Answer(keep_days=days).say(kept, *told)


@click.command()
@folder
@click.option("--station", required=True, metavar="CODE", help="The station's code, as A01.")
@click.option("--out", required=True, type=FOLDER, metavar="PARENT")
@as_user
@answering
def ask(folder: Path, station: str, out: Path, user: str | None) -> Answer:
    """Write the notice that a station should have now. After a restore it asks for what is lost."""
    from registry.notices import ask as write

    with opened(folder, user, needs="registry") as session:
        path = write(session, station=station, parent=out)
    return Answer(notice=str(path)).say(f"Notice: {path}")


@click.command()
@folder
@click.option("--root-key", required=True, type=FILE, help="The file root-key.age.")
@click.option("--recovery-key", required=True, type=FILE, help="The file recovery-key.age.")
@click.option("--trust", required=True, type=FILE, help="Any trust list of the lost registry.")
@click.option("--admin", default="administrator", show_default=True, metavar="NAME")
@click.option("--database", metavar="URL", help="A PostgreSQL database instead of a file.")
@click.option("--photos", metavar="URL", help="A folder or object store for photos.")
@answering
def refound(
    folder: Path,
    root_key: Path,
    recovery_key: Path,
    trust: Path,
    admin: str,
    database: str | None,
    photos: str | None,
) -> Answer:
    """Found a lost registry again in DIR, without any backup, from its two offline keys."""
    from registry.refounding import refound as found

    keys = key_passphrase("Passphrase of the offline keys")
    made = found(
        folder,
        admin=admin,
        passphrase=present_passphrase(f"Passphrase for {admin}", confirm=True),
        root_key=key_file(root_key, "the file root-key.age"),
        recovery_key=key_file(recovery_key, "the file recovery-key.age"),
        keys_passphrase=keys,
        trust_list=key_file(trust, "a trust list"),
        env=environment(),
        database=database,
        photos=photos,
    )
    return Answer(
        registry=str(made.registry),
        administrator=admin,
        root=made.root,
        stations=list(made.stations),
        notes=list(made.notes),
    ).say(
        "The registry is founded again.",
        f"Root: {made.root}",
        f"Stations that have to come again: {', '.join(made.stations) or 'none'}.",
        "Each asks for a key (key request), is enrolled here, takes the grant (key take), and is "
        "brought a notice (registry ask): then it sends everything again.",
        "Whoever was revoked before has to be revoked again. Take both keys away again.",
        *made.notes,
    )


@click.command()
@folder
@click.argument("notice", nargs=-1, required=True, type=FOLDER)
@click.option("--recovery-key", required=True, type=FILE, help="The file recovery-key.age.")
@as_user
@answering
def recall(folder: Path, notice: tuple[Path, ...], recovery_key: Path, user: str | None) -> Answer:
    """Take back what a lost registry had decided, from its old notices on sticks."""
    from registry.refounding import recall as take

    with opened(folder, user, needs="registry") as session:
        done = take(session, notice, recovery_identities(recovery_key)[:1])
    return Answer(notices=done.notices, decisions=done.decisions, left_out=done.left_out).say(
        f"{counted(done.decisions, 'decision')} came back from {counted(done.notices, 'notice')}; "
        f"{done.left_out} were left out."
    )


def recovery_identities(path: Path) -> list[Secret]:
    """What a recovery key's file opens with."""
    from workspace.key_files import identities

    return identities(
        key_file(path, "the file recovery-key.age"),
        key_passphrase("Passphrase of the recovery key"),
    )


@click.command()
@folder
@click.option("--again", is_flag=True, help="Hand them to admission once more.")
@as_user
@answering
def aside(folder: Path, again: bool, user: str | None) -> Answer:
    """Bundles that the service could not import for a fault of its own, and kept."""
    from registry.service.requeue import bundles, requeue

    with opened(folder, user, needs="registry", read_only=True) as session:
        found = requeue(session) if again else bundles(session)
    lines = [f"{one.station}  {one.bundle}  {one.name}" for one in found]
    told = "They wait for admission again." if again and found else ""
    return Answer(
        bundles=[
            {"station": one.station, "bundle": one.bundle, "folder": str(one.path)} for one in found
        ],
        again=again,
    ).say(*(lines or ["Nothing was put aside."]), *([told] if told else []))


@click.command()
@folder
@click.option("--to", required=True, metavar="URL", help="file:///folder or s3://bucket/path.")
@as_user
@answering
def photos(folder: Path, to: str, user: str | None) -> Answer:
    """Move the photographs of a registry on PostgreSQL to another folder or object store."""
    from registry.places import move_photos

    with opened(folder, user, needs="registry") as session:
        count = move_photos(session, to)
    return Answer(photos=count).say(
        f"{counted(count, 'photo')} moved. What lies in the former place may be deleted there."
    )


COMMANDS = (
    stations,
    revoke,
    people,
    revoke_user,
    renew_sealing,
    renew_signing,
    renew_authority,
    policy,
    ask,
    refound,
    recall,
    aside,
    photos,
)
