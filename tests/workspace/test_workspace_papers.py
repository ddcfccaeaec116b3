"""What a person's page tells of papers, and which papers a death puts on the list."""

from __future__ import annotations

import pytest

from ledger.views import PersonView
from station import batch, printing
from station.life import Collector, Handed
from tests import paperwork
from tests.places import Site
from workspace import care, papers, people
from workspace.errors import RefusedError
from workspace.session import Session


def person_of(session: Session, number: str) -> PersonView:
    with session.store.read() as reader:
        found = reader.person_by_number(number)
    assert found is not None
    return found


def told(session: Session, number: str) -> list[tuple[str, str, str]]:
    page = people.person_page(session, person_of(session, number).id)
    return [
        (row.title, row.detail, row.document_number or "")
        for row in page.timeline
        if row.document_number
    ]


def test_the_page_tells_the_whole_life_of_a_paper(busy_site: Site) -> None:
    with busy_site.at_station("officer") as session:
        first = paperwork.issue(session, printing.targets_for_all(session)[1:2], language="en")
        (issued,) = first.documents
        batch.print_again(
            session, [issued.number], reason="fell into the river",
            handed=Handed("damaged", Collector("other", "A. Neighbour", "her letter")),
        )  # fmt: skip
        target = printing.target_of(session, issued.person, "registration")
        again = batch.print_all(
            session, [target], language="en", handed=Handed("stolen", Collector())
        )
        (new,) = again.documents
        assert sorted(told(session, issued.person)) == sorted(
            [
                ("Document withdrawn", f"Stolen · replaced by {new.number}", issued.number),
                (
                    "Provisional registration document",
                    f"replaces {issued.number} · fetched by the holder",
                    new.number,
                ),
                (
                    "Document printed again",
                    "The first was damaged · fell into the river · fetched by A. Neighbour",
                    issued.number,
                ),
                ("Provisional registration document", "", issued.number),
            ]
        )
        page = people.person_page(session, person_of(session, issued.person).id, language="fr")
        assert "Volé" in {row.revoked for row in page.documents}
    assert busy_site.admit(busy_site.send()).quarantined == 0
    with busy_site.at_registry("registrar") as session:
        assert len(told(session, issued.person)) == 4


def test_a_death_proposes_and_its_withdrawal_takes_the_proposal_back(busy_site: Site) -> None:
    from ledger import kinds
    from ledger.entry import Subject

    with busy_site.at_station("officer") as session:
        first = paperwork.issue(session, printing.targets_for_all(session)[1:2], language="en")
        person = person_of(session, first.documents[0].person)
        assert papers.to_withdraw(session) == []
        with session.act() as act:
            event = act.new_id()
            act.say(
                kinds.EVENT_RECORDED,
                Subject("event", event),
                {
                    "type": "death",
                    "date": {"edtf": "2026-11-10", "calendar": "gregorian", "entered": "x"},
                    "values": {},
                    "participants": [{"role": "deceased", "person": person.id.bytes}],
                    "household": None,
                },
                form="death",
            )
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", person.id),
                {
                    "changes": {
                        "death": {"edtf": "2026-11-10", "calendar": "gregorian", "entered": "x"}
                    },
                    "reason": "death",
                },
                form="person",
                base=person.heads,
            )
        (doomed,) = papers.to_withdraw(session)
        assert doomed.number == first.documents[0].number and doomed.own
        assert doomed.event is not None and doomed.event == event
        page = people.person_page(session, person.id)
        assert [row.doomed for row in page.documents if row.number == doomed.number] == [True]
        with pytest.raises(RefusedError) as refused:
            paperwork.issue(session, [printing.Target("registration", person.id)], language="en")
        assert refused.value.code == "dead"
    with busy_site.at_station("supervisor") as session:
        dead = person_of(session, first.documents[0].person)
        with session.act() as act:
            act.say(
                kinds.PERSON_AMENDED,
                Subject("person", dead.id),
                {"changes": {"death": None}, "reason": "it was a namesake"},
                form="person",
                base=dead.heads,
            )
        assert papers.to_withdraw(session) == []
        assert care.check(session).problems == ()


def test_a_withdrawn_paper_of_somebody_alive_is_printed_anew(busy_site: Site) -> None:
    with busy_site.at_station("supervisor") as session:
        first = paperwork.issue(session, printing.targets_for_all(session)[1:2], language="en")
        view = papers.by_number(session, first.documents[0].number)
        assert papers.withdraw(session, view.id, code="death")
        rows = {row.number: row for row in printing.printable(session)}
        assert rows[first.documents[0].person].last_issued is None
        again = paperwork.issue(session, printing.targets_for_all(session)[1:2], language="en")
        assert again.documents[0].number != first.documents[0].number
