"""Which role may do what. The command's contract names these; faces hide what is not here."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ledger.certificate import Role
from workspace.errors import NotAllowedError

if TYPE_CHECKING:
    from workspace.session import Session


class Right(StrEnum):
    """One thing that a role can be allowed to do."""

    INTAKE = "intake"
    RECORD = "record"
    CORRECT = "correct"
    APPROVE = "approve"
    SETTLE = "settle"
    VOID = "void"
    PRINT = "print"
    WITHDRAW = "withdraw"
    REVIEW = "review"
    EXPORT = "export"
    PRUNE = "prune"
    RECEIVE = "receive"
    IMPORT = "import"
    REGISTER = "register"
    REFUSE = "refuse"
    ENROL = "enrol"
    PLACES = "places"
    TEMPLATES = "templates"
    FORMS = "forms"
    USERS = "users"
    TRUST = "trust"
    SERVE = "serve"
    AUDIT = "audit"
    OVERSEE = "oversee"
    TABLES = "tables"
    SEALED = "sealed"
    ERASE = "erase"
    SEARCH = "search"
    CHECK = "check"
    BACKUP = "backup"


_ANYONE = frozenset(Role)

RIGHTS: dict[Right, frozenset[Role]] = {
    Right.INTAKE: frozenset({Role.OFFICER}),
    Right.RECORD: frozenset({Role.OFFICER, Role.SUPERVISOR}),
    # Changing a record, or proposing to: what an answer's form lets nobody correct alone waits.
    Right.CORRECT: frozenset({Role.OFFICER, Role.SUPERVISOR, Role.REGISTRAR}),
    Right.APPROVE: frozenset({Role.SUPERVISOR, Role.REGISTRAR}),
    Right.SETTLE: frozenset({Role.SUPERVISOR, Role.REGISTRAR}),
    Right.VOID: frozenset({Role.SUPERVISOR, Role.REGISTRAR}),
    Right.PRINT: frozenset({Role.OFFICER, Role.SUPERVISOR}),
    Right.WITHDRAW: frozenset({Role.OFFICER, Role.SUPERVISOR, Role.REGISTRAR}),
    Right.REVIEW: frozenset({Role.SUPERVISOR}),
    Right.EXPORT: frozenset({Role.SUPERVISOR}),
    Right.PRUNE: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    Right.RECEIVE: frozenset({Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR}),
    Right.IMPORT: frozenset({Role.CLERK, Role.REGISTRAR}),
    Right.REGISTER: frozenset({Role.REGISTRAR}),
    # Deciding that what was put aside stays there: it lets nothing in.
    Right.REFUSE: frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}),
    Right.ENROL: frozenset({Role.ADMINISTRATOR}),
    Right.PLACES: frozenset({Role.ADMINISTRATOR}),
    Right.TEMPLATES: frozenset({Role.ADMINISTRATOR}),
    Right.FORMS: frozenset({Role.ADMINISTRATOR}),
    Right.USERS: frozenset({Role.ADMINISTRATOR}),
    Right.TRUST: frozenset({Role.ADMINISTRATOR}),
    Right.SERVE: frozenset({Role.ADMINISTRATOR, Role.SERVICE}),
    Right.AUDIT: frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
    # Counts and stations, nobody's name: everybody who works here, but no machine.
    Right.OVERSEE: _ANYONE - {Role.SERVICE},
    # Tables of people, in the clear, in a file: who answers for what leaves.
    Right.TABLES: frozenset({Role.SUPERVISOR, Role.REGISTRAR, Role.ADMINISTRATOR}),
    # Sensitive needs are read by registrars alone: the vault's key lies in their slots.
    Right.SEALED: frozenset({Role.REGISTRAR}),
    Right.ERASE: frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}),
    Right.SEARCH: _ANYONE,
    Right.CHECK: _ANYONE,
    Right.BACKUP: _ANYONE,
}


def may(role: Role, right: Right) -> bool:
    """Whether a role includes a right."""
    return role in RIGHTS[right]


def require(session: Session, right: Right) -> None:
    """Raise `NotAllowedError` unless the session's user has the right, or its job lends it."""
    if not may(session.user.role, right) and right not in session.lent:
        needed = ", ".join(sorted(role.value for role in RIGHTS[right]))
        raise NotAllowedError(session.user.role.value, needed)
