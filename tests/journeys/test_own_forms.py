"""An operation's own event: loaded, recorded, sent, admitted, and read the same in both offices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forms.errors import DraftError
from forms.library import catalogue
from ledger import kinds
from ledger.views import EventView, PersonView
from registry import admit, fitting
from registry.judging import sentence
from station import events
from tests import own_forms as example
from tests.places import Site, listing, opened, row
from values.identifiers import EventId, PersonId
from workspace import care, own_forms, people
from workspace.errors import NotAllowedError
from workspace.session import Session

TOLD: dict[str, Any] = {
    "date": {"text": "2026-04", "calendar": "gregorian"},
    "crop": "sesame",
    "hectares": "3",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return example.write(tmp_path / "own")


@pytest.fixture
def farm(site: Site) -> Site:
    """A family is known at the station."""
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M")))
    site.approve()
    return site


def load(site: Site, folder: Path, *, registry: bool = True, station: bool = True) -> None:
    if registry:
        with site.at_registry("administrator") as session:
            own_forms.load(session, folder)
    if station:
        with site.at_station("administrator") as session:
            own_forms.load(session, folder)


def person(session: Session) -> PersonView:
    with session.store.read() as reader:
        return next(one for one in reader.persons() if one.values["name"] == "Banin Orlok")


def farmer(session: Session) -> PersonId:
    return person(session).id


def record(site: Site, **changes: Any) -> EventId:
    with site.at_station("officer") as session:
        raw = {**TOLD, **changes, "subject": {"person": farmer(session).hex}}
        return events.record(session, example.FORM, raw).event


def seen(session: Session, event: EventId) -> EventView:
    with session.store.read() as reader:
        view = reader.event(event)
    assert view is not None
    return view


def lines(session: Session, language: str = "en") -> list[tuple[str, str]]:
    page = people.person_page(session, farmer(session), language=language)
    return [(one.title, one.detail) for one in page.timeline if one.event is not None]


def test_from_the_station_to_the_registry(farm: Site, folder: Path) -> None:
    load(farm, folder)
    with farm.at_station("officer") as session:
        assert example.FORM in [form.id for form in events.forms_for(session)]
        assert events.check(session, example.FORM, {**TOLD, "hectares": "80"})
    event = record(farm)
    with farm.at_station("supervisor") as session:
        here = seen(session, event)
        assert here.values["hectares"] == 3
        assert (
            "Harvest lost",
            "April 2026 · What grew there: Sesame · How many hectares: 3",
        ) in lines(session)
        assert (
            "Récolte perdue",
            "avril 2026 · Ce qui y poussait: Sésame · Combien d'hectares: 3",
        ) in lines(session, "fr")
    done = farm.admit(farm.send())
    assert (done.held, done.quarantined, done.reasons) == (0, 0, ())
    with farm.at_registry("registrar") as session:
        assert seen(session, event) == here
        assert lines(session)[0][0] == "Harvest lost"
        assert care.check(session).problems == ()


def test_without_the_form_it_is_kept_and_read_once_it_is_loaded(farm: Site, folder: Path) -> None:
    load(farm, folder, registry=False)
    event = record(farm)
    with farm.at_station() as session:
        here = seen(session, event)
    done = farm.admit(farm.send())
    assert (done.held, done.quarantined) == (0, 0)
    assert [one for one in done.reasons if sentence(fitting.NOT_LOADED) in one]
    with farm.at_registry("registrar") as session:
        (told,) = [one for one in lines(session) if "its form is not loaded" in one[0]]
        assert "harvest lost" in told[0]
        assert told[1] == "April 2026 · crop: sesame · hectares: 3"
        assert seen(session, event).values == here.values
        assert care.check(session).problems == ()
    load(farm, folder, station=False)
    with farm.at_registry("registrar") as session:
        assert ("Harvest lost", lines(session)[0][1]) == lines(session)[0]
        assert seen(session, event) == here
        assert care.check(session).problems == ()
        assert care.rebuild(session)[1] == 0


def test_an_older_version_is_read_under_the_names_of_the_newest(
    farm: Site, folder: Path, tmp_path: Path
) -> None:
    load(farm, folder)
    event = record(farm)
    bundle = farm.send()
    later = example.renewed(tmp_path / "later")
    load(farm, later)
    for opening in (farm.at_station, farm.at_registry):
        with opening("administrator") as session:
            assert [session.catalogue.known(example.FORM, one) for one in ("1.0.0", "1.1.0")] == [
                True,
                True,
            ]
    assert farm.admit(bundle).reasons == ()
    newer = record(farm, area="4")
    for opening in (farm.at_station, farm.at_registry):
        if opening == farm.at_registry:
            assert farm.admit(farm.send()).reasons == ()
        with opening() as session:
            assert seen(session, event).values["area"] == 3
            assert seen(session, newer).values["area"] == 4
            with session.store.read() as reader:
                first, second = (
                    next(
                        one.header.form
                        for one in reader.entries_of("event", of)
                        if one.header.kind == kinds.EVENT_RECORDED
                    )
                    for of in (event, newer)
                )
            assert first is not None and second is not None
            assert [first.version, second.version] == ["1.0.0", "1.1.0"]
            known = session.catalogue.form(first.id, first.version)
            assert known.hash == first.sha256
            assert any("How many hectares: 3" in detail for _, detail in lines(session))


def test_a_backup_brings_them_back(farm: Site, folder: Path, tmp_path: Path) -> None:
    load(farm, folder)
    record(farm)
    with farm.at_station("administrator") as session:
        care.backup(session, tmp_path / "b.wsb")
    care.restore(tmp_path / "b.wsb", tmp_path / "back", env=farm.env)
    with opened(tmp_path / "back", "officer", farm.env) as session:
        assert session.catalogue.has(example.FORM)
        assert lines(session)[0][0] == "Harvest lost"
    with farm.at_station("officer") as session, session.store.read() as reader:
        (form,), (crops,) = own_forms.listed(session, reader)
        assert (form.version, form.newest, crops.title) == ("1.0.0", True, "Crops")


def test_only_an_administrator_loads_them(site: Site, folder: Path) -> None:
    for user in ("officer", "supervisor"):
        with site.at_station(user) as session, pytest.raises(NotAllowedError):
            own_forms.load(session, folder)
    with site.at_station("officer") as session:
        assert session.catalogue is catalogue(session.office.operation.code)


def test_what_is_wrong_leaves_what_was_there(site: Site, folder: Path, tmp_path: Path) -> None:
    load(site, folder, registry=False)
    wrong = example.write(tmp_path / "wrong", ('id = "x_harvest_lost"', 'id = "x_second"'))
    example.write(tmp_path / "wrong" / "broken", ('event = "displacement"', 'event = "harvest"'))
    with site.at_station("administrator") as session:
        before = session.catalogue
        with pytest.raises(own_forms.OwnFormsError) as refused:
            own_forms.load(session, wrong)
        assert ("broken/harvest.toml", "event") in [
            (one.file, one.path) for one in refused.value.problems
        ]
        assert session.catalogue is before
    with site.at_station("officer") as session:
        assert session.catalogue is before
        assert not session.catalogue.has("x_second")


def test_an_event_that_is_not_ready_says_so_in_its_own_words(farm: Site, folder: Path) -> None:
    load(farm, folder, registry=False)
    with farm.at_station("officer") as session:
        with pytest.raises(events.ProblemsError, match="Choose the person who farmed the land"):
            events.record(session, example.FORM, TOLD)
        with pytest.raises(DraftError):
            events.foresee(session, example.FORM, TOLD)


AMENDING = """
[effects]
[[effects.amends]]
person = "subject"
field = "birth"
answer = "date"

"""


def test_what_it_changes_in_a_record_waits_for_the_form(farm: Site, tmp_path: Path) -> None:
    """An act that changes what nobody changes alone is put aside, and admitted once the registry
    can work out that the event says so."""
    assert farm.admit(farm.send()).quarantined == 0
    folder = example.write(tmp_path / "own", ("[translations.fr]", f"{AMENDING}[translations.fr]"))
    load(farm, folder, registry=False)
    event = record(farm, date={"text": "1991-02-03", "calendar": "gregorian"})
    done = farm.admit(farm.send())
    assert done.quarantined > 0
    assert any("Load the operation's forms" in one for one in done.reasons)
    load(farm, folder, station=False)
    farm.take_in(listing(row("H-2", "head", "Devin Orlok", sex="M")), name="more.csv")
    assert admitted(farm).quarantined == 0
    with farm.at_station() as session:
        here = seen(session, event)
        born = person(session).values["birth"]
    with farm.at_registry() as session:
        assert seen(session, event) == here
        assert person(session).values["birth"] == born


def admitted(site: Site) -> admit.Imported:
    return site.admit(site.send())
