"""Registries on PostgreSQL, beside the sites of all offices' tests."""

from __future__ import annotations

import shutil
from pathlib import Path

from db.store import Store
from tests.db.conftest import new_database, postgres_socket
from tests.places import Site

# The throwaway cluster of the store's own tests, for this room as well.
__all__ = ["new_database", "postgres_socket"]


def moved_to_postgres(site: Site, url: str, spare: Path) -> None:
    """Let a site's registry lie in a database from now on."""
    with (
        site.at_registry() as session,
        Store.create_postgres(spare, url, session.keys.data_key) as store,
    ):
        session.store.move_into(store)
    for name in ("store.db", "photos.db"):
        (site.registry / name).unlink()
    shutil.copy(spare / "store.json", site.registry / "store.json")
