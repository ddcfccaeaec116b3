"""A real bundle, damaged in three hundred ways, and forged from the inside in fifteen.

None is admitted wrongly, none makes the registry stumble, and the whole one is still admitted.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.entry import Entry
from registry import admit
from sync.bundle import write_bundle
from sync.errors import SyncError
from tests.places import Site, families
from values.identifiers import BundleId, uuid7
from workspace import care
from workspace.errors import RefusedError
from workspace.session import Session

MUTATIONS = 300
INSIDE = 15
SEED = 20261115

Mutate = Callable[[random.Random, Path, Path], None]


def _pick(chance: random.Random, bundle: Path) -> Path:
    return chance.choice(sorted(bundle.iterdir()))


def _flip(chance: random.Random, bundle: Path, other: Path) -> None:
    path = _pick(chance, bundle)
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 1, 1, 8, 200))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data if data != path.read_bytes() else bytes(data) + b"\0")


def _cut(chance: random.Random, bundle: Path, other: Path) -> None:
    path = _pick(chance, bundle)
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data))])


def _grow(chance: random.Random, bundle: Path, other: Path) -> None:
    path = _pick(chance, bundle)
    place = chance.randrange(path.stat().st_size + 1)
    data = path.read_bytes()
    path.write_bytes(data[:place] + chance.randbytes(chance.randrange(1, 5000)) + data[place:])


def _delete(chance: random.Random, bundle: Path, other: Path) -> None:
    _pick(chance, bundle).unlink()


def _replace(chance: random.Random, bundle: Path, other: Path) -> None:
    path = _pick(chance, bundle)
    shutil.copy(other / path.name, path)


def _exchange(chance: random.Random, bundle: Path, other: Path) -> None:
    one, two = chance.sample(sorted(bundle.iterdir()), 2)
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def _zero(chance: random.Random, bundle: Path, other: Path) -> None:
    path = _pick(chance, bundle)
    path.write_bytes(bytes(path.stat().st_size))


def _link(chance: random.Random, bundle: Path, other: Path) -> None:
    path = _pick(chance, bundle)
    path.rename(bundle.parent / "kept")
    path.symlink_to(bundle.parent / "kept")


def _folder(chance: random.Random, bundle: Path, other: Path) -> None:
    path = _pick(chance, bundle)
    path.unlink()
    path.mkdir()


KINDS: tuple[Mutate, ...] = (
    _flip, _flip, _flip, _cut, _cut, _grow, _delete, _replace, _exchange, _zero, _link, _folder
)  # fmt: skip


def refusal(session: Session, bundle: Path) -> str:
    """The code under which a bundle is refused; anything else it raises fails the test."""
    with pytest.raises((RefusedError, SyncError)) as refused:
        admit.import_bundle(session, bundle)
    assert refused.value.sentence.endswith(".") and "Orlok" not in refused.value.sentence
    return str(refused.value.code)


def test_three_hundred_damages(busy_site: Site, tmp_path: Path) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    whole = busy_site.send()
    busy_site.take_in(families(1, first=70))
    other = busy_site.send()
    codes: Counter[str] = Counter()
    with busy_site.at_registry() as session:
        with session.store.read() as reader:
            before = reader.count_entries()
        for number in range(MUTATIONS):
            folder = tmp_path / f"m{number}"
            folder.mkdir()
            bundle = folder / "bundle"
            shutil.copytree(whole, bundle)
            mutate = chance.choice(KINDS)
            mutate(chance, bundle, other)
            codes[refusal(session, bundle)] += 1
            shutil.rmtree(folder)
        with session.store.read() as reader:
            assert reader.count_entries() == before
            assert reader.counts().persons == 0
        assert care.check(session).problems == ()
    print(dict(codes))
    # What was changed is found before anything is decrypted.
    assert set(codes) <= {
        "altered", "missing", "unfinished", "not_a_bundle", "malformed", "bad_signature",
        "unknown_signer", "limit", "version", "wrong_kind",
    }  # fmt: skip
    done = busy_site.admit(whole)
    assert (done.admitted, done.held, done.quarantined) == (26, 0, 0)


def _flipped(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


def forged(chance: random.Random, entries: list[Entry]) -> list[Entry]:
    """The entries as a changed program of the station might send them: one is not as signed."""
    place = chance.randrange(len(entries))
    entry = entries[place]
    match chance.randrange(5):
        case 0:
            entry = Entry(entry.header_bytes, _flipped(chance, entry.signature), entry.body_bytes)
        case 1:
            entry = Entry(_flipped(chance, entry.header_bytes), entry.signature, entry.body_bytes)
        case 2:
            entry = Entry(entry.header_bytes, entry.signature, None)
        case 3:
            other = chance.choice(entries)
            entry = Entry(entry.header_bytes, other.signature, entry.body_bytes)
        case _:
            return entries[:place] + entries[place + 1 :]
    return [*entries[:place], entry, *entries[place + 1 :]]


def test_fifteen_forgeries_from_the_inside(busy_site: Site, tmp_path: Path) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    busy_site.send()
    with busy_site.at_station("supervisor") as session:
        office, signer = session.office, session.office.keys.signing_key()
        with session.store.read() as reader:
            true = list(reader.chain(office.id, session.epoch))
            views = {view.id: view for view in reader.persons()}
    known = {entry.hash for entry in true}
    outcomes: Counter[str] = Counter()
    for number in range(INSIDE):
        site = busy_site.copied(tmp_path / f"site-{number}")
        entries = forged(chance, true)
        try:
            bundle = write_bundle(
                site.outbox,
                bundle=BundleId(uuid7(site.clock.now(), site.env.entropy)),
                office=office.id,
                entries=entries,
                photos=[],
                signer=signer,
                recipients=[office.registry_recipient],
                now=site.clock.now(),
                entropy=site.env.entropy,
            ).path
        except Exception as error:  # the writer itself refuses what it cannot read
            outcomes[f"unwritten {type(error).__name__}"] += 1
            shutil.rmtree(site.folder)
            continue
        with site.at_registry() as session:
            try:
                done = admit.import_bundle(session, bundle)
            except (RefusedError, SyncError) as refused:
                outcomes[str(refused.code)] += 1
            else:
                outcomes["put aside"] += 1
                honest = entries == true[: len(entries)]
                assert bool(done.quarantined + done.held) is not honest, done
            assert care.check(session).problems == ()
            with session.store.read() as reader:
                for _, entry, standing in reader.arrivals():
                    if entry.header.office == office.id and standing.state == "admitted":
                        assert entry.hash in known
                for view in reader.persons():
                    assert view.values == views[view.id].values
        # The true one comes after: what was put aside for its damage does not stand in its way.
        site.admit(site.send())
        with site.at_registry() as session:
            assert care.check(session).problems == ()
            with session.store.read() as reader:
                admitted = {
                    entry.hash
                    for _, entry, standing in reader.arrivals()
                    if standing.state == "admitted"
                }
                if not any(entry.hash not in known for entry in entries):
                    assert known <= admitted
                    assert {view.id for view in reader.persons()} == set(views)
        shutil.rmtree(site.folder)
    print(dict(outcomes))
    assert outcomes["put aside"] >= 8
