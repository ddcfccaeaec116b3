"""`waystation demo`: the whole main job, without a screen."""

from __future__ import annotations

import os
from datetime import date
from importlib.resources import as_file
from pathlib import Path

import click

from cli.commands.people import Day
from cli.opening import FILE, PASSPHRASE, environment, folder
from cli.running import Answer, answering, counted, quiet

BUNDLED_DAY = date(2026, 11, 15)
"""The day on which the bundled list was written; ages in it are as of then."""


@click.command()
@folder
@click.option("--list", "list_", type=FILE, metavar="FILE", help="A pre-registration list.")
@click.option("--on", type=Day(), help="The day the list was written.")
@answering
def demo(folder: Path, list_: Path | None, on: date | None) -> Answer:
    """The main job with invented people: two offices, a list, documents, a bundle and back."""
    from db.slots import passphrase
    from resources import path
    from training import main_job
    from workspace.accounts import suggest_passphrase

    env = environment()
    chosen = os.environ.get(PASSPHRASE)
    made_up = chosen is None
    words = suggest_passphrase(env.entropy) if chosen is None else chosen
    say = (lambda line: None) if quiet() else click.echo
    with as_file(path("samples/site-a.csv")) as bundled:
        done = main_job.run(
            folder,
            list_ or bundled,
            on=on or (env.clock.now().date() if list_ else BUNDLED_DAY),
            passphrase=passphrase(words),
            env=env,
            tell=lambda step: say(f"  {step} ..."),
        )
    answer = Answer(
        station=str(done.place.station),
        registry=str(done.place.registry),
        bundle=str(done.bundle),
        notice=str(done.notice),
        trust=str(done.trust),
        jwks=str(done.jwks),
        documents=[str(path) for path in done.documents],
        administrator="administrator",
        officer="officer",
        supervisor="supervisor",
        registrar="registrar",
        households=done.households,
        persons=done.persons,
        entries=done.entries,
        admitted=done.admitted,
        again_admitted=done.again_admitted,
        acknowledged=done.acknowledged,
        flagged=[
            {"row": one.row, "code": one.code, "message": one.message} for one in done.flagged
        ],
        rejected=[
            {"row": one.row, "code": one.code, "message": one.message} for one in done.rejected
        ],
        seconds=done.seconds,
    )
    if made_up:
        click.echo(f"Passphrase of every user: {words}", err=quiet())
    return answer.say(
        "",
        f"{counted(done.households, 'household')}, {counted(done.persons, 'person')}, "
        f"{counted(done.pages, 'page')}, "
        f"{counted(done.entries, 'entry')}",
        f"admitted at the registry: {done.admitted}; again: {done.again_admitted}; "
        f"acknowledged at the station: {done.acknowledged}",
        *(f"  {seconds:7.2f} s  {step}" for step, seconds in done.seconds.items()),
        "",
        f"documents  {', '.join(map(str, done.documents))}  (plain text: keep them safe)",
        f"bundle     {done.bundle}",
        f"notice     {done.notice}",
        f"trust      {done.trust}",
    )
