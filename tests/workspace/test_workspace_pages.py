"""What the pages are made of: home's counts and advice, a person's page, a search, the storage."""

from __future__ import annotations

from collections import namedtuple

import pytest

from ledger import kinds
from ledger.entry import Subject
from station import printing, review
from tests.places import Site, families, listing, row
from workspace import people, storage
from workspace.errors import RefusedError
from workspace.home import home
from workspace.search import search
from workspace.session import Session


def codes(session: Session) -> set[str]:
    """What home advises."""
    return {step.code for step in home(session).next_steps}


def test_home_advises_by_role(busy_site: Site) -> None:
    busy_site.take_in(families(2, first=20))
    with busy_site.at_station("supervisor") as session:
        (row_, *_) = review.waiting(session)
        review.send_back(session, row_.registration, "the name is misspelt")
        assert {"review", "sync"} <= codes(session)
        assert "returned" not in codes(session)
        counts = home(session).counts
        assert (counts.waiting_review, counts.returned, counts.persons) == (1, 1, 10)
        assert counts.today_households == 5
    with busy_site.at_station("officer") as session:
        assert "returned" in codes(session)
        assert not {"review", "sync"} & codes(session)
    with busy_site.at_station("auditor") as session:
        assert not {"review", "sync", "returned", "drafts"} & codes(session)


def test_a_persons_page_tells_the_story(busy_site: Site) -> None:
    """OpenCRVS 3947: records of one person do not know of each other."""
    with busy_site.at_station("officer") as session:
        with session.store.read() as reader:
            person = min(reader.persons(), key=lambda one: one.number)
        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", person.id),
                {"changes": {"birth_place": "Elsewhere"}, "reason": "misheard"},
                form="person",
                base=person.heads,
            )
        page = people.person_page(session, person.id)
        assert (page.status, page.sent) == ("approved", "waiting")
        assert page.household is not None and len(page.household.members) == 2
        (change,) = [one for one in page.history if one.field == "birth_place"]
        assert (change.new, change.by, change.reason) == ("Elsewhere", "officer", "misheard")
        assert len(page.timeline) >= 3
        for language in ("en", "fr", "ar", "xx"):
            assert people.person_page(session, person.id, language=language).facts
    bundle = busy_site.send()
    with busy_site.at_station("officer") as session:
        assert people.person_page(session, person.id).sent == "sent"
    notice = busy_site.admit(bundle).notice
    assert notice is not None
    with busy_site.at_station("officer") as session:
        from station.receive import receive

        receive(session, notice)
        assert people.person_page(session, person.id).sent == "acknowledged"


def test_nobodys_page_is_refused(site: Site) -> None:
    from uuid import UUID

    with site.at_station() as session, pytest.raises(RefusedError) as refused:
        people.person_page(session, UUID(int=1))  # type: ignore[arg-type]  # nobody's id
    assert refused.value.code == "unknown_person"


def test_a_search_finds_by_name_number_and_paper(site: Site) -> None:
    """OpenCRVS 11991: offline, only what was fetched before is found.

    MOSIP search: the machine that takes people in cannot look whether they are there.
    """
    site.take_in(
        listing(
            row("H-1", "head", "Mohammed Al-Khatib", sex="M", document="AB 123-456"),
            row("H-1", "spouse", "Ольга Петренко"),
            row("H-1", "child", "မောင်မောင်", birth="2015-01-01"),
        )
    )
    with site.at_station() as session:

        def names(query: str) -> set[str]:
            return {hit.name for hit in search(session, query)}

        for query in ("Muhamad al Khatib", "khatib mohamed", "AB123456", "ab 123 456"):
            assert "Mohammed Al-Khatib" in names(query), query
        assert "Ольга Петренко" in names("Olga Petrenko")
        assert "မောင်မောင်" in names("မောင်မောင်")
        hit = search(session, "Mohammed Al-Khatib")[0]
        assert names(hit.household_number) == {"Mohammed Al-Khatib", "Ольга Петренко", "မောင်မောင်"}
        assert names(hit.number) == {"Mohammed Al-Khatib"}
        assert names("Zzyzx Qwrtp") == set()


def test_two_persons_of_one_number_are_both_found(busy_site: Site) -> None:
    """A station's changed program gave a number twice: a conflict, never a merge."""
    with busy_site.at_station("officer") as session:
        with session.store.read() as reader:
            one = min(reader.persons(), key=lambda person: person.number)
        with session.act() as act:
            act.say(
                kinds.PERSON_REGISTERED,
                Subject("person", act.new_id()),
                {"number": one.number, "values": {"name": "Emil Umbra"}},
                form="person",
            )
        assert len(search(session, one.number)) == 2
        with pytest.raises(RefusedError) as refused:
            printing.target_of(session, one.number, "registration")
        assert refused.value.code == "number_shared"


@pytest.mark.parametrize(
    ("free", "said"), [(100 * 1024**2, "almost full"), (1024**3, "MB left"), (50 * 1024**3, None)]
)
def test_a_warning_while_there_is_time(
    site: Site, monkeypatch: pytest.MonkeyPatch, free: int, said: str | None
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda _: usage(0, 0, free))
    warning = storage.warning(storage.state(site.station))
    assert (said is None and warning is None) or (said is not None and said in (warning or ""))
