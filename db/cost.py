"""What guessing one passphrase costs: the parameters of Argon2id (RFC 9106).

The cost is a property of each slot, chosen by a policy that is handed in. No option and no
environment variable lowers it; tests build a cheap policy of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from db.errors import WeakSlotError
from values.secret import Secret

if TYPE_CHECKING:
    from values.clock import Clock

FLOOR_KIB = 64 * 1024
"""64 MiB: below it, a rented graphics card tries passphrases by the thousand."""

STANDARD_KIB = 128 * 1024
CEILING_KIB = 2 * 1024 * 1024
"""2 GiB: a changed slots file must not be able to exhaust the machine that opens it."""

CALIBRATION_CEILING_KIB = 512 * 1024
"""512 MiB: field laptops have 4 GiB, and the desktop is open beside it."""

ITERATIONS = 3
MAX_ITERATIONS = 64
MAX_LANES = 16
SALT_BYTES = 16
KEY_BYTES = 32
TARGET_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class SlotCost:
    """Parameters of one slot, as they lie in it. `memory_kib` is in KiB (RFC 9106 section 3.1)."""

    memory_kib: int
    iterations: int
    lanes: int
    salt: bytes = field(repr=False)

    def derive(self, passphrase: Secret) -> bytes:
        """32 bytes from the passphrase. Costs what the slot says, without holding the GIL."""
        return Argon2id(
            salt=self.salt,
            length=KEY_BYTES,
            iterations=self.iterations,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        ).derive(passphrase.reveal())

    def to_json(self) -> dict[str, Any]:
        """Plain values for the slots file."""
        return {
            "name": "argon2id",
            "memory_kib": self.memory_kib,
            "iterations": self.iterations,
            "lanes": self.lanes,
            "salt": self.salt.hex(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SlotCost:
        """The reverse of `to_json`. Raises KeyError, TypeError or ValueError on other shapes."""
        if data["name"] != "argon2id":
            raise ValueError("unknown key derivation")
        return cls(
            memory_kib=int(data["memory_kib"]),
            iterations=int(data["iterations"]),
            lanes=int(data["lanes"]),
            salt=bytes.fromhex(data["salt"]),
        )


@dataclass(frozen=True, slots=True)
class CostPolicy:
    """The cost of new slots, and the floor under which a slot is not opened."""

    memory_kib: int
    iterations: int
    lanes: int
    floor_kib: int = FLOOR_KIB

    @classmethod
    def standard(cls) -> CostPolicy:
        """128 MiB, three passes, one lane: about a second on a field laptop."""
        return cls(memory_kib=STANDARD_KIB, iterations=ITERATIONS, lanes=1)

    @classmethod
    def calibrated(cls, clock: Clock) -> CostPolicy:
        """As much memory as this machine fills in about one second, never under the floor."""
        probe = SlotCost(FLOOR_KIB, ITERATIONS, 1, bytes(SALT_BYTES))
        started = clock.monotonic()
        probe.derive(Secret(b"calibration"))
        seconds = max(clock.monotonic() - started, 1e-3)
        wanted = int(FLOOR_KIB * TARGET_SECONDS / seconds)
        memory = min(max(wanted, FLOOR_KIB), CALIBRATION_CEILING_KIB)
        # Whole steps of 16 MiB, so that a slot tells little about the machine it was made on.
        return cls(memory_kib=memory // 16384 * 16384, iterations=ITERATIONS, lanes=1)

    def new_slot(self, salt: bytes) -> SlotCost:
        """The cost of a slot made now."""
        return SlotCost(self.memory_kib, self.iterations, self.lanes, salt)

    def require(self, cost: SlotCost) -> None:
        """Raise `WeakSlotError` when a slot is under the floor or beyond every limit."""
        if (
            not self.floor_kib <= cost.memory_kib <= CEILING_KIB
            or not 1 <= cost.iterations <= MAX_ITERATIONS
            or not 1 <= cost.lanes <= MAX_LANES
            or len(cost.salt) < SALT_BYTES
        ):
            raise WeakSlotError
