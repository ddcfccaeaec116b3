"""`waystation registry ...` for administrators: stations and their people, revoked and replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.moments import moment
from cli.opening import as_user, folder, opened
from cli.running import Answer, answering, counted
from values.clock import rfc3339

if TYPE_CHECKING:
    from registry.revoking import Gone


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


COMMANDS = (stations, revoke, people, revoke_user)
