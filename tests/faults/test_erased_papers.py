"""A paper that was withdrawn stays withdrawn when its holder is erased, whoever erases.

Found by the simulation: the bit of a lost paper went with the body of its issue.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from documents.trust import Trust, load_trust
from documents.verdict import Verdict
from documents.verify import verify_bytes
from ledger import kinds
from ledger.entry import Subject
from registry import trust as registry_trust
from station import batch, receive
from station.batch import Which
from station.stock import note_used, require_fresh
from tests import paperwork
from tests.places import PASSPHRASE, Site, opened
from values.identifiers import DocumentId, PersonId
from workspace import care, erasure, papers
from workspace.errors import RefusedError
from workspace.session import Session

LAW = "Withdrawn consent, national law 12/3"


def two_papers(site: Site) -> tuple[bytes, bytes, DocumentId, PersonId]:
    """Papers of two persons; returns both pages, and the document and holder of the first."""
    with site.at_station("officer") as session:
        wanted = batch.targets(session, Which())
        one, other = [target for target in wanted if target.type == "registration"][:2]
        pages = [paperwork.issue(session, [target]).pdf for target in (one, other)]
        with session.store.read() as reader:
            (document,) = reader.documents_of(PersonId(one.subject))
    return pages[0], pages[1], document.id, PersonId(one.subject)


def erase(session: Session, person: PersonId) -> None:
    second = "registrar" if session.kind == "registry" else "supervisor"
    erasure.erase(
        session, erasure.entries_about(session, person), basis=LAW,
        second=second, second_passphrase=PASSPHRASE,
    )  # fmt: skip


def erase_as_before(session: Session, person: PersonId) -> None:
    """As programs erased that kept nothing of papers."""
    wanted = erasure.entries_about(session, person)
    with session.act() as act:
        found = [one for hash_ in wanted if (one := act.unit.entry(hash_))]
        act.say(
            kinds.ENTRY_ERASED,
            Subject("office", session.office.id),
            {"entries": wanted, "basis": LAW, "second": UUID(int=7).bytes},
        )
        erasure.carry_out(session, act.unit, found)


def withdraw(session: Session, document: DocumentId) -> None:
    papers.withdraw(session, document, code="lost")


def trusted(site: Site, tmp_path: Path) -> Trust:
    """The list as verifiers get it now."""
    with site.at_registry("administrator") as session:
        registry_trust.export(session, tmp_path / "list", jwks=False)
    return load_trust((tmp_path / "list").read_bytes())


def verdicts(site: Site, tmp_path: Path, *pages: bytes) -> list[Verdict]:
    trust = trusted(site, tmp_path)
    return [verify_bytes(one, trust, at=site.clock.now()).verdict for one in pages]


def sound(site: Site) -> None:
    for opening in (site.at_station, site.at_registry):
        with opening("administrator") as session:
            assert care.check(session).problems == ()
            assert care.rebuild(session)[1] == 0


@pytest.mark.parametrize("how", [erase, erase_as_before])
@pytest.mark.parametrize("sent", [False, True])
def test_erased_at_the_station(busy_site: Site, tmp_path: Path, how: object, sent: bool) -> None:
    assert callable(how)
    lost, good, document, person = two_papers(busy_site)
    with busy_site.at_station("officer") as session:
        withdraw(session, document)
    if sent:
        busy_site.admit(busy_site.send())
    with busy_site.at_station("administrator") as session:
        how(session, person)
    busy_site.admit(busy_site.send())
    assert verdicts(busy_site, tmp_path, lost, good) == [Verdict.REVOKED, Verdict.VALID]
    sound(busy_site)
    assert verdicts(busy_site, tmp_path, lost, good) == [Verdict.REVOKED, Verdict.VALID]


@pytest.mark.parametrize("how", [erase, erase_as_before])
@pytest.mark.parametrize("listed", [False, True])
def test_erased_at_the_registry(busy_site: Site, tmp_path: Path, how: object, listed: bool) -> None:
    assert callable(how)
    lost, good, document, person = two_papers(busy_site)
    with busy_site.at_station("officer") as session:
        withdraw(session, document)
    busy_site.admit(busy_site.send(), notice=False)
    if listed:
        assert verdicts(busy_site, tmp_path, lost) == [Verdict.REVOKED]
    with busy_site.at_registry("administrator") as session:
        how(session, person)
    assert verdicts(busy_site, tmp_path, lost, good) == [Verdict.REVOKED, Verdict.VALID]
    done = busy_site.admit(busy_site.send())
    assert done.notice is not None
    with busy_site.at_station("supervisor") as session:
        receive.receive(session, done.notice)
    sound(busy_site)


def test_withdrawn_where_nobody_knew_yet_that_it_was_erased(
    busy_site: Site, tmp_path: Path
) -> None:
    lost, good, document, person = two_papers(busy_site)
    busy_site.admit(busy_site.send())
    with busy_site.at_registry("administrator") as session:
        erase(session, person)
    with busy_site.at_station("officer") as session:
        withdraw(session, document)
    busy_site.admit(busy_site.send())
    assert verdicts(busy_site, tmp_path, lost, good) == [Verdict.REVOKED, Verdict.VALID]


def test_a_body_counts_before_what_is_said_to_be_kept_of_it(
    busy_site: Site, tmp_path: Path
) -> None:
    """A false word at an erasure does not move a bit that the registry can read itself."""
    lost, good, document, _ = two_papers(busy_site)
    with busy_site.at_station("officer") as session:
        withdraw(session, document)
    busy_site.admit(busy_site.send())
    with busy_site.at_station("administrator") as session:
        with session.store.read() as reader:
            wanted = [one.hash for one in reader.entries_of("document", document)]
        with session.act() as act:
            act.say(
                kinds.ENTRY_ERASED,
                Subject("office", session.office.id),
                {
                    "entries": wanted, "basis": LAW, "second": UUID(int=7).bytes,
                    "kept": [{"entry": one, "status_index": 3} for one in wanted],
                },
            )  # fmt: skip
    assert busy_site.admit(busy_site.send()).quarantined == 0
    assert verdicts(busy_site, tmp_path, lost, good) == [Verdict.REVOKED, Verdict.VALID]


def test_an_erased_paper_is_not_taken_for_one_that_was_never_issued(
    busy_site: Site, tmp_path: Path
) -> None:
    """A copy that was put back says that the number was reserved and not issued."""
    page, good, document, person = two_papers(busy_site)
    with busy_site.at_station("administrator") as session:
        with session.store.read() as reader:
            view = reader.document(document)
        assert view is not None
        erase(session, person)
    with busy_site.at_station("officer") as session, session.act() as act:
        paper = {"number": view.number, "status_index": view.status_index}
        act.say(
            kinds.NUMBERS_SPOILED,
            Subject("office", session.office.id),
            {"epoch": view.epoch, "papers": [paper], "reason": "a copy was put back"},
        )
    busy_site.admit(busy_site.send())
    assert verdicts(busy_site, tmp_path, page, good) == [Verdict.VALID, Verdict.VALID]


def test_a_number_that_was_erased_is_not_given_again(busy_site: Site, tmp_path: Path) -> None:
    _, _, _, person = two_papers(busy_site)
    with busy_site.at_station("administrator") as session:
        with session.store.read() as reader:
            former = {(one.number, one.status_index) for one in reader.views("document")}
        erase(session, person)
        care.rebuild(session)
    with busy_site.at_station("officer") as session:
        rest = [one for one in batch.targets(session, Which()) if one.subject != person]
        paperwork.issue(session, rest, reason="all anew", skip=True)
        with session.store.read() as reader:
            given = former | {(one.number, one.status_index) for one in reader.views("document")}
    assert len(given) > 5
    assert len(given) == len({one for one, _ in given}) == len({one for _, one in given})


def test_a_sheet_of_an_erased_paper_is_used(busy_site: Site, tmp_path: Path) -> None:
    """Also where nobody had noted yet which sheets were used."""
    _, _, document, person = two_papers(busy_site)
    with busy_site.at_station("officer") as session, session.act() as act:
        (issued,) = act.unit.entries_of("document", document)
        act.say(
            kinds.DOCUMENT_ISSUED,
            Subject("document", act.new_id()),
            {**(issued.body or {}), "number": "WST-A01-K7Q-D00042-31", "serial": "AB 1203"},
        )
    with busy_site.at_station("administrator") as session:
        erase(session, person)
        with session.store.write() as unit:
            unit.delete_setting("stock/")
        for note in (False, True):
            with session.store.write() as unit:
                if note:
                    note_used(session, unit, "AB 1300", "x", busy_site.clock.now().date())
                with pytest.raises(RefusedError) as refused:
                    require_fresh(session, unit, "ab1203")
            assert refused.value.code == "sheet_used"


def test_a_restored_copy_counts_the_same(busy_site: Site, tmp_path: Path) -> None:
    """The store is made anew from a backup, and its views from its entries."""
    lost, good, document, person = two_papers(busy_site)
    with busy_site.at_station("officer") as session:
        withdraw(session, document)
    busy_site.admit(busy_site.send())
    with busy_site.at_registry("administrator") as session:
        erase(session, person)
        care.backup(session, tmp_path / "backup")
    care.restore(tmp_path / "backup", tmp_path / "again", env=busy_site.env)
    with opened(tmp_path / "again", "administrator", busy_site.env) as session:
        care.rebuild(session)
        assert care.check(session).problems == ()
        registry_trust.export(session, tmp_path / "list", jwks=False)
    trust = load_trust((tmp_path / "list").read_bytes())
    found = [verify_bytes(one, trust, at=busy_site.clock.now()).verdict for one in (lost, good)]
    assert found == [Verdict.REVOKED, Verdict.VALID]
