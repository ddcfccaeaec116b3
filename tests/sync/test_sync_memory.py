"""Photos by the thousand pass through with flat memory."""

from __future__ import annotations

import tracemalloc

from sync.bundle import Photo
from sync.limits import MIB, PART_PLAIN_BYTES

COUNT, SIZE = 2_400, 20_000


def pictures():
    base = bytes(range(256)) * (SIZE // 256)
    for index in range(COUNT):
        yield Photo.of(index.to_bytes(4, "big") + base)


def test_memory_stays_flat_while_writing_and_reading(world, tmp_path):
    """48 MB of photos, never more than a few parts' worth of memory.

    Sync 3 (a): sealing the whole content at once takes the memory of all photographs.
    """
    tracemalloc.start()
    info = world.write(tmp_path, world.chain(1), pictures())
    opened = world.open(info.path)
    count = sum(1 for _ in opened.photos())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == COUNT
    assert info.parts == 1 + -(-COUNT * (SIZE - 20) // PART_PLAIN_BYTES)
    assert peak < 80 * MIB
