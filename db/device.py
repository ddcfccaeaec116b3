"""What this machine remembers beside a workspace: its secret, and how far it got.

The device secret makes a copied workspace useless without the machine it was set up on. It lies
in the account's keyring when there is a real one, else in a 0600 file under the user's state
folder, never in the workspace. Beside it lies the highest (epoch, sequence) committed here: a
store that is behind it was restored or copied, and must begin a new epoch.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, TypeVar
from uuid import UUID

from db.errors import DeviceSecretError
from db.files import read_object, write_atomically
from values.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from values.clock import Entropy

SECRET_BYTES = 32
MAX_BYTES = 64 * 1024
"""Of a file here: what was written has a hundred."""
PROBE_BYTES = 4096
"""A block of most disks: what has room for it has room for a mark."""
SERVICE = "org.waystation.device"
KEYRING_SECONDS = 5.0
"""A locked keyring may ask in a window that nobody sees; after this long we go on without it."""

MIN_PRIORITY = 1
"""keyring's own scale: below 1 are the backends that fail, forget, or keep plain text."""

Answer = TypeVar("Answer")


class KeyringPort(Protocol):
    """The two things asked of a keyring. Both may raise anything; `DeviceState` guards them."""

    def get(self, name: str) -> str | None:
        """The secret stored under a name, or None."""
        ...

    def put(self, name: str, value: str) -> None:
        """Store a secret under a name."""
        ...


class FileKeyring:
    """A keyring in a folder: for tests, and for services that are given a protected volume."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> str | None:
        """See `KeyringPort`."""
        path = self._folder / name
        return path.read_text("ascii") if path.exists() else None

    def put(self, name: str, value: str) -> None:
        """See `KeyringPort`."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(self._folder / name, value.encode("ascii"))


class SystemKeyring:
    """The account's keyring through the `keyring` library."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    @classmethod
    def find(cls) -> SystemKeyring | None:
        """The keyring, or None where there is none worth the name. Never prompts."""
        if sys.platform.startswith("linux") and not (
            os.environ.get("DBUS_SESSION_BUS_ADDRESS")
            and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
        ):
            # Headless: nobody could answer the prompt that unlocks it.
            return None

        def look() -> SystemKeyring | None:
            import keyring  # 0.3 s, and only where a desktop runs

            backend = keyring.get_keyring()
            return cls(backend) if float(backend.priority) >= MIN_PRIORITY else None

        try:
            return _within(KEYRING_SECONDS, look)
        except Exception:  # backends raise what they like; then the secret lies in a file
            return None

    def get(self, name: str) -> str | None:
        """See `KeyringPort`."""
        found = self._backend.get_password(SERVICE, name)
        return None if found is None else str(found)

    def put(self, name: str, value: str) -> None:
        """See `KeyringPort`."""
        self._backend.set_password(SERVICE, name, value)


class HighWater(NamedTuple):
    """How far a chain had got when this machine last committed to it."""

    epoch: bytes
    sequence: int


class DeviceState:
    """The state folder of one account on one machine."""

    def __init__(
        self,
        folder: Path,
        *,
        keyring: KeyringPort | None = None,
        entropy: Entropy = os.urandom,
    ) -> None:
        self._folder = folder
        self._keyring = keyring
        self._entropy = entropy

    @classmethod
    def default(cls) -> Self:
        """This account's own: platformdirs' state folder, and its keyring if it has one."""
        from platformdirs import user_state_path  # light, but not needed by tests

        return cls(user_state_path("waystation", appauthor=False), keyring=SystemKeyring.find())

    def device_secret(self, workspace: UUID | str) -> Secret:
        """The secret that goes with a workspace on this machine; made at the first call.

        Raises `DeviceSecretError` when it lies in a keyring that cannot be read now: making
        another would lock the workspace for good.
        """
        path = self._path("device", str(workspace))
        try:
            known = read_object(path, limit=MAX_BYTES)
            if known.get("kept_in") == "keyring":
                return self._from_keyring(str(workspace))
            raw = bytes.fromhex(known["secret"])
            if len(raw) != SECRET_BYTES:
                raise ValueError("not a secret")
        except FileNotFoundError:
            return self._new_secret(path, str(workspace))
        except (OSError, ValueError, KeyError, TypeError):
            raise DeviceSecretError(
                f"The device secret {path} cannot be read. "
                "Restore that file, or open the workspace with its recovery sheet."
            ) from None
        return Secret(raw)

    def kept_in(self, workspace: UUID | str) -> str:
        """``keyring``, ``file``, or ``nowhere`` yet: for the page that tells how safe this is."""
        try:
            known = read_object(self._path("device", str(workspace)), limit=MAX_BYTES)
        except (OSError, ValueError):
            return "nowhere"
        return str(known.get("kept_in", "nowhere"))

    def high_water(self, name: object) -> HighWater | None:
        """The mark kept under a name (a workspace, or an office in a place); None if there is none.

        A torn or unreadable mark counts as none, which only costs a new epoch.
        """
        try:
            data = read_object(self._path("high", str(name)), limit=MAX_BYTES)
            epoch, sequence = bytes.fromhex(data["epoch"]), data["sequence"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        # A sequence that was changed to a lower one would let an old copy write on.
        return HighWater(epoch, sequence) if isinstance(sequence, int) and sequence >= 0 else None

    def set_high_water(self, name: object, epoch: bytes, sequence: int) -> None:
        """Keep a mark; called after every commit, so without fsync: being late is harmless."""
        path = self._path("high", str(name))
        data = json.dumps({"epoch": epoch.hex(), "sequence": sequence}).encode()
        temporary = self._passing(path.stem)
        try:
            try:
                temporary.write_bytes(data)
            except FileNotFoundError:
                self._make_folder()
                temporary.write_bytes(data)
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise

    def keeps_marks(self) -> bool:
        """Whether a mark can be kept now: the folder can be written and has room."""
        path = self._passing("probe")
        try:
            self._make_folder()
            path.write_bytes(bytes(PROBE_BYTES))
            path.unlink()
        except OSError:
            with suppress(OSError):
                path.unlink()
            return False
        return True

    def forget_high_water(self, name: object) -> None:
        """Drop a mark, so that what is opened under this name next begins a new epoch."""
        self._path("high", str(name)).unlink(missing_ok=True)

    def _path(self, what: str, name: str) -> Path:
        # Names hold folders of this machine; a hash keeps them out of file names.
        return self._folder / f"{what}-{sha256(name.encode()).hexdigest()[:32]}.json"

    def _passing(self, what: str) -> Path:
        """A file for a moment, of whoever asks alone: one that threads or programs shared would be
        taken from under one of them, and the folder look as if it could not be written."""
        return self._folder / f"{what}-{self._entropy(8).hex()}.new"

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _new_secret(self, path: Path, name: str) -> Secret:
        self._make_folder()
        raw = self._entropy(SECRET_BYTES)
        if self._put_in_keyring(name, raw.hex()):
            note: dict[str, Any] = {"kept_in": "keyring"}
        else:
            note = {"kept_in": "file", "secret": raw.hex()}
        write_atomically(path, json.dumps(note).encode())
        return Secret(raw)

    def _put_in_keyring(self, name: str, value: str) -> bool:
        keyring = self._keyring
        if keyring is None:
            return False

        def put_and_compare() -> bool:
            keyring.put(name, value)
            return keyring.get(name) == value

        try:
            return _within(KEYRING_SECONDS, put_and_compare)
        except Exception:  # the same: then the file is written
            return False

    def _from_keyring(self, name: str) -> Secret:
        keyring = self._keyring
        if keyring is None:
            raise DeviceSecretError
        try:
            found = _within(KEYRING_SECONDS, lambda: keyring.get(name))
            return Secret(bytes.fromhex(found or ""))
        except Exception:  # the same; the sentence of the error says how to get in again
            raise DeviceSecretError from None


def _within(seconds: float, ask: Callable[[], Answer]) -> Answer:
    """Run `ask` on a thread that may be left behind; raises TimeoutError when it takes longer."""
    answers: list[Answer] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(ask())
        except BaseException as failure:
            failures.append(failure)

    # A daemon, so that a prompt nobody answers cannot keep the program from ending.
    thread = threading.Thread(target=run, daemon=True, name="keyring")
    thread.start()
    thread.join(seconds)
    if failures:
        raise failures[0]
    if not answers:
        raise TimeoutError
    return answers[0]
