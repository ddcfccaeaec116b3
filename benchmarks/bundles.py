"""A bundle out of a full station, and read again with every signature checked, beside the floor.

The floor is what no program could leave out, done bare in the same run on the same two cores, one
step after the other: out, the same rows read from SQLCipher, sealed with age for two keys and
hashed; in, the same files hashed, opened with age, and every entry's Ed25519 signature verified.
At last the whole import into an embedded registry, which also judges, folds, indexes and keeps
photos: its floor has bare SQLCipher inserts of the same entries and photos besides.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.figures import Figures
from sync.workers import CORES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.camp import Camp
    from workspace.session import Session

AT_ONCE: Final = 64
"""Photos that one entry may name."""


def bundle(camp: Camp, *, photo_size: int = 0) -> Figures:
    """Export and verified reading, in persons and megabytes per second, beside the floor."""
    from sync.bundle import BadOutcome, Kind, known_signers, open_bundle, verify
    from training.offices import REGISTRAR, SUPERVISOR

    figures = Figures("bundle")
    with tempfile.TemporaryDirectory(dir=camp.folder) as scratch:
        if photo_size:
            with camp.session(SUPERVISOR) as session:
                _photograph(session, camp.persons, photo_size)
        with camp.session_at("registry", REGISTRAR) as session:
            identity = session.office.keys.identity
            recovery = session.office.recovery_recipient
        with camp.session(SUPERVISOR) as session:
            with session.store.read() as reader:
                certificates = [*session.office.certificate_values(), *reader.certificates()]
            keys = {one.hash: one.public_key for one in certificates}
            signer = session.office.keys.signing_key().public
            recipient = session.office.registry_recipient
            with _Watching() as memory:
                begun = time.perf_counter()
                path, size, entries = _export(session, Path(scratch))
                out = time.perf_counter() - begun
            _told(figures, "out", memory)
            reading = _bare_reading(session)
        with _Watching() as memory:
            begun = time.perf_counter()
            verified = verify(path, known_signers([signer]), expect=Kind.BUNDLE)
            assert not isinstance(verified, BadOutcome)  # noqa: S101 - it was written just now
            opened = open_bundle(verified, [identity])
            assert not isinstance(opened, BadOutcome)  # noqa: S101 - likewise
            good = sum(signed is True for _, _, signed in opened.checked(keys))
            pictures = sum(1 for _ in opened.photos())
            into = time.perf_counter() - begun
        _told(figures, "in", memory)
        with _Watching() as memory:
            importing = _import(camp, path, Path(scratch))
        _told(figures, "import", memory)
        assert good == entries  # noqa: S101 - a figure of something else would mislead
        raw = {hash_: key.raw for hash_, key in keys.items()}
        kinds = [part.kind.value for part in opened.manifest.parts]
        floor = _floor(path, kinds, identity.reveal(), [recipient, recovery], raw)
        inserting = _bare_inserts(path, kinds, identity.reveal(), Path(scratch))
        shutil.rmtree(path)
    megabytes = size / 1e6
    for name, value in (("entries", entries), ("photos", pictures)):
        figures.value(name, value, "count")
    figures.value("size", megabytes, "MB")
    for way, took in (("out", out), ("in", into), ("import", importing)):
        figures.value(f"{way}_persons", camp.persons / took, "per_second")
        figures.value(f"{way}", megabytes / took, "MB_per_second")
        figures.value(f"{way}", took, "seconds")
    figures.value("floor_read", reading, "seconds")
    figures.value("floor_seal", floor.seal, "seconds")
    figures.value("floor_hash", floor.hash, "seconds")
    figures.value("floor_open", floor.open, "seconds")
    figures.value("floor_verify", floor.verify, "seconds")
    figures.value("bare_inserts", inserting, "seconds")
    least_out = reading + floor.seal + floor.hash
    least_in = floor.hash + floor.open + floor.verify
    figures.value("out_of_floor", 100 * least_out / out, "percent")
    figures.value("in_of_floor", 100 * least_in / into, "percent")
    least_import = least_in + inserting
    figures.value("import_of_floor", 100 * least_import / importing, "percent")
    figures.ratio("out", out, least_out, "SQLCipher reads, age and SHA-256 alone")
    figures.ratio("in", into, least_in, "SHA-256, age and Ed25519 alone")
    figures.ratio("import", importing, least_import, "these and bare SQLCipher inserts alone")
    figures.ratio("out_age", out, floor.seal, "age alone")
    figures.ratio("in_age", into, floor.open, "age alone")
    return figures


def _export(session: Session, parent: Path) -> tuple[Path, int, int]:
    """Without noting it, so that the next run exports the same."""
    from station import export

    made = export.write(session, parent, progress=lambda done, total: None, cancelled=lambda: False)
    export._forget(session, parent)
    return made.path, made.size, made.entries


def _import(camp: Camp, path: Path, scratch: Path) -> float:
    """Into a copy of the registry as it was founded, with nothing in it."""
    from benchmarks.camp import WORDS
    from db.slots import passphrase
    from registry.admit import import_bundle
    from training.offices import REGISTRAR, opened

    registry = scratch / "registry"
    shutil.copytree(camp.folder / "registry", registry)
    with opened(registry, REGISTRAR, passphrase(WORDS), env=camp.env) as session:
        begun = time.perf_counter()
        import_bundle(session, path)
        took = time.perf_counter() - begun
    shutil.rmtree(registry)
    return took


def _photograph(session: Session, persons: int, size: int) -> None:
    """Photos of that size, one for each person, named by entries; unless they are there."""
    from ledger import kinds
    from ledger.entry import Subject

    left = persons - session.store.photos.count()
    while left > 0:
        with session.store.write() as unit:
            for _ in range(32):
                count = min(AT_ONCE, left)
                if count <= 0:
                    break
                names = session.store.photos.put_many([os.urandom(size) for _ in range(count)])
                with session.act(unit=unit) as act:
                    act.say(
                        kinds.CLOCK_CONFIRMED,
                        Subject("office", session.office.id),
                        {"shown": "2026-11-15", "latest": "2026-11-15"},
                        blobs=names,
                    )
                left -= count


def _bare_reading(session: Session) -> float:
    """The rows that go into a bundle, fetched by the driver and dropped."""
    begun = time.perf_counter()
    for engine, statement in (
        (session.store._engine, "SELECT header, signature, body FROM entries ORDER BY arrival"),
        (session.store._photo_engine, "SELECT data FROM photos ORDER BY name"),
    ):
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(statement)
            while cursor.fetchmany(500):
                pass
        finally:
            connection.close()
    return time.perf_counter() - begun


@dataclass(frozen=True, slots=True)
class _Steps:
    """Seconds of wall time for each bare step, on all cores together."""

    seal: float = 0.0
    open: float = 0.0
    hash: float = 0.0
    verify: float = 0.0


def _floor(
    path: Path,
    kinds: list[str],
    identity: bytes,
    recipients: list[str],
    keys: dict[Any, bytes],
) -> _Steps:
    """Each step over every part, shared out between the cores; the slower core's time counts."""
    files = [(str(path / f"{index:05d}.age"), kind) for index, kind in enumerate(kinds)]
    shares = [files[core::CORES] for core in range(CORES)]
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_warm, range(2 * CORES)))
        found = list(
            pool.map(
                _steps,
                shares,
                [identity] * CORES,
                [recipients] * CORES,
                [keys] * CORES,
            )
        )
    return _Steps(*(max(column) for column in zip(*found, strict=True)))


def _warm(_: int) -> None:
    import pyrage  # noqa: F401 - so that importing is not measured

    time.sleep(0.3)  # long enough for every process to take one


def _steps(
    files: list[tuple[str, str]], identity: bytes, recipients: list[str], keys: dict[Any, bytes]
) -> tuple[float, float, float, float]:
    """In one process: seconds to seal, to open, to hash and to verify these parts."""
    import pyrage
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    own = [pyrage.x25519.Identity.from_str(identity.decode("ascii"))]
    sealing = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    public = {hash_: Ed25519PublicKey.from_public_bytes(raw) for hash_, raw in keys.items()}
    seal = opening = hashing = verifying = 0.0
    for file, kind in files:
        sealed = Path(file).read_bytes()
        at = time.perf_counter()
        hashlib.sha256(sealed).digest()
        hashing += time.perf_counter() - at
        at = time.perf_counter()
        plain = pyrage.decrypt(sealed, own)
        opening += time.perf_counter() - at
        at = time.perf_counter()
        pyrage.encrypt(plain, sealing)
        seal += time.perf_counter() - at
        if kind == "entries":
            signed = _signed(plain)
            at = time.perf_counter()
            for certificate, signature, message in signed:
                public[certificate].verify(signature, message)
            verifying += time.perf_counter() - at
    return seal, opening, hashing, verifying


def _signed(plain: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """Certificate, signature and signed bytes of each entry; not part of what is measured."""
    from ledger.entry import DOMAIN, from_wire

    return [
        (entry.header.certificate, entry.signature, DOMAIN + entry.hash)
        for entry in map(from_wire, _items(plain))
    ]


def _items(plain: bytes) -> Iterator[Any]:
    import zstandard

    from values import cbor

    return cbor.decode_sequence(zstandard.ZstdDecompressor().decompress(plain))


def _bare_inserts(path: Path, kinds: list[str], identity: bytes, scratch: Path) -> float:
    """The same entries and photos into an empty encrypted file, by the driver alone."""
    import pyrage
    import sqlcipher3.dbapi2 as sqlcipher

    from values import cbor

    own = [pyrage.x25519.Identity.from_str(identity.decode("ascii"))]
    connection = sqlcipher.connect(str(scratch / "bare.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{os.urandom(32).hex()}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE entries (hash BLOB PRIMARY KEY, h BLOB, s BLOB, b BLOB)")
    connection.execute("CREATE TABLE photos (name BLOB PRIMARY KEY, data BLOB)")
    took = 0.0
    for index, kind in enumerate(kinds):
        plain = pyrage.decrypt((path / f"{index:05d}.age").read_bytes(), own)
        rows: list[tuple[Any, ...]]
        if kind == "entries":
            rows = [(hashlib.sha256(item[0]).digest(), *item) for item in _items(plain)]
            statement = "INSERT INTO entries VALUES (?, ?, ?, ?)"
        else:
            rows = [(hashlib.sha256(one).digest(), one) for one in cbor.decode_sequence(plain)]
            statement = "INSERT INTO photos VALUES (?, ?)"
        at = time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany(statement, rows)
        connection.execute("COMMIT")
        took += time.perf_counter() - at
    connection.close()
    return took


class _Watching:
    """The memory that this process and its children hold, in megabytes, sampled."""

    def __enter__(self) -> list[float]:
        self._seen = [0.0]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self._seen

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        import multiprocessing

        while not self._over.wait(0.05):
            children = [one.pid for one in multiprocessing.active_children() if one.pid]
            self._seen.append(sum(map(_resident, [os.getpid(), *children])))


def _told(figures: Figures, way: str, seen: list[float]) -> None:
    """The most, and the most in each quarter of the time: flat where the last is no more than
    those before it."""
    figures.value(f"{way}_memory", max(seen), "MB")
    for quarter in range(4):
        part = seen[quarter * len(seen) // 4 : (quarter + 1) * len(seen) // 4]
        figures.value(f"{way}_memory_quarter_{quarter + 1}", max(part, default=0.0), "MB")


def _resident(process: int) -> float:
    """Memory that is this process's own, in megabytes; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0
