"""What is erased leaves the chain whole; what is sealed is read by registrars only."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from db.errors import WrongPassphraseError
from db.records import Lost
from db.slots import KeySlots
from forms.draft import Draft
from ledger import kinds
from ledger.entry import Subject
from station import changes, receive
from station.register import register, take_photo
from sync.errors import SealError
from sync.seal import unseal
from tests import paperwork
from tests.places import PASSPHRASE, REGISTRY_USERS, STATION_USERS, Site, families, listing, row
from values import cbor
from values.identifiers import PersonId
from values.secret import Secret
from workspace import auditing, care, erasure, people, vault
from workspace.errors import NotAllowedError, RefusedError
from workspace.folder import SLOTS
from workspace.session import Session

CONSENT = dict.fromkeys(
    (
        "registration", "document", "assistance", "tracing", "host_state", "third_state",
        "statistics",
    ),
    "yes",
)  # fmt: skip


def family(photo: str) -> Draft:
    """A family of two, whose head has a photo."""
    head = {
        "relation": "head", "name": "Bela Velin", "sex": "M", "nationality": "SYR",
        "birth": {"text": "1980-02-03", "calendar": "gregorian"}, "language": "ara",
        "consent": CONSENT, "photo": photo, "phone": "+999550100011",
    }  # fmt: skip
    child = {**head, "relation": "child", "name": "Chana Velin", "photo": "",
             "birth": {"text": "2015-02-03", "calendar": "gregorian"}}  # fmt: skip
    household = {"origin_country": "SYR", "cause": "conflict",
                 "arrival": {"text": "2026-10-01", "calendar": "gregorian"}}  # fmt: skip
    return Draft(household=household).with_member(head).with_member(child)


def picture() -> bytes:
    """A face, of sorts."""
    made = BytesIO()
    Image.effect_noise((400, 500), 60).convert("RGB").save(made, "PNG")
    return made.getvalue()


def photographed(site: Site) -> PersonId:
    """Register the family by interview; returns the head."""
    with site.at_station("officer") as session:
        photo = take_photo(session, picture())
        done = register(session, "draft-1", family(photo))
    return done.persons[0][0]


def erase(session: Session, person: PersonId, *, second: str = "supervisor") -> erasure.Erased:
    """Erase everything that says who the person is."""
    return erasure.erase(
        session,
        erasure.entries_about(session, person),
        basis="Withdrawn consent, national law 12/3",
        second=second,
        second_passphrase=PASSPHRASE,
    )


def test_a_photo_travels(site: Site) -> None:
    head = photographed(site)
    site.admit(site.send())
    pages = []
    for opening in (site.at_station, site.at_registry):
        with opening() as session:
            assert care.check(session).problems == ()
            pages.append(people.person_page(session, head).photo)
    assert pages[0] == pages[1] is not None


def test_a_photo_that_is_not_here_cannot_be_registered(site: Site) -> None:
    with site.at_station("officer") as session, pytest.raises(RefusedError) as refused:
        register(session, "draft-1", family("ab" * 32))
    assert refused.value.code == "photo"


def test_an_erased_person_leaves_a_whole_chain(site: Site) -> None:
    """Sync 2 (k): an erasure that a court orders breaks the chain."""
    head = photographed(site)
    with site.at_station("administrator") as session:
        done = erase(session, head)
        assert (done.entries, done.photos) == (1, 1)
        assert session.store.photos.count() == 0
        found = care.check(session)
        assert found.problems == ()
        assert "1 entries are erased" in found.notes
        with session.store.read() as reader:
            assert reader.person(head) is None
        with pytest.raises(RefusedError):
            people.person_page(session, head)
        assert care.rebuild(session)[1] == 0
    # It goes on: review, papers, export.
    site.approve()
    with site.at_station("supervisor") as session:
        from station import printing

        targets = printing.targets_for_all(session)
        assert sum(paperwork.issue(session, targets, language="en").pages) == len(targets) == 2
    bundle = site.send()
    got = site.admit(bundle)
    assert (got.quarantined, got.held) == (0, 0)
    with site.at_registry() as session:
        found = care.check(session)
        assert found.problems == ()
        assert any("1 entries are" in note for note in found.notes)
        with session.store.read() as reader:
            assert reader.person(head) is None


def test_what_was_pruned_leaves_a_whole_chain_too(site: Site) -> None:
    """Pruning is housekeeping: an entry that says so, and bodies gone."""
    head = photographed(site)
    done = site.admit(site.send())
    assert done.notice is not None
    with site.at_station("supervisor") as session:
        receive.receive(session, done.notice)
        with session.act() as act:
            pruned = act.unit.entries_of("person", head)
            act.say(
                kinds.ENTRY_PRUNED,
                Subject("office", session.office.id),
                {"entries": [one.hash for one in pruned], "basis": "room", "second": None},
            )
            erasure.carry_out(session, act.unit, pruned, lost=Lost.PRUNED)
        erasure.drop_photos(session, pruned)
        found = care.check(session)
        assert found.problems == ()
        assert "1 entries are pruned" in found.notes
        assert care.rebuild(session)[1] == 0
    assert site.admit(site.send()).quarantined == 0
    with site.at_registry() as session:
        # The registry keeps what a station had no more room for.
        assert people.person_page(session, head).photo is not None


def test_erasing_again_changes_nothing(site: Site) -> None:
    head = photographed(site)
    with site.at_station("administrator") as session:
        entries = erasure.entries_about(session, head)
        for expected in (1, 0):
            done = erasure.erase(
                session, entries, basis="law", second="supervisor", second_passphrase=PASSPHRASE
            )
            assert done.entries == expected
        assert care.check(session).problems == ()


def test_a_photo_that_somebody_else_has_too_stays(site: Site) -> None:
    with site.at_station("officer") as session:
        photo = take_photo(session, picture())
        one = register(session, "draft-1", family(photo))
        register(session, "draft-2", family(photo))
    with site.at_station("administrator") as session:
        assert erase(session, one.persons[0][0]).photos == 0
        assert care.check(session).problems == ()


@pytest.mark.parametrize("user", ["officer", "supervisor", "auditor"])
def test_who_may_not_erase(site: Site, user: str) -> None:
    head = photographed(site)
    with site.at_station(user) as session, pytest.raises(NotAllowedError):
        erase(session, head)


def test_a_second_person_confirms_with_a_passphrase(site: Site) -> None:
    head = photographed(site)
    with site.at_station("administrator") as session:
        entries = erasure.entries_about(session, head)
        with pytest.raises(RefusedError) as refused:
            erase(session, head, second="Administrator")
        assert refused.value.code == "second"
        with pytest.raises(WrongPassphraseError):
            erasure.erase(
                session, entries, basis="law", second="officer",
                second_passphrase=Secret(b"not the passphrase"),
            )  # fmt: skip
        with pytest.raises(RefusedError) as refused:
            erasure.erase(
                session, entries, basis=" ", second="officer", second_passphrase=PASSPHRASE
            )
        assert refused.value.code == "basis"
        with session.store.read() as reader:
            assert reader.person(head) is not None


def test_a_forged_erasure_erases_nothing(site: Site) -> None:
    """An officer's program erases a body before the export and says so: that is put aside."""
    head = photographed(site)
    with site.at_station("officer") as session:
        entries = erasure.entries_about(session, head)
        with session.act() as act:
            act.say(
                kinds.ENTRY_ERASED,
                Subject("office", session.office.id),
                {"entries": entries, "basis": "forged", "second": bytes(16)},
            )
    done = site.admit(site.send())
    assert done.quarantined == 1
    with site.at_registry() as session:
        assert care.check(session).problems == ()
        assert people.person_page(session, head).name == "Bela Velin"


def test_what_the_registry_erases_goes_at_the_station_too(site: Site) -> None:
    head = photographed(site)
    done = site.admit(site.send())
    assert done.notice is not None
    with site.at_station("supervisor") as session:
        receive.receive(session, done.notice)
    with site.at_registry("registrar") as session:
        assert erase(session, head, second="clerk").photos == 1
    site.take_in(families(1))
    more = site.admit(site.send())
    assert more.notice is not None
    with site.at_station("supervisor") as session:
        receive.receive(session, more.notice)
        found = care.check(session)
        assert found.problems == ()
        assert "1 entries are erased" in found.notes
        assert session.store.photos.count() == 0
        with session.store.read() as reader:
            assert reader.person(head) is None


# -- sealed -------------------------------------------------------------------------------------

SEALED = "SV-VA"


def with_sealed_needs(site: Site) -> PersonId:
    """Take in somebody who has a need that only registrars may read."""
    site.take_in(listing(row("H-1", "head", "Dara Quill", needs=f"{SEALED} DS-BD")))
    with site.at_station() as session, session.store.read() as reader:
        (person,) = reader.persons()
        assert SEALED not in str(person.values["needs"])
        assert isinstance(person.values["needs_sealed"], bytes)
        return person.id


def test_no_slot_of_a_station_opens_what_is_sealed(site: Site) -> None:
    """Sync 6 (e): roles of the interface are no cryptography."""
    person = with_sealed_needs(site)
    for user in STATION_USERS:
        with site.at_station(user) as session:
            assert session.vault_identity is None
            with session.store.read() as reader:
                view = reader.person(person)
            assert view is not None
            sealed = view.values["needs_sealed"]
            with pytest.raises(NotAllowedError):
                vault.read_needs(session, person, reason="curious")
            # Not with any other key that the slot or the store gives either.
            slots = KeySlots.load(site.station / SLOTS, policy=site.env.policy)
            keys = slots.open(user, PASSPHRASE, site.env.device.device_secret(slots.workspace))
            assert keys.vault_key is None and not keys.named
            for identity in (session.office.keys.identity, session.office.keys.signing):
                with pytest.raises(SealError):
                    unseal(sealed, [identity])
            page = people.person_page(session, person)
            assert SEALED not in str(page)
            assert any(fact.value_text == "sealed" for fact in page.facts)


def test_a_registrar_reads_what_is_sealed_and_the_audit_says_so(site: Site) -> None:
    person = with_sealed_needs(site)
    site.admit(site.send())
    for user in set(REGISTRY_USERS) - {"registrar"}:
        with site.at_registry(user) as session, pytest.raises(NotAllowedError):
            vault.read_needs(session, person, reason="curious")
    with site.at_registry("registrar") as session:
        assert vault.read_needs(session, person, reason="referral") == [SEALED]
    with site.at_registry("auditor") as session:
        (line,) = auditing.read(session)
    assert (line.user, line.act, line.detail) == ("registrar", "sealed.read", "referral")
    assert line.subject == f"person {person}"
    assert "Quill" not in str(line)


def test_a_need_that_is_sealed_later_takes_none_back(site: Site) -> None:
    person = with_sealed_needs(site)
    with site.at_station("officer") as session:
        record = changes.begin(session, person)
        raw = {**record.raw, "needs": [*record.raw["needs"], "TR-PI"]}
        changes.change(session, person, raw, at=record, reason="She told the nurse")
    site.approve()
    site.admit(site.send())
    with site.at_registry("registrar") as session:
        assert vault.read_needs(session, person, reason="referral") == [SEALED, "TR-PI"]


def test_nothing_sealed_lies_in_the_clear_in_any_entry(site: Site) -> None:
    with_sealed_needs(site)
    with site.at_station() as session, session.store.read() as reader:
        for _, entry, _ in reader.arrivals():
            assert SEALED.encode() not in (entry.body_bytes or b"")
            assert SEALED not in str(cbor.decode(entry.body_bytes or b"\x80"))
