"""A form is renewed while records of its older version are here, and keep coming."""

from __future__ import annotations

from dataclasses import replace

from forms.library import Catalogue
from forms.library import catalogue as shipped
from forms.migration import Migration
from ledger import kinds
from ledger.entry import Subject
from registry import admit
from tests.places import Site, listing, row
from values.identifiers import PersonId
from workspace import care, people, renewal
from workspace.past import history
from workspace.session import Session, conflict_sets


def renewed(session: Session) -> Session:
    """A later program, in which the notes are called remarks."""
    old = shipped().form("person")
    pages = tuple(
        replace(
            page,
            fields=tuple(
                replace(one, name="remarks", label="Remarks") if one.name == "notes" else one
                for one in page.fields
            ),
        )
        for page in old.pages
    )
    new = replace(
        old,
        version="9.0.0",
        hash=bytes(32),
        pages=pages,
        migrations=(Migration(old.version_key, {"notes": "remarks"}),),
        _by_name={one.name: one for page in pages for one in page.fields},
    )
    session.catalogue = Catalogue([*shipped().every(), new])
    session.conflict_sets = conflict_sets(session.catalogue)
    return session


def amend(session: Session, person: PersonId, **told: object) -> None:
    with session.act() as act:
        view = act.unit.person(person)
        assert view is not None
        act.say(
            kinds.PERSON_AMENDED,
            Subject("person", person),
            {"changes": told, "reason": None},
            form="person",
            base=view.heads,
        )


def test_old_records_are_told_under_new_names_here_and_at_the_registry(site: Site) -> None:
    """OpenCRVS 7463: forms have no versions, so old records are read with today's form."""
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M")))
    with site.at_station() as session:
        with session.store.read() as reader:
            (view,) = reader.persons()
        person = view.id
        amend(session, person, notes="Calm.", of_later=["x", 1])
    with site.at_station() as session:
        renewed(session)
        assert renewal.due(session)
        assert renewal.renew(session) == 1
        assert not renewal.due(session)
        assert renewal.renew(session) == 0
        assert care.check(session).problems == ()
        page = people.person_page(session, person)
        assert [one.value_text for one in page.facts if one.field == "remarks"] == ["Calm."]
        # A field that nobody here knows is kept as well.
        assert page.person.values["of_later"] == ["x", 1]
        amend(session, person, remarks="Calm, and kind.")
        assert [(one.old, one.new) for one in history(session, person, "remarks")] == [
            ("Calm.", "Calm, and kind."),
            ("", "Calm."),
        ]
        assert history(session, person, "notes") == ()
        with session.store.read() as reader:
            here = reader.person(person)
    site.approve()
    bundle = site.send()
    with site.at_registry() as session:
        assert admit.import_bundle(renewed(session), bundle).quarantined == 0
        with session.store.read() as reader:
            there = reader.person(person)
        assert there is not None and here is not None
        assert there.values == here.values
        assert there.values["remarks"] == "Calm, and kind."


def test_other_words_are_no_renewal(site: Site) -> None:
    with site.at_station() as session:
        renewal.renew(session)
        form = replace(shipped().form("person"), title="Somebody", version="9.0.0")
        session.catalogue = Catalogue([*shipped().every(), form])
        assert not renewal.due(session)
