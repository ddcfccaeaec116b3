"""A second station beside a site's first, whose program may have been changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry import enrol as registry_enrol
from station import setup
from tests.places import PASSPHRASE, Site, opened
from workspace import act as acts
from workspace import reasons
from workspace.accounts import add_user
from workspace.session import Session


def neighbour(site: Site, name: str = "second") -> Path:
    """Found another station at the site's registry, with an officer and a supervisor."""
    folder, request, grant = (site.folder / f"{name}{end}" for end in ("", ".request", ".grant"))
    setup.request(
        folder, name=name, admin="administrator", passphrase=PASSPHRASE, out=request, env=site.env
    )
    with site.at_registry("administrator") as session:
        registry_enrol.enrol(session, request, grant)
    with opened(folder, "administrator", site.env) as session:
        setup.enrol(session, grant)
        for user in ("officer", "supervisor"):
            add_user(session, name=user, role=user, passphrase=PASSPHRASE)
    return folder


@contextmanager
def changed_program(site: Site, folder: Path, user: str) -> Iterator[Session]:
    """A session of a program that signs whatever it is told, and does not fold it here."""
    kept = acts.refold
    acts.refold = lambda *rest, **more: {}
    try:
        with signing_anything(), opened(folder, user, site.env) as session:
            yield session
    finally:
        acts.refold = kept


@contextmanager
def signing_anything() -> Iterator[None]:
    """Acts look at no text, as those of an older program."""
    fit = reasons.signed
    reasons.signed = dict  # type: ignore[assignment]  # it looks at nothing
    try:
        yield
    finally:
        reasons.signed = fit
