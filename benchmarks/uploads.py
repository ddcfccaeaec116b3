"""The benchmark of the service: fifty stations upload at once to one front, while it admits.

Real processes, real requests, real bundles: each station has a chain of its own and photographs.
Beside it, in the same run, the same bytes PUT to a bare application that only writes them.
"""

from __future__ import annotations

import hashlib
import random
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from benchmarks.camp import WORDS, environment
from benchmarks.figures import Figures, quantile
from db.slots import passphrase
from ledger import kinds
from ledger.certificate import OfficeType
from ledger.enrolment import Grant, Request
from ledger.entry import Group, Subject, write
from ledger.keys import SigningKey
from registry import enrol
from registry import setup as founding
from registry.service.limits import Limits
from registry.service.running import Prepared, Where, prepare, run
from sync.bundle import Photo, write_bundle
from sync.folder import SEALED_NAME, SIGNED_NAME
from sync.http import Line
from sync.http_patience import Patience
from sync.seal import new_identity, recipient_of
from values.identifiers import BundleId, EntryId, OfficeId, PhotoHash, UserId, uuid7
from workspace.opening import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspace.environment import Environment
    from workspace.session import Session

STATIONS, PHOTOS, PHOTO_BYTES = 50, 64, 60_000
LARGE = 1_000_000
"""Parts from this size on are timed: small ones measure the request and not the upload."""
ADMITTED_SECONDS = 600.0
_BARE = "the same bytes PUT to a bare uvicorn application that only writes them"


@dataclass(frozen=True)
class Sender:
    """A station as far as the service knows one."""

    office: OfficeId
    key: SigningKey
    bundle: BundleId
    folder: Path

    @property
    def files(self) -> list[Path]:
        """What is uploaded as parts."""
        return [self.folder / SEALED_NAME, *sorted(self.folder.glob("0*.age"))]


def uploads(folder: Path, *, stations: int = STATIONS, photos: int = PHOTOS) -> Figures:
    """Fifty stations at once: whether any failed, milliseconds a part, memory of the processes."""
    figures = Figures("uploads")
    folder.mkdir(parents=True, exist_ok=True)
    env = environment(folder)
    senders = _found(folder, env, stations, photos)
    size = sum(path.stat().st_size for one in senders for path in one.files)
    bare, bare_wall = _bare(folder, senders)
    registry = folder / "registry"
    session = open_workspace(registry, "administrator", passphrase(WORDS), env=env)
    try:
        # Fifty lines of one machine come from one address, and the disk is that of a laptop.
        prepared = prepare(
            session,
            Where("127.0.0.1", 0),
            limits=Limits(stranger_burst=10 * stations, disk_floor=64 * 1024**2),
        )
    finally:
        session.close()
    with _Service(prepared) as service:
        begun = time.perf_counter()
        ours, failed = _at_once(senders, lambda one: _upload(one, prepared.url))
        wall = time.perf_counter() - begun
        admitted = _await_admitted(senders, prepared.url)
        rest = time.perf_counter() - begun
        memory = service.memory()
    figures.value("stations", stations, "at_once")
    figures.value("failed", failed, "stations")
    figures.value("sent", size / 1e6, "MB")
    figures.timing("part", ours)
    figures.ratio("p95", quantile(ours, 0.95), quantile(bare, 0.95), _BARE)
    figures.value("through", size / 1e6 / wall, "MB_a_second")
    figures.ratio("throughput", size / wall, size / bare_wall, _BARE)
    figures.value("admitted", admitted, "bundles")
    figures.value("admitted_after", rest, "seconds")
    for name, most in memory.items():
        figures.value(name, most, "MB_at_most")
    return figures


def _found(folder: Path, env: Environment, stations: int, photos: int) -> list[Sender]:
    """A registry, and stations that it enrolled, each with a bundle to send."""
    founding.create(
        folder / "registry", admin="administrator", passphrase=passphrase(WORDS),
        keys_out=folder / "keys", env=env,
    )  # fmt: skip
    session = open_workspace(folder / "registry", "administrator", passphrase(WORDS), env=env)
    chance = random.Random(5)
    try:
        return [_enrolled(folder, env, session, number, chance, photos)
                for number in range(stations)]  # fmt: skip
    finally:
        session.close()


def _enrolled(
    folder: Path, env: Environment, session: Session, number: int, chance: random.Random,
    photos: int,
) -> Sender:  # fmt: skip
    now, entropy = env.clock.now(), env.entropy
    office, user = OfficeId(uuid7(now, entropy)), UserId(uuid7(now, entropy))
    station, document, own = (SigningKey.generate(entropy) for _ in range(3))
    asked, given = folder / f"{number}.request", folder / f"{number}.grant"
    asked.write_bytes(
        Request.create(
            office=office, name=f"Site {number}", station_key=station, document_key=document,
            recipient=recipient_of(new_identity()), administrator=user, login="administrator",
            administrator_key=own, requested_at=now,
        ).data
    )  # fmt: skip
    enrol.enrol(session, asked, given)
    grant = Grant.from_bytes(given.read_bytes())
    entry = write(
        entry_id=EntryId(uuid7(now, entropy)), office=office, office_type=OfficeType.STATION,
        epoch=entropy(8), sequence=1, previous=None, device_time=now, author=user,
        certificate=grant.administrator_certificate.hash, kind=kinds.EPOCH_BEGUN,
        subject=Subject("office", office), group=Group(uuid7(now, entropy), 0, 1),
        values={"reason": "new", "tag": "K7Q", "previous": None}, key=own, entropy=entropy,
    )  # fmt: skip
    pictures = (chance.randbytes(PHOTO_BYTES) for _ in range(photos))
    bundle = BundleId(uuid7(now, entropy))
    info = write_bundle(
        folder, bundle=bundle, office=office, entries=[entry],
        photos=(Photo(PhotoHash(hashlib.sha256(one).digest()), one) for one in pictures),
        signer=station, recipients=[grant.registry_recipient, grant.recovery_recipient], now=now,
        entropy=entropy,
    )  # fmt: skip
    return Sender(office, station, bundle, info.path)


def _at_once(
    senders: list[Sender], send: Callable[[Sender], list[float]]
) -> tuple[list[float], int]:
    """Let all begin together; milliseconds of the large parts, and how many stations failed."""
    gate = threading.Barrier(len(senders))

    def one(sender: Sender) -> list[float] | None:
        gate.wait()
        try:
            return send(sender)
        except Exception:  # whatever it is, the station failed: that is what is counted
            return None

    with ThreadPoolExecutor(len(senders)) as pool:
        found = list(pool.map(one, senders))
    return [time_ for each in found if each for time_ in each], found.count(None)


def _line(sender: Sender, url: str) -> Line:
    return Line(
        url, office=sender.office, key=sender.key,
        patience=Patience(pause=time.sleep, chance=random.random, most=1000),
    )  # fmt: skip


def _upload(sender: Sender, url: str) -> list[float]:
    """As a station does: what is there, the parts, the manifest."""
    taken = []
    with _line(sender, url) as line:
        names = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sender.files}
        line.have(list(names))
        for name, path in names.items():
            begun = time.perf_counter()
            line.put(name, path)
            if path.stat().st_size >= LARGE:
                taken.append((time.perf_counter() - begun) * 1000)
        said = line.offer(sender.bundle, (sender.folder / SIGNED_NAME).read_bytes())
        if said.state == "missing":
            raise RuntimeError("parts are missing")
    return taken


def _await_admitted(senders: list[Sender], url: str) -> int:
    """Wait until admission is through; how many bundles it took in."""
    until = time.monotonic() + ADMITTED_SECONDS
    admitted = 0
    for sender in senders:
        with _line(sender, url) as line:
            while time.monotonic() < until:
                state = line.state(sender.bundle, wait=20.0)
                if state is not None and state.state in {"imported", "refused", "aside"}:
                    admitted += state.state == "imported"
                    break
    return admitted


def _bare(folder: Path, senders: list[Sender]) -> tuple[list[float], float]:
    """The baseline: milliseconds of the large parts, and seconds in all."""
    place = folder / "bare"
    place.mkdir()
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(512)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        process = subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-m", "benchmarks.bare_uploads", str(listening.fileno()), str(place)],
            pass_fds=(listening.fileno(),),
        )
        try:
            httpx2.put(url, content=b"warm", trust_env=False, timeout=60.0)

            def send(sender: Sender) -> list[float]:
                taken = []
                with httpx2.Client(trust_env=False, timeout=60.0) as client:
                    for path in sender.files:
                        begun = time.perf_counter()
                        client.put(url, content=path.read_bytes())
                        if path.stat().st_size >= LARGE:
                            taken.append((time.perf_counter() - begun) * 1000)
                return taken

            begun = time.perf_counter()
            taken, failed = _at_once(senders, send)
            wall = time.perf_counter() - begun
        finally:
            process.terminate()
            process.wait(30)
    if failed:
        raise RuntimeError("the baseline failed")
    return taken, wall


class _Service:
    """Front and admission, as `registry serve` runs them."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._stop, self._ready = threading.Event(), threading.Event()
        self._pids: list[int] = []
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        run(self._prepared, ready=self._say, stop=self._stop)

    def _say(self, pids: list[int]) -> None:
        self._pids = pids
        self._ready.set()

    def __enter__(self) -> _Service:
        self._thread.start()
        self._ready.wait(120)
        return self

    def __exit__(self, *ended: object) -> None:
        self._stop.set()
        self._thread.join(60)

    def memory(self) -> dict[str, float]:
        """The most that each process had resident, in MB."""
        found = {}
        for name, pid in zip(("front", "admission"), self._pids, strict=True):
            for row in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
                if row.startswith("VmHWM:"):
                    found[name] = int(row.split()[1]) / 1024
        return found
