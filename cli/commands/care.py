"""`waystation check`, `rebuild`, `prune`, `audit`, `backup`, `restore`, `recover`."""

from __future__ import annotations

from pathlib import Path

import click

from cli.moments import moment
from cli.opening import (
    FILE,
    as_user,
    environment,
    folder,
    key_passphrase,
    new_passphrase,
    opened,
    present_passphrase,
    progress_bar,
)
from cli.running import Answer, answering, counted
from values.clock import rfc3339
from workspace.errors import RefusedError
from workspace.files import read_whole

KEPT = {
    "recent": "acknowledged or changed too lately",
    "unacknowledged": "no receipt covers all of it yet",
    "review": "a review is open, or it was sent back",
    "conflict": "a conflict is open",
    "correction": "a correction is open",
    "draft": "a form about it is open",
    "set_aside": "some of it was set aside at the registry",
    "large": "too large to be taken in one step",
}
"""Why families stay, for people."""


@click.command()
@folder
@as_user
@answering
def check(folder: Path, user: str | None) -> Answer:
    """Chain, signatures, views against a fresh fold, photos, cipher integrity."""
    from workspace import care

    with opened(folder, user, read_only=True) as session, progress_bar("Checking") as progress:
        found = care.check(session, progress=progress)
    answer = Answer(entries=found.entries, problems=list(found.problems), notes=list(found.notes))
    if found.problems:
        return answer.say(*found.problems).refused()
    return answer.say(f"{counted(found.entries, 'entry')}, all sound.", *found.notes)


@click.command()
@folder
@as_user
@answering
def rebuild(folder: Path, user: str | None) -> Answer:
    """Make the views anew from the ledger."""
    from workspace import care

    with opened(folder, user) as session:
        entries, changed = care.rebuild(session)
    return Answer(entries=entries, changed=changed).say(
        f"Folded {counted(entries, 'entry')}; {counted(changed, 'view')} changed."
    )


@click.command()
@folder
@click.option("--dry-run", is_flag=True, help="Count what would go, and leave it.")
@as_user
@answering
def prune(folder: Path, dry_run: bool, user: str | None) -> Answer:
    """Leave to the registry what it has acknowledged, as the operation's policy says. Names and
    numbers stay, to be found."""
    from station import pruning

    with (
        opened(folder, user, needs="station", read_only=dry_run) as session,
        progress_bar("Pruning") as progress,
    ):
        plan = pruning.plan(session)
        done = None if dry_run else pruning.prune(session, progress=progress)
    count = done or plan
    return Answer(
        pruned=done is not None,
        households=count.households,
        persons=count.persons,
        entries=count.entries,
        photos=count.photos,
        days=plan.days,
        kept=plan.kept,
    ).say(
        f"{'Pruned' if done else 'Would prune'} {counted(count.households, 'household')}, "
        f"{counted(count.persons, 'person')}, {counted(count.entries, 'entry')} and "
        f"{counted(count.photos, 'photo')}, acknowledged more than {plan.days} days ago.",
        *(
            f"{counted(number, 'household')} kept: {KEPT.get(why, why)}."
            for why, number in plan.kept.items()
        ),
    )


@click.command()
@folder
@click.option("--since", metavar="TIME", help="Only from this time, or the beginning of this day.")
@click.option("--until", metavar="TIME", help="Only before this time, or this day.")
@click.option("--user", "named", default="", metavar="NAME", help="Only what this user did.")
@click.option("--station", default="", metavar="CODE", help="Only what this station signed.")
@click.option("--act", default="", metavar="KIND", help="Only this kind, as tables.exported.")
@click.option("--signed", is_flag=True, help="What was signed too, by the ledger.")
@click.option("--out", type=FILE, help="Write all of it to FILE.csv or FILE.xlsx.")
@click.option("--reason", default="", help="With --out: why; it stands in the audit.")
@as_user
@answering
def audit(
    folder: Path,
    since: str | None,
    until: str | None,
    named: str,
    station: str,
    act: str,
    signed: bool,
    out: Path | None,
    reason: str,
    user: str | None,
) -> Answer:
    """Who read what is sealed, who exported, and, with --signed, who did what."""
    from workspace import auditing
    from workspace.tabular import Form

    asked = auditing.Asked(
        since=moment(since) if since else None,
        until=moment(until) if until else None,
        user=named,
        station=station,
        act=act,
        signed=signed or bool(station),
    )
    if out is not None:
        if out.suffix.lower() not in (".csv", ".xlsx"):
            raise click.UsageError("--out FILE: its name ends in .csv or .xlsx.")
        if out.exists():
            raise RefusedError("exists", f"There is something at {out} already. Name a new file.")
        form = Form(out.suffix.lower()[1:])
        with opened(folder, user) as session:
            count = auditing.export(session, out, form, asked=asked, reason=reason)
        return Answer(file=str(out), rows=count).say(f"{counted(count, 'row')}: {out}")
    with opened(folder, user, read_only=True) as session:
        rows = auditing.read(session, asked=asked)
    return Answer(
        rows=[
            {
                "at": rfc3339(row.at),
                "user": row.user,
                "station": row.station,
                "act": row.act,
                "subject": row.subject,
                "number": row.number,
                "detail": row.detail,
                "signed": row.signed,
            }
            for row in rows
        ]
    ).say(
        *(
            f"{rfc3339(row.at)} {row.user} {row.act} {row.number or row.subject} {row.detail}"
            for row in rows
        ),
        *([] if rows else ["The audit holds nothing of the kind that was asked for."]),
    )


@click.command()
@folder
@click.option("--out", required=True, type=FILE)
@as_user
@answering
def backup(folder: Path, out: Path, user: str | None) -> Answer:
    """An encrypted copy in one file."""
    from workspace import care

    with opened(folder, user, read_only=True) as session:
        made = care.backup(session, out)
    return Answer(entries=made.entries, file=str(out)).say(
        f"{counted(made.entries, 'entry')}: {out}",
        "Only the workspace's own users can open it.",
    )


@click.command()
@click.argument("file", type=FILE)
@folder
@answering
def restore(file: Path, folder: Path) -> Answer:
    """Back from a backup, into an empty DIR. A new epoch begins when it is opened."""
    from workspace import care

    done = care.restore(file, folder, env=environment())
    return Answer(entries=done.entries, workspace=str(folder)).say(
        f"Restored {counted(done.entries, 'entry')} to {folder}. "
        "Open it with your passphrase; "
        "it will go on under new numbers."
    )


MAX_KEY_FILE = 64 * 1024
"""An age file of one line has 300 bytes."""


def _key_file(path: Path) -> bytes:
    try:
        return read_whole(path, limit=MAX_KEY_FILE)
    except OSError as error:
        raise RefusedError(
            "recovery", f"{path} is no recovery key. Choose the file recovery-key.age."
        ) from error


@click.command()
@folder
@click.option("--key", type=FILE, help="The recovery key's file; without it, the sheet's code.")
@answering
def recover(folder: Path, key: Path | None) -> Answer:
    """Back in with the recovery key or the printed sheet."""
    from workspace import care

    secret = (
        key_passphrase("Passphrase of the recovery key")
        if key
        else present_passphrase("The code of the recovery sheet")
    )
    done = care.recover(
        folder,
        key=_key_file(key) if key else None,
        secret=secret,
        # The sheet's code opens everything: it must not become somebody's passphrase.
        new=new_passphrase("New passphrase", else_present=key is not None),
        env=environment(),
    )
    return Answer(entries=done.entries, administrator=done.administrator).say(
        f"{done.administrator} can open the workspace again. "
        f"It holds {counted(done.entries, 'entry')}."
    )
