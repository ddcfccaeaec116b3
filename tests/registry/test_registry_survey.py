"""Looking through a bundle in processes of their own sees what looking here sees."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ledger.entry import Entry
from registry import admit, survey
from registry.stations import stations
from sync import limits
from sync.bundle import OpenedBundle, write_bundle
from sync.workers import Workers
from tests.places import Site
from values.identifiers import BundleId, uuid7
from workspace.session import Session


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part for every few entries, as in a bundle of a hundred thousand persons."""
    monkeypatch.setattr(limits, "PART_PLAIN_BYTES", 4096)


def opened(session: Session, bundle: Path, workers: Workers) -> OpenedBundle:
    with session.store.read() as reader:
        return admit._open(session, bundle, stations(reader), workers)


def forged(site: Site) -> tuple[Path, Entry]:
    """A bundle in which one signature is another entry's."""
    with site.at_station("supervisor") as session, session.store.read() as reader:
        entries = list(reader.chain(session.office.id, session.epoch))
        bad = Entry(entries[20].header_bytes, entries[3].signature, entries[20].body_bytes)
        path = write_bundle(
            site.outbox,
            bundle=BundleId(uuid7(session.clock.now(), session.env.entropy)),
            office=session.office.id,
            entries=[*entries[:20], bad, *entries[21:]],
            photos=[],
            signer=session.office.keys.signing_key(),
            recipients=[session.office.registry_recipient],
            now=session.clock.now(),
            entropy=session.env.entropy,
        ).path
    return path, bad


def test_processes_see_what_one_sees(busy_site: Site) -> None:
    bundle, bad = forged(busy_site)
    with busy_site.at_registry() as session, closing(Workers(2)) as workers:
        whole = opened(session, bundle, workers)
        assert len(whole.manifest.parts) > 3
        with session.store.read() as reader:
            known = [*session.office.certificate_values(), *reader.certificates()]
        here = survey.look(opened(session, bundle, Workers(1)), known)
        there = survey.look(whole, known)
        assert bad.hash in here.doubtful
        # Certificates that a part brings are known to those that are looked at after it alone:
        # what another process could not tell is looked at again where it is judged.
        assert here.doubtful <= there.doubtful
        assert (here.photos, here.lost) == (there.photos, there.lost)
        done = admit.import_bundle(session, bundle, checkers=2)
        assert done.quarantined >= 1 and "changed after it was signed" in " ".join(done.reasons)


def test_an_import_with_helpers(busy_site: Site) -> None:
    bundle = busy_site.send()
    with busy_site.at_registry() as session:
        done = admit.import_bundle(session, bundle, checkers=2)
    assert (done.admitted, done.quarantined, done.held) == (26, 0, 0)
