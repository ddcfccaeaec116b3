"""A bundle's folder is damaged in three hundred random ways; none gets through.

For each: either the folder is refused with a named outcome, or what comes out is byte for byte
what went in (the change touched nothing that belongs to the bundle). No exception of any kind
leaves the room, and the untouched folder still opens afterwards.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from ledger.certificate import CertificateHash, OfficeType
from ledger.entry import Entry, Group, Subject, write
from ledger.keys import SigningKey
from sync.bundle import (
    BadOutcome,
    ContentsError,
    Flaw,
    Kind,
    Photo,
    known_signers,
    open_bundle,
    verify,
    write_bundle,
)
from sync.inspect import inspect
from sync.seal import new_identity, recipient_of
from values.identifiers import BundleId, EntryId, OfficeId, UserId
from values.secret import Secret

AT = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
KEY = SigningKey.from_bytes(Secret(bytes(range(32))))
OFFICE = OfficeId(UUID(int=0xA01))
IDENTITY = new_identity()
MUTATIONS = 300
# What a bundle that is changed on its way may be called. `content_differs` and the like would
# mean that something was decrypted whose hash nobody had compared.
BEFORE_DECRYPTING = {
    Flaw.UNFINISHED,
    Flaw.NOT_A_BUNDLE,
    Flaw.MALFORMED,
    Flaw.VERSION,
    Flaw.LIMIT,
    Flaw.WRONG_KIND,
    Flaw.UNKNOWN_SIGNER,
    Flaw.BAD_SIGNATURE,
    Flaw.MISSING,
    Flaw.ALTERED,
}


def make_entries(count: int) -> list[Entry]:
    entries: list[Entry] = []
    for sequence in range(1, count + 1):
        name = hashlib.sha256(f"entry {sequence}".encode()).digest()
        entries.append(
            write(
                entry_id=EntryId(UUID(bytes=name[:16])),
                office=OFFICE,
                office_type=OfficeType.STATION,
                epoch=b"epoch--1",
                sequence=sequence,
                previous=entries[-1].hash if entries else None,
                device_time=AT,
                author=UserId(UUID(int=7)),
                certificate=CertificateHash(bytes(32)),
                kind="person.registered",
                subject=Subject("person", UUID(bytes=name[16:])),
                group=Group(UUID(bytes=name[:16]), 0, 1),
                values={"number": f"WST-A01-{sequence}"},
                key=KEY,
                entropy=lambda length, name=name: name[:length],
            )
        )
    return entries


ENTRIES = make_entries(12)
PHOTOS = [Photo.of(hashlib.shake_256(bytes([n])).digest(700_000)) for n in range(14)]


def make_bundle(parent: Path, number: int) -> Path:
    parent.mkdir(exist_ok=True)
    return write_bundle(
        parent,
        bundle=BundleId(UUID(int=number)),
        office=OFFICE,
        entries=ENTRIES,
        photos=PHOTOS,
        signer=KEY,
        recipients=[recipient_of(IDENTITY)],
        now=AT,
        entropy=lambda length: bytes([number]) * length,
    ).path


def take_in(path: Path) -> BadOutcome | tuple[list[Entry], list[Photo]]:
    """The whole way in; anything it raises fails the test."""
    verified = verify(path, known_signers([KEY.public]), expect=Kind.BUNDLE)
    if isinstance(verified, BadOutcome):
        return verified
    opened = open_bundle(verified, [IDENTITY])
    if isinstance(opened, BadOutcome):
        return opened
    try:
        return list(opened.entries()), list(opened.photos())
    except ContentsError as error:
        return error.outcome


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two good bundles with the same content: the second lends its files to the first."""
    parent = tmp_path_factory.mktemp("bundles")
    return make_bundle(parent, 1), make_bundle(parent, 2)


Mutation = Callable[[Path, Path, random.Random], None]


def some_file(folder: Path, dice: random.Random) -> Path:
    return dice.choice(sorted(folder.iterdir()))


def flip(folder: Path, donor: Path, dice: random.Random) -> None:
    file = some_file(folder, dice)
    data = bytearray(file.read_bytes())
    for _ in range(dice.choice([1, 1, 1, 5, 100])):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    file.write_bytes(data)


def truncate(folder: Path, donor: Path, dice: random.Random) -> None:
    file = some_file(folder, dice)
    data = file.read_bytes()
    file.write_bytes(data[: dice.choice([0, 1, len(data) - 1, dice.randrange(len(data))])])


def drop_chunk(folder: Path, donor: Path, dice: random.Random) -> None:
    """64 KiB, the unit of the seal's stream, gone from the middle."""
    file = some_file(folder, dice)
    data = file.read_bytes()
    start = dice.randrange(len(data))
    file.write_bytes(data[:start] + data[start + dice.choice([1, 16, 65_536, 65_552]) :])


def delete(folder: Path, donor: Path, dice: random.Random) -> None:
    for _ in range(dice.choice([1, 1, 2])):
        some_file(folder, dice).unlink()


def swap(folder: Path, donor: Path, dice: random.Random) -> None:
    one, two = dice.sample(sorted(folder.iterdir()), 2)
    aside = folder / "aside"
    one.rename(aside)
    two.rename(one)
    aside.rename(two)


def append(folder: Path, donor: Path, dice: random.Random) -> None:
    file = some_file(folder, dice)
    file.write_bytes(file.read_bytes() + dice.randbytes(dice.choice([1, 16, 70_000])))


def rename(folder: Path, donor: Path, dice: random.Random) -> None:
    file = some_file(folder, dice)
    names = ["00007.age", "0.age", "manifest.sig.partial", "MANIFEST.old", f"{file.name}.partial"]
    file.rename(folder / dice.choice(names))


def duplicate(folder: Path, donor: Path, dice: random.Random) -> None:
    """A copy of one file, under a free name or over another file."""
    file = some_file(folder, dice)
    others = [other.name for other in folder.iterdir() if other != file]
    target = folder / dice.choice([*others, "00099.age", "copy of it.age"])
    target.write_bytes(file.read_bytes())


def replace_by_another(folder: Path, donor: Path, dice: random.Random) -> None:
    """The file of that name out of another good bundle by the same station."""
    file = some_file(folder, dice)
    file.write_bytes((donor / file.name).read_bytes())


def overwrite(folder: Path, donor: Path, dice: random.Random) -> None:
    file = some_file(folder, dice)
    size = file.stat().st_size
    file.write_bytes(dice.choice([bytes(size), dice.randbytes(size), b"\xff" * size]))


def link(folder: Path, donor: Path, dice: random.Random) -> None:
    file = some_file(folder, dice)
    target = dice.choice([donor / file.name, Path("/etc/hostname"), file.parent, file])
    file.unlink()
    file.symlink_to(target)


def add(folder: Path, donor: Path, dice: random.Random) -> None:
    names = ["00003.age", "-1.age", "00000.age.partial", "manifest.age.bak", "x" * 200]
    (folder / dice.choice(names)).write_bytes(dice.randbytes(dice.randrange(100)))


def forge_list(folder: Path, donor: Path, dice: random.Random) -> None:
    """The other bundle's signed list over this bundle's files, some of them exchanged too."""
    for name in ["manifest.sig", *dice.sample(["manifest.age", "00000.age", "00001.age"], 2)]:
        (folder / name).write_bytes((donor / name).read_bytes())


MUTATION_KINDS: list[Mutation] = [
    flip,
    flip,
    truncate,
    drop_chunk,
    delete,
    swap,
    append,
    rename,
    duplicate,
    replace_by_another,
    overwrite,
    link,
    add,
    forge_list,
]


def test_three_hundred_mutations(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    """Sync 3 (c): flipped bits, cuts and dropped blocks on the way."""
    good, donor = bundles
    dice = random.Random(20261115)
    seen: Counter[str] = Counter()
    for number in range(MUTATIONS):
        mutate = MUTATION_KINDS[number % len(MUTATION_KINDS)]
        folder = tmp_path / str(number)
        shutil.copytree(good, folder)
        mutate(folder, donor, dice)
        what = f"{mutate.__name__} (number {number})"
        outcome = take_in(folder)
        looked = inspect(folder)
        if isinstance(outcome, BadOutcome):
            assert outcome.code in BEFORE_DECRYPTING, what
            assert outcome.sentence.endswith("."), what
            # Only a false signature can look whole: telling it takes a key.
            assert not looked.whole or outcome.code is Flaw.BAD_SIGNATURE, what
        else:
            assert outcome == (ENTRIES, PHOTOS), what
            assert looked.whole, what
        seen["taken in" if not isinstance(outcome, BadOutcome) else outcome.code.value] += 1
        shutil.rmtree(folder)
    # Additions harm nothing, everything else is found; each way of failing was met.
    assert seen["taken in"] < MUTATIONS / 5
    for code in ("missing", "altered", "unfinished", "malformed"):
        assert seen[code] > 3, seen
    assert take_in(good) == (ENTRIES, PHOTOS)
    assert take_in(donor) == (ENTRIES, PHOTOS)


def test_every_bit_of_the_signed_list_counts(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    """No bit of ``manifest.sig`` can be turned without the folder being refused."""
    good, _ = bundles
    folder = tmp_path / "copy"
    folder.mkdir()
    for file in good.iterdir():
        (folder / file.name).hardlink_to(file)
    listing = folder / "manifest.sig"
    data = listing.read_bytes()
    listing.unlink()  # the link, so that the good bundle keeps its own
    for bit in range(0, len(data) * 8, 3):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        listing.write_bytes(changed)
        outcome = verify(folder, known_signers([KEY.public]), expect=Kind.BUNDLE)
        assert isinstance(outcome, BadOutcome), f"bit {bit}"
        assert outcome.code in BEFORE_DECRYPTING
    listing.write_bytes(data)
    assert take_in(folder) == (ENTRIES, PHOTOS)
