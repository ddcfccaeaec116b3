"""Every event: recorded, shown to whom it touches, sent, and the same at the registry."""

from __future__ import annotations

import pytest

from forms.draft import Confirmation
from registry import admit
from station import events, export
from tests.forms.filled_events import FILLED, PEOPLE, filled
from tests.places import Site, listing, row
from values import cbor
from workspace import care
from workspace.people import person_page

RELATIONS = {"@woman": "head", "@man": "spouse", "@girl": "child"}
"""One household of these; the others are each the head of their own."""


@pytest.fixture(scope="module")
def camp(founded_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Everybody whom the events name. Only copy it."""
    site = founded_site.copied(tmp_path_factory.mktemp("events") / "site")
    rows = []
    for place, (name, one) in enumerate(PEOPLE.items()):
        relation = RELATIONS.get(name, "head")
        household = "H-1" if name in RELATIONS else f"H-{place + 1}"
        assert one.birth is not None
        told = f"Person {name.removeprefix('@').title()} Orlok"
        rows.append(row(household, relation, told, sex=one.sex, birth=one.birth.edtf))
    site.take_in(listing(*rows))
    return site


@pytest.mark.parametrize("form", sorted(set(FILLED) - {events.CORRECTION}))
def test_an_event_is_the_same_at_the_registry(
    camp: Site, form: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """OpenCRVS 3947: records of one person do not know of each other."""
    site = camp.copied(tmp_path_factory.mktemp("event") / "site")
    with site.at_station("officer") as session:
        with session.store.read() as reader:
            ids = {
                f"@{str(view.values['name']).split()[1].lower()}": view.id.hex
                for view in reader.views("person")
            }
        raw = filled(form, ids)
        found = events.check(session, form, raw)
        assert [one for one in found if one.is_error] == []
        events.foresee(session, form, raw)
        sure = [Confirmation(one.code, one.field, "", "asked") for one in found]
        made = events.record(session, form, raw, confirmed=sure)
        with session.store.read() as reader:
            here = reader.event(made.event)
        assert here is not None and here.participants
        for one in here.participants:
            page = person_page(session, one.person)
            assert [row for row in page.timeline if row.status == "waiting"]
        assert not care.check(session).problems
    with site.at_station("supervisor") as session:
        sent = export.export(session, site.outbox)
    with site.at_registry() as session:
        got = admit.import_bundle(session, sent.bundle, notice_parent=site.outbox)
        assert (got.held, got.quarantined) == (0, 0)
        with session.store.read() as reader:
            there = reader.event(made.event)
            persons = {view.id: dict(view.values) for view in reader.views("person")}
        assert there is not None
        assert there.participants == here.participants and there.date == here.date
        assert cbor.encode(dict(there.values)) == cbor.encode(dict(here.values))
        assert not care.check(session).problems
    with site.at_station("officer", read_only=True) as session, session.store.read() as reader:
        assert {view.id: dict(view.values) for view in reader.views("person")} == persons
