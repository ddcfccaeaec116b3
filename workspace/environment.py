"""What an office needs of the machine: time, chance, the cost of a slot, the device's secret."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.device import DeviceState
from db.slots import CostPolicy
from values.clock import Clock, Entropy, SystemClock

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Environment:
    """Handed in at the edge, so that tests can hold time still and slots cheap."""

    clock: Clock
    entropy: Entropy
    policy: CostPolicy
    device: DeviceState
    calibrate: bool = False
    """Make new slots as dear as this machine affords in a second, not at the policy's cost."""
    state_folder: Path | None = None
    """Where `device` lies, unless in the account's own place: a further process is told it."""

    def slot_policy(self) -> CostPolicy:
        """The cost of slots that are made now; opening asks only for the policy's floor."""
        return CostPolicy.calibrated(self.clock) if self.calibrate else self.policy

    @classmethod
    def default(cls, *, state_folder: Path | None = None) -> Environment:
        """The machine as it is: its clock, its chance, its keyring or state folder."""
        return cls(
            clock=SystemClock(),
            entropy=os.urandom,
            policy=CostPolicy.standard(),
            device=DeviceState(state_folder) if state_folder else DeviceState.default(),
            calibrate=True,
            state_folder=state_folder,
        )
