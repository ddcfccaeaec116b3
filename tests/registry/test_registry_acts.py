"""Acts come whole or wait; what can never be whole, or names a form it may not, is put aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from ledger import admission, kinds
from ledger.entry import Entry, FormRef, Group, Subject
from registry import acts, admit, fitting, queues
from registry.judging import GROUP, MENDABLE
from station import drafts, register, review
from sync.bundle import write_bundle
from tests.neighbours import changed_program
from tests.places import Site, families, listing, opened, row
from tests.station.test_mending import _complete
from values.identifiers import BundleId, uuid7
from workspace import act as acting
from workspace import care
from workspace.people import person_page
from workspace.search import search


class Cut:
    """A station's chain, sent in parts."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.at_station("supervisor") as session:
            with session.store.read() as reader:
                self.chain: list[Entry] = list(reader.chain(session.office.id, session.epoch))
            self.signer = session.office.keys.signing_key()
            self.recipient = session.office.registry_recipient

    def send(self, first: int, last: int) -> Path:
        """A bundle of some entries, `last` excluded."""
        clock, entropy = self.site.clock, self.site.env.entropy
        return write_bundle(
            self.site.outbox,
            bundle=BundleId(uuid7(clock.now(), entropy)),
            office=self.chain[0].header.office,
            entries=self.chain[first:last],
            photos=[],
            signer=self.signer,
            recipients=[self.recipient],
            now=clock.now(),
            entropy=entropy,
        ).path


def shown(site: Site) -> dict[str, dict[Any, Any]]:
    with site.at_registry() as session, session.store.read() as reader:
        kinds_ = ("person", "household", "event", "registration")
        return {kind: {view.id: view for view in reader.views(kind)} for kind in kinds_}


def aside(site: Site) -> list[tuple[str, str]]:
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        return [(one.kind, one.code) for one in queues.aside(session)]


def test_an_act_that_is_cut_waits_for_its_rest(site: Site) -> None:
    site.take_in(families(1, size=3))
    cut = Cut(site)
    (act,) = {one.header.group.id for one in cut.chain if one.header.kind == "person.registered"}
    inside = [at for at, one in enumerate(cut.chain) if one.header.group.id == act]
    place = inside[2]
    done = site.admit(cut.send(0, place))
    assert (done.admitted, done.held, done.quarantined) == (inside[0], 2, 0)
    assert acts.SENTENCES[acts.WAITS] in done.reasons[0]
    assert shown(site)["person"] == {}
    # The same again changes nothing, and what is held is not acknowledged.
    again = site.admit(cut.send(0, place))
    assert (again.admitted, again.held, again.known) == (0, 2, inside[0])
    with site.at_registry() as session, session.store.read() as reader:
        head = reader.head(cut.chain[0].header.office, cut.chain[0].header.epoch)
    assert head is not None and head.sequence == inside[0]
    done = site.admit(cut.send(place, len(cut.chain)))
    assert (done.held, done.quarantined) == (0, 0)
    assert done.admitted == len(cut.chain) - inside[0]
    assert len(shown(site)["person"]) == 3
    assert aside(site) == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1, 0)])
def test_a_registration_that_is_mended_comes_in_any_order(
    site: Site, order: tuple[int, ...]
) -> None:
    """Handed in, sent back, handed in again with another name: cut inside the last act."""
    site.take_in(listing(row("H-1", "head", "Banin Orlok", sex="M")))
    with site.at_station("supervisor") as session:
        (waiting,) = review.waiting(session)
        review.send_back(session, waiting.registration, "the name is misspelt")
    with site.at_station() as session:
        (back,) = drafts.list_drafts(session)
        draft = drafts.load(session, back.id)
        draft = draft.with_value(draft.members[0].key, "name", "Banun Orlok")
        drafts.save(session, back.id, draft)
        register.register(session, back.id, _complete(session, back.id))
    cut = Cut(site)
    place = next(at for at, one in enumerate(cut.chain) if one.header.kind == kinds.PERSON_AMENDED)
    parts = [cut.send(0, place + 1), cut.send(place + 1, len(cut.chain))]
    for part in order:
        site.admit(parts[part])
    assert aside(site) == []
    (person,) = shown(site)["person"].values()
    assert person.values["name"] == "Banun Orlok"
    with site.at_registry() as session, session.store.read() as reader:
        assert reader.counts().held == 0


def grouped(site: Site, user: str, groups: list[Group], told: list[Any]) -> None:
    """Entries of a changed program, each in the group that it says."""
    real = acting.Group
    waiting = iter(groups)
    acting.Group = lambda *_: next(waiting)  # type: ignore[misc, assignment]  # a changed program
    try:
        with changed_program(site, site.station, user) as session, session.act() as act:
            for kind, subject, body in told:
                act.say(kind, subject, body)
    finally:
        acting.Group = real  # type: ignore[misc]  # as it was


def _person(name: str) -> tuple[str, Subject, dict[str, Any]]:
    body = {"number": f"WST-A01-{name}", "values": {"name": name}}
    return kinds.PERSON_REGISTERED, Subject(kinds.PERSON, uuid4()), body


ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    "groups",
    [
        [Group(ONE, 0, 3), Group(OTHER, 0, 1)],
        [Group(ONE, 1, 2), Group(OTHER, 0, 1)],
        [Group(ONE, 0, 2), Group(ONE, 0, 2), Group(OTHER, 0, 1)],
        [Group(ONE, 0, 2), Group(ONE, 1, 3), Group(OTHER, 0, 1)],
        [Group(ONE, 0, 1), Group(OTHER, 0, 1), Group(ONE, 0, 1)],
    ],
)
def test_an_act_that_can_never_be_whole_is_put_aside(site: Site, groups: list[Group]) -> None:
    told = [_person(f"Forged {at}") for at in range(len(groups))]
    grouped(site, "officer", groups, told)
    site.admit(site.send())
    assert acts.BROKEN in {code for _, code in aside(site)} <= {acts.BROKEN, GROUP}
    names = {view.values["name"] for view in shown(site)["person"].values()}
    assert f"Forged {groups.index(Group(OTHER, 0, 1))}" in names
    # The station's other work goes on.
    site.take_in(families(1))
    assert site.admit(site.send()).quarantined == 0


def test_the_end_of_an_act_that_never_comes_stops_only_itself(site: Site) -> None:
    grouped(site, "officer", [Group(ONE, 0, 2)], [_person("Forged")])
    with opened(site.station, "supervisor", site.env) as session:
        from station import export

        first = export.export(session, site.outbox).bundle
    done = site.admit(first)
    assert done.quarantined == 1  # the export itself is an act, and it came after
    assert aside(site) == [(kinds.PERSON_REGISTERED, acts.BROKEN)]


# Forms


def amended(site: Site, form: FormRef | str, **changes: Any) -> admit.Imported:
    """An officer's program names a form; what it changes is nobody's else affair."""
    with site.at_station() as session, session.store.read() as reader:
        view = next(iter(reader.persons()))
    with changed_program(site, site.station, "officer") as session:
        named = form if isinstance(form, FormRef) else session.form_reference(form)
        real = type(session).form_reference
        type(session).form_reference = lambda self, name: named  # type: ignore[method-assign]  # a changed program
        try:
            with session.act() as act:
                act.say(
                    kinds.PERSON_AMENDED,
                    Subject(kinds.PERSON, view.id),
                    {"changes": changes},
                    base=view.heads,
                    form="any",
                )
        finally:
            type(session).form_reference = real  # type: ignore[method-assign]  # as it was
    return site.admit(site.send())


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("household", fitting.OTHER_SUBJECT),
        ("death", fitting.OTHER_SUBJECT),
        (FormRef("death", "9.9.9", bytes(32)), fitting.OTHER_SUBJECT),
        (FormRef("person", "1.1.0", bytes(32)), fitting.DIFFERS),
        (FormRef("person", "1.0.0", bytes(32)), fitting.DIFFERS),
    ],
)
def test_a_form_that_cannot_be_meant_is_put_aside(
    busy_site: Site, form: FormRef | str, code: str
) -> None:
    assert busy_site.admit(busy_site.send(), notice=False).quarantined == 0
    assert amended(busy_site, form, notes="x").quarantined == 1
    assert aside(busy_site) == [(kinds.PERSON_AMENDED, code)]


@pytest.mark.parametrize(
    "form", [FormRef("person", "9.9.9", bytes(32)), FormRef("later", "1.0.0", bytes(32))]
)
def test_a_form_of_a_later_program_is_kept_and_shown(busy_site: Site, form: FormRef) -> None:
    """MOSIP 890: client and server of different schemas leave a packet in process for ever."""
    done = amended(busy_site, form, notes="told", later="more")
    assert (done.quarantined, aside(busy_site)) == (0, [])
    (view,) = (one for one in shown(busy_site)["person"].values() if "later" in one.values)
    assert (view.values["notes"], view.values["later"]) == ("told", "more")


def test_answers_that_do_not_fit_are_admitted_and_said_to_be_there(busy_site: Site) -> None:
    odd = {"edtf": "garbage"}
    done = amended(busy_site, "person", phone=odd, notes=[1])
    assert done.quarantined == 0
    assert any(fitting.SENTENCES[fitting.ODD] in one for one in done.reasons)
    (view,) = (one for one in shown(busy_site)["person"].values() if one.values.get("phone") == odd)
    with busy_site.at_registry() as session:
        page = person_page(session, view.id)
        assert "cannot be read: garbage" in {one.value_text for one in page.facts}
        assert search(session, view.number)
        assert care.check(session).problems == ()


def test_a_text_that_nothing_can_show_is_put_aside(busy_site: Site) -> None:
    assert amended(busy_site, "person", notes="a\0b").quarantined == 1
    assert aside(busy_site) == [(kinds.PERSON_AMENDED, "text")]
    assert "text" in admission.SENTENCES
    assert "text" not in MENDABLE
