"""Pairs for tests of adjudication: a person who was registered twice, and a second registrar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from registry import decide
from registry.adjudication_cases import State
from tests.places import PASSPHRASE, Site, listing, row
from values.identifiers import PersonId
from workspace.accounts import add_user
from workspace.session import Session

TWICE = listing(
    row("H-1", "head", "Amina Yusuf Ali", birth="1987-05-03"),
    row("H-1", "child", "Zohra Hassan", birth="2011-02-03"),
    row("H-2", "head", "Ameena Youssef Ali", birth="1987-05-03"),
    row("H-3", "head", "Banin Orlok", sex="M", birth="1960-01-09"),
)


def person(session: Session, name: str) -> PersonId:
    with session.store.read() as reader:
        return next(view.id for view in reader.persons() if view.values["name"] == name)


def both(session: Session) -> tuple[PersonId, PersonId]:
    return person(session, "Amina Yusuf Ali"), person(session, "Ameena Youssef Ali")


def arrive(site: Site, text: str = TWICE, *, register: bool = False) -> None:
    """The families come to the registry, and pairs are proposed."""
    site.take_in(text)
    site.approve()
    site.admit(site.send(), notice=False)
    with site.at_registry("administrator") as session:
        add_user(session, name="second", role="registrar", passphrase=PASSPHRASE)
        add_user(session, name="third", role="registrar", passphrase=PASSPHRASE)
    if register:
        with site.at_registry() as session:
            with session.store.read() as reader:
                waiting = [view.id for view in reader.queue("approved")]
            decide.register(session, waiting)


def state(session: Session) -> State:
    with session.store.read() as reader:
        case = reader.match_case(*both(session))
    assert case is not None
    return State(case.state)


@contextmanager
def at(site: Site, user: str) -> Iterator[Session]:
    with site.at_registry(user) as session:
        yield session
