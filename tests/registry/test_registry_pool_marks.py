"""Workers write into the registry's chain; a mark of it that cannot be kept stops none of them."""

from __future__ import annotations

import pytest

from db.device import DeviceState
from registry.pool import ImportPool
from tests.places import Site


def test_a_mark_that_is_not_kept_ends_no_worker(
    busy_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    bundle = busy_site.send()
    with busy_site.at_registry() as session:
        former = session.epoch
        with ImportPool(session) as pool:
            monkeypatch.setattr(DeviceState, "set_high_water", fails)
            pool._keep_mark()  # as after each bundle that another process took in
            assert pool.submit(bundle).result().quarantined == 0
        assert session.epoch != former, "what has no mark goes on in an epoch of its own"
