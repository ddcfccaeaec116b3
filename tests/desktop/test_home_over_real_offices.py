"""Home's next steps lead every role of both offices to pages that are open to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.pages import PAGES
from forms.draft import Draft
from station import drafts, review
from station import setup as station_setup
from tests.places import PASSPHRASE, REGISTRY_USERS, STATION_USERS, Site, families, opened
from workspace import home

OPEN = {entry.key: entry for entry in PAGES}
ADVISED = {
    ("station", "officer"): {"returned", "drafts", "backup"},
    ("station", "supervisor"): {"review", "sync", "backup"},
    ("station", "auditor"): {"backup"},
    ("station", "administrator"): {"backup"},
    ("registry", "clerk"): {"backup"},
    ("registry", "registrar"): {"register", "backup"},
    ("registry", "auditor"): {"backup"},
    ("registry", "administrator"): {"backup"},
    ("registry", "service"): {"backup"},
}


@pytest.fixture(scope="module")
def working_site(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Something waits for everybody: a review, a family to be mended, a draft, an approval."""
    site = founded_site.copied(tmp_path_factory.mktemp("home") / "site")
    site.take_in(families(1))
    site.approve()
    site.admit(site.send())
    site.take_in(families(2, first=2), name="more.csv")
    with site.at_station("supervisor") as session:
        first, _second = review.waiting(session)
        review.send_back(session, first.registration, "A name is misspelt")
    with site.at_station("officer") as session:
        drafts.save(session, "0192a000-0000-7000-8000-000000000001", Draft.new())
    return site


@pytest.mark.parametrize(("kind", "role"), list(ADVISED))
def test_every_step_leads_to_a_page_of_the_role(working_site: Site, kind: str, role: str) -> None:
    assert role in (STATION_USERS if kind == "station" else REGISTRY_USERS)
    folder = working_site.station if kind == "station" else working_site.registry
    with opened(folder, role, working_site.env) as session:
        steps = home.home(session).next_steps
    assert {step.code for step in steps} == ADVISED[kind, role]
    for step in steps:
        assert OPEN[step.page].open_to(kind, role), step


def test_a_station_that_waits_for_its_grant_leads_there(founded_site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    env = founded_site.env
    station_setup.request(
        folder,
        name="North gate",
        admin="administrator",
        passphrase=PASSPHRASE,
        out=tmp_path / "station-request.wst",
        env=env,
    )
    with opened(folder, "administrator", env) as session:
        (step,) = home.home(session).next_steps
    assert (step.code, step.page) == ("enrol", "enrol")
    assert OPEN[step.page].open_to("station", "administrator")
