"""`waystation key ...`: the keys that sign documents, and their replacement by two files."""

from __future__ import annotations

from pathlib import Path

import click

from cli.opening import FILE, as_user, folder, opened
from cli.running import Answer, answering
from values.clock import rfc3339


@click.group()
def key() -> None:
    """The keys that sign documents."""


@key.command()
@folder
@click.option("--out", required=True, type=FILE, help="Write the request to this file.")
@as_user
@answering
def request(folder: Path, out: Path, user: str | None) -> Answer:
    """At the station: make the next key, and ask the registry to certify it."""
    from station.rotation import request as ask

    with opened(folder, user, needs="station") as session:
        asked = ask(session, out)
    return Answer(
        request=str(out), words=list(asked.words), present_until=rfc3339(asked.until)
    ).say(
        f"The present key may sign until {asked.until:%Y-%m-%d}. Take {out} to the registry.",
        f"Words to compare by phone: {' '.join(asked.words)}",
    )


@key.command()
@folder
@click.option("--request", "request_", required=True, type=FILE, help="The station's request.")
@click.option("--out", required=True, type=FILE, help="Write the grant to this file.")
@as_user
@answering
def grant(folder: Path, request_: Path, out: Path, user: str | None) -> Answer:
    """At the registry: certify a station's next key. The one before goes on in its window."""
    from registry.keys import grant as certify

    with opened(folder, user, needs="registry") as session:
        made = certify(session, request_, out)
    return Answer(
        station=made.code,
        grant=str(out),
        words=list(made.words),
        request_words=list(made.request_words),
    ).say(
        f"Words of the request (the station reads the same): {' '.join(made.request_words)}",
        f"Words of the grant, to compare by phone:           {' '.join(made.words)}",
        f"Send {out} back to {made.code}, and export the trust list.",
    )


@key.command()
@folder
@click.option("--grant", "grant_", required=True, type=FILE, help="The registry's answer.")
@as_user
@answering
def take(folder: Path, grant_: Path, user: str | None) -> Answer:
    """At the station: take the grant. Documents are signed with the new key from now on."""
    from station.rotation import take as receive

    with opened(folder, user, needs="station") as session:
        taken = receive(session, grant_)
    return Answer(key=taken.kid, until=rfc3339(taken.until), words=list(taken.words)).say(
        f"The key {taken.kid} signs documents until {taken.until:%Y-%m-%d}.",
        f"Words to compare by phone: {' '.join(taken.words)}",
    )


@key.command("list")
@folder
@as_user
@answering
def list_(folder: Path, user: str | None) -> Answer:
    """At the registry: every station's keys, with their windows."""
    from registry.keys import rows

    with opened(folder, user, needs="registry") as session:
        found = rows(session)
    return Answer(
        keys=[
            {
                "station": one.station,
                "key": one.kid,
                "issue_from": rfc3339(one.issue_from),
                "issue_until": rfc3339(one.issue_until),
                "last_expiry": rfc3339(one.last_expiry),
                "status": one.status.value,
                "since": rfc3339(one.since) if one.since else None,
                "genuine": one.genuine,
            }
            for one in found
        ]
    ).say(
        *(
            f"{one.station} {one.kid} {one.status.value}, issues {one.issue_from:%Y-%m-%d} to "
            f"{one.issue_until:%Y-%m-%d}, counts until {one.last_expiry:%Y-%m-%d}"
            for one in found
        )
    )
