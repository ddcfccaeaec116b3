"""The program is killed while it writes a bundle: what stays is recognised, and does no harm."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.keys import SigningKey
from sync.bundle import BadOutcome, Flaw, Kind, known_signers, verify
from sync.inspect import inspect
from values.secret import Secret

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))

# Writes photos for ever and tells after each part.
WRITER = f"""
import itertools, os, sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from ledger.keys import SigningKey
from sync.bundle import Photo, write_bundle
from sync.seal import new_identity, recipient_of
from values.identifiers import BundleId, OfficeId
from values.secret import Secret

write_bundle(
    Path(sys.argv[1]),
    bundle=BundleId(UUID(int=1)),
    office=OfficeId(UUID(int=2)),
    entries=[],
    photos=(Photo.of(bytes(900_000)) for _ in itertools.count()),
    signer=SigningKey.from_bytes(Secret({KEY!r})),
    recipients=[recipient_of(new_identity())],
    now=datetime(2026, 11, 15, tzinfo=UTC),
    entropy=os.urandom,
    progress=lambda at: print(at.parts, at.size, flush=True),
)
"""


@pytest.mark.parametrize("pulses", [1, 7, 20])
def test_a_killed_export_is_unfinished(tmp_path: Path, pulses: int) -> None:
    """Sync 3 (j): a half-written folder is taken for a bundle."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    with child:
        for _ in range(pulses):
            assert child.stdout.readline()
        child.send_signal(signal.SIGKILL)
    (left,) = tmp_path.iterdir()
    found = inspect(left)
    assert found.unfinished
    assert found.signed_by is None
    key = SigningKey.from_bytes(Secret(KEY)).public
    outcome = verify(left, known_signers([key]), expect=Kind.BUNDLE)
    assert isinstance(outcome, BadOutcome)
    assert outcome.code is Flaw.UNFINISHED
