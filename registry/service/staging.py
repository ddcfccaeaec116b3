"""The folder between front and admission: what arrived, what became of it, what goes back.

Everything in it is sealed, signed or public. Each file is written under another name, flushed and
renamed, so a kill leaves the old state or the new one. Nothing is named by what came over the line
before it was checked: hashes, ids and numbers only.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from db.files import read_object, sync_folder, write_atomically
from sync.folder import PARTIAL_SUFFIX, SIGNED_NAME, FileRecord
from sync.gather import listed_files
from sync.manifest import SignedManifest
from values.identifiers import BundleId, OfficeId

FOLDER: Final = "staging"
MAX_STATE_BYTES: Final = 64 * 1024
FILE_BYTES: Final = 16 * 1024
"""What a file counts beside its bytes: disks have about one inode for so many."""
MAX_KNOWN_BYTES: Final = 16 * 1024 * 1024

Reached = Callable[[str], None]
"""Called at named points of the work; tests end the process there."""


def nothing(point: str) -> None:
    """Nothing happens at a point."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one bundle.

    `state` is ``staged``, ``importing``, ``imported``, ``refused`` or ``aside``. `manifest` is the
    SHA-256 of its signed manifest in hex; `order` grows with the arrival; `tries` counts how often
    the import began; `notice` is the number of the notice that answers it.
    """

    state: str
    manifest: str
    order: int
    tries: int = 0
    code: str = ""
    sentence: str = ""
    notice: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {"imported", "refused", "aside"}


@dataclass(frozen=True, slots=True)
class Staged:
    """A whole bundle that waits for admission."""

    office: OfficeId
    bundle: BundleId
    path: Path
    result: Result


@dataclass(frozen=True, slots=True)
class Question:
    """A station wants the notices after a number; `round` names the asking."""

    after: int
    round: str


class Staging:
    """The folder. Both processes use one of these."""

    def __init__(self, root: Path, *, reached: Reached = nothing) -> None:
        self.root = root
        self.reached = reached
        self.known = root / "known.json"
        self.bell = root / "bell"
        self.pulse = root / "admission.json"

    @classmethod
    def of(cls, registry: Path) -> Self:
        """The staging folder of a registry, made if need be."""
        staging = cls(registry / FOLDER)
        staging.prepare()
        return staging

    def prepare(self) -> None:
        """Make the folders, for this account alone."""
        for name in ("", "parts", "in", "results", "out", "asked", "answered", "aside", "work"):
            (self.root / name).mkdir(mode=0o700, parents=True, exist_ok=True)

    # -- parts -------------------------------------------------------------------------------

    def part(self, office: OfficeId, sha256: str) -> Path:
        """Where a part lies once it is whole."""
        return self.root / "parts" / str(office) / sha256

    def partial(self, office: OfficeId, sha256: str) -> Path:
        """Where the beginning of a part lies."""
        path = self.part(office, sha256)
        return path.with_name(path.name + PARTIAL_SUFFIX)

    def has(self, office: OfficeId, sha256: str) -> bool:
        """Whether the whole part is here."""
        return self.part(office, sha256).is_file()

    def begun(self, office: OfficeId, sha256: str) -> int:
        """How many bytes of the part's beginning are here."""
        try:
            return self.partial(office, sha256).stat().st_size
        except FileNotFoundError:
            return 0

    def keep_part(self, office: OfficeId, sha256: str) -> None:
        """A partial file, flushed and compared, becomes the part."""
        self.reached("part written")
        self.partial(office, sha256).replace(self.part(office, sha256))
        sync_folder(self.part(office, sha256).parent)
        self.reached("part kept")

    def bytes_of(self, office: OfficeId) -> int:
        """Bytes that are staged for a station, with what the files themselves take."""
        folders = [self.root / "parts" / str(office)]
        inbox = self.root / "in" / str(office)
        with suppress(FileNotFoundError):
            folders += [one for one in inbox.iterdir() if one.is_dir()]
        return sum(size + FILE_BYTES for folder in folders for _, size, _ in _files(folder))

    def sweep(self, *, parts: float, results: float, now: float | None = None) -> int:
        """Remove parts that no bundle took for so many seconds, and results of bundles that ended
        so long ago; returns how many files."""
        now = time.time() if now is None else now
        old = [
            path
            for name, age in (("parts", parts), ("results", results))
            for folder in _folders(self.root / name)
            for path, _, changed in _files(folder)
            if changed < now - age
        ]
        dropped = 0
        for path in old:
            if path.parent.parent.name == "results" and not self._ended(path):
                continue
            path.unlink(missing_ok=True)
            dropped += 1
        return dropped

    def _ended(self, path: Path) -> bool:
        office, bundle = _uuid(path.parent.name), _uuid(path.stem)
        found = self.result(OfficeId(office), BundleId(bundle)) if office and bundle else None
        return found is not None and found.ended and found.state != "aside"

    # -- bundles -----------------------------------------------------------------------------

    def staged(self, office: OfficeId, bundle: BundleId) -> Path:
        """Where a whole bundle waits."""
        return self.root / "in" / str(office) / str(bundle)

    def missing(self, office: OfficeId, signed: SignedManifest) -> list[str]:
        """The listed files that are not here as parts of the listed size."""
        lacking = []
        for record in listed_files(signed).values():
            try:
                there = self.part(office, record.sha256.hex()).stat().st_size == record.size
            except FileNotFoundError:
                there = False
            if not there:
                lacking.append(record.sha256.hex())
        return lacking

    def stage(self, office: OfficeId, signed: SignedManifest, message: bytes, digest: str) -> None:
        """Put a bundle together from its parts, all of which are here; admission takes it then.

        The result first, so that nothing admission writes is overwritten; the folder under its
        name last, so that admission never sees half of one.
        """
        bundle = signed.bundle
        place = self.staged(office, bundle)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        building = place.with_name(place.name + PARTIAL_SUFFIX)
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(mode=0o700)
        for name, record in listed_files(signed).items():
            _link(self.part(office, record.sha256.hex()), building / name)
        self.reached("bundle linked")
        write_atomically(building / SIGNED_NAME, message)
        self.put_result(
            office, bundle, Result(state="staged", manifest=digest, order=time.time_ns())
        )
        self.reached("bundle promised")
        building.replace(place)
        sync_folder(place.parent)
        self.reached("bundle staged")
        self.drop_parts(office, listed_files(signed).values())
        self.ring()

    def drop_parts(self, office: OfficeId, records: Iterable[FileRecord]) -> None:
        """Parts that a staged bundle holds by another name."""
        for record in records:
            self.part(office, record.sha256.hex()).unlink(missing_ok=True)

    def waiting(self) -> list[Staged]:
        """Whole bundles, those that arrived first at the head."""
        found = []
        for folder in _folders(self.root / "in"):
            for path in _folders(folder):
                ids = _uuid(folder.name), _uuid(path.name)
                if ids[0] is None or ids[1] is None:
                    continue
                office, bundle = OfficeId(ids[0]), BundleId(ids[1])
                result = self.result(office, bundle) or Result("staged", "", 0)
                found.append(Staged(office, bundle, path, result))
        return sorted(found, key=lambda one: (one.result.order, str(one.bundle)))

    def finish(self, staged: Staged, result: Result) -> None:
        """Note how a bundle ended, then remove its folder."""
        self.put_result(staged.office, staged.bundle, result)
        self.reached("result written")
        self._discard(staged.path)

    def put_aside(self, staged: Staged, result: Result) -> None:
        """Keep a bundle that could not be taken for a fault of ours, for people to look at.

        Noted first: killed in between, it is found and moved at the next look. One that lies there
        already came before the station sent it anew.
        """
        self.put_result(staged.office, staged.bundle, result)
        self.reached("aside noted")
        place = self.root / "aside" / str(staged.office) / staged.path.name
        place.parent.mkdir(mode=0o700, exist_ok=True)
        if place.exists():
            self._discard(place)
        staged.path.replace(place)

    def _discard(self, path: Path) -> None:
        # Renamed first: a folder that lost some files is never taken for a bundle.
        gone = self.root / "work" / f"gone-{path.parent.name}-{path.name}"
        shutil.rmtree(gone, ignore_errors=True)
        path.replace(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def result(self, office: OfficeId, bundle: BundleId) -> Result | None:
        """What became of a bundle; None when it never came."""
        try:
            found = read_object(self._result(office, bundle), limit=MAX_STATE_BYTES)
            return Result(**found)
        except (OSError, ValueError, TypeError):
            return None

    def put_result(self, office: OfficeId, bundle: BundleId, result: Result) -> None:
        """Note it."""
        path = self._result(office, bundle)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _put(path, asdict(result))

    def _result(self, office: OfficeId, bundle: BundleId) -> Path:
        return self.root / "results" / str(office) / f"{bundle}.json"

    # -- notices -----------------------------------------------------------------------------

    def notice(self, office: OfficeId, number: int) -> Path:
        """Where a sealed notice lies."""
        return self.root / "out" / str(office) / str(number)

    def notices(self, office: OfficeId) -> list[int]:
        """The numbers of the notices that are here."""
        return sorted(
            int(one.name)
            for one in _folders(self.root / "out" / str(office))
            if one.name.isascii() and one.name.isdecimal()
        )

    def put_notice(self, office: OfficeId, number: int, written: Path) -> None:
        """Give a notice that was written elsewhere in this folder its place."""
        place = self.notice(office, number)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        if place.exists():
            shutil.rmtree(written)
            return
        written.replace(place)
        sync_folder(place.parent)

    def drop_notices(self, office: OfficeId, *, upto: int) -> None:
        """Remove notices that the station has."""
        for number in self.notices(office):
            if number <= upto:
                shutil.rmtree(self.notice(office, number), ignore_errors=True)

    def drop_all_notices(self) -> None:
        """Remove every notice, and every answer that names one."""
        for folder in _folders(self.root / "out"):
            shutil.rmtree(folder, ignore_errors=True)
        for path, _, _ in list(_files(self.root / "answered")):
            path.unlink(missing_ok=True)

    def ask(self, office: OfficeId, question: Question) -> None:
        """A station's question, for admission."""
        _put(self.root / "asked" / f"{office}.json", asdict(question))
        self.ring()

    def asked(self) -> Iterator[tuple[OfficeId, Question]]:
        """Questions that have no answer yet."""
        for path, _, _ in _files(self.root / "asked"):
            office = _uuid(path.stem)
            if office is None or path.suffix != ".json":
                continue
            question = _question(path)
            if question is not None and self.answered(OfficeId(office), question) is None:
                yield OfficeId(office), question

    def answered(self, office: OfficeId, question: Question) -> list[int] | None:
        """The notices that answer this question, which are in place; None while there is none."""
        path = self.root / "answered" / f"{office}.json"
        if _question(path) != question:
            return None
        try:
            numbers = read_object(path, limit=MAX_STATE_BYTES)["notices"]
            return [int(one) for one in numbers]
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def answer(self, office: OfficeId, question: Question, numbers: list[int]) -> None:
        """The notices that the question wants are in place now."""
        found = {**asdict(question), "notices": numbers}
        _put(self.root / "answered" / f"{office}.json", found)

    # -- signs -------------------------------------------------------------------------------

    def ring(self) -> None:
        """Tell admission that there is something to do."""
        with suppress(OSError):
            write_quickly(self.bell, str(time.time_ns()).encode("ascii"))

    def rung(self) -> str:
        """Changes whenever the bell is rung."""
        try:
            return self.bell.read_text("ascii")
        except OSError:
            return ""

    def beat(self, counts: dict[str, float]) -> None:
        """Admission is alive, and has done so much."""
        with suppress(OSError):
            write_quickly(self.pulse, json.dumps(counts).encode("ascii"))

    def beaten(self) -> tuple[float, dict[str, float]] | None:
        """Seconds since admission was alive, and what it said; None when it never was."""
        try:
            age = time.time() - self.pulse.stat().st_mtime
            counts = read_object(self.pulse, limit=MAX_STATE_BYTES)
        except (OSError, ValueError):
            return None
        return age, {name: float(value) for name, value in counts.items()}

    def free(self) -> int:
        """Bytes free on the disk of this folder."""
        return shutil.disk_usage(self.root).free


def write_quickly(path: Path, data: bytes) -> None:
    """Renamed into place but not flushed: for signs that a power cut may take."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)


def _put(path: Path, found: dict[str, object]) -> None:
    write_atomically(path, json.dumps(found, ensure_ascii=False).encode("utf-8"))


def _question(path: Path) -> Question | None:
    try:
        found = read_object(path, limit=MAX_STATE_BYTES)
        return Question(after=int(found["after"]), round=str(found["round"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _uuid(name: str) -> UUID | None:
    try:
        found = UUID(name)
    except ValueError:
        return None
    return found if str(found) == name else None


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(one for one in folder.iterdir() if one.is_dir() and not one.is_symlink())
    except FileNotFoundError:
        return []


def _files(folder: Path) -> Iterator[tuple[Path, int, float]]:
    """Path, size and time of change of the files in a folder, of those that stay long enough."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        with suppress(FileNotFoundError):
            if entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                yield Path(entry.path), status.st_size, status.st_mtime


def _link(part: Path, name: Path) -> None:
    """A second name for a part; a copy where the file system has no second names."""
    try:
        os.link(part, name)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}:
            raise
        write_atomically(name, part.read_bytes())
