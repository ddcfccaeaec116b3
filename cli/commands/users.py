"""`waystation user ...`: add, passphrase, disable, list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.moments import moment
from cli.opening import as_user, folder, new_passphrase, opened, present_passphrase
from cli.running import Answer, answering
from workspace.rights import Right, may

if TYPE_CHECKING:
    from workspace.folder import UserRow

ROLES = ("officer", "supervisor", "clerk", "registrar", "auditor", "administrator", "service")


def _plain(row: UserRow) -> dict[str, object]:
    return {"id": str(row.id), "name": row.name, "role": row.role, "disabled": row.disabled}


@click.group()
def user() -> None:
    """Who may open a workspace, and as what."""


@user.command()
@folder
@as_user
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@answering
def add(folder: Path, user: str | None, name: str, role: str) -> Answer:
    """A new user with a key slot and a signing key."""
    from workspace import accounts

    with opened(folder, user) as session:
        row = accounts.add_user(
            session, name=name, role=role, passphrase=new_passphrase(f"Passphrase for {name}")
        )
    return Answer(user=_plain(row)).say(f"{row.name} can open this workspace as {row.role}.")


@user.command()
@folder
@as_user
@click.option("--name", help="Whose passphrase (your own).")
@answering
def passphrase(folder: Path, user: str | None, name: str | None) -> Answer:
    """Change your passphrase, or as administrator renew a forgotten one."""
    from workspace import accounts

    with opened(folder, user) as session:
        whose = name or session.user.name
        own = accounts.is_own(session, whose)
        accounts.change_passphrase(
            session,
            name=whose,
            old=present_passphrase("Your present passphrase") if own else None,
            new=new_passphrase(f"New passphrase for {whose}"),
        )
        administers = may(session.user.role, Right.USERS)
        rows = accounts.list_users(session) if administers else [accounts.own_row(session)]
    return Answer(users=[_plain(row) for row in rows]).say("The passphrase is changed.")


@user.command()
@folder
@as_user
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@answering
def role(folder: Path, user: str | None, name: str, role: str) -> Answer:
    """Another role for a user, with a new passphrase. What was signed before stays good."""
    from workspace import accounts

    with opened(folder, user) as session:
        row = accounts.change_role(
            session, name=name, role=role, passphrase=new_passphrase(f"New passphrase for {name}")
        )
    return Answer(user=_plain(row)).say(f"{row.name} is {row.role} from now on.")


@user.command()
@folder
@as_user
@click.option("--name", required=True)
@click.option("--reason", default="disabled", help="Why; it stays in the chain.")
@click.option("--since", metavar="TIME", help="Since when somebody else may have used the name.")
@answering
def disable(folder: Path, user: str | None, name: str, reason: str, since: str | None) -> Answer:
    """Take a user's access away. What the user signed before stays good."""
    from workspace import accounts

    with opened(folder, user) as session:
        accounts.disable_user(
            session, name=name, reason=reason, since=moment(since) if since else None
        )
        rows = [_plain(row) for row in accounts.list_users(session)]
    return Answer(users=rows).say("The user is disabled.")


@user.command("list")
@folder
@as_user
@answering
def list_(folder: Path, user: str | None) -> Answer:
    """Everyone who may open this workspace."""
    from workspace import accounts

    with opened(folder, user, read_only=True) as session:
        rows = accounts.list_users(session)
    return Answer(users=[_plain(row) for row in rows]).say(
        *(f"{row.name}  {row.role}{'  disabled' if row.disabled else ''}" for row in rows)
    )
