"""Which PostgreSQL addresses are accepted, and what of them may be written down."""

from __future__ import annotations

import ipaddress
import os
from typing import TYPE_CHECKING

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from db.errors import ConnectionPolicyError

if TYPE_CHECKING:
    from values.secret import Secret

DRIVER = "postgresql+psycopg"
SAFE_MODES = ("require", "verify-ca", "verify-full")
DEFAULT_MODE = "verify-full"


def address(text: str, *, password: Secret | None = None) -> URL:
    """A database address, made to use psycopg and TLS.

    Loopback and Unix sockets may go without TLS; every other host gets ``sslmode=verify-full``
    unless the address names a mode at least as strong as ``require``. Raises
    `ConnectionPolicyError`, also for text that is no PostgreSQL address.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the second of a port: it would quote what was typed
        raise _not_an_address() from None
    if url.drivername not in ("postgresql", "postgres", DRIVER) or not url.database:
        raise _not_an_address()
    if not _keepable().issuperset(url.query):
        raise ConnectionPolicyError(_NOT_IN_ADDRESS)
    url = url.set(drivername=DRIVER)
    if not is_local(url):
        mode = url.query.get("sslmode", DEFAULT_MODE)
        if mode not in SAFE_MODES:
            raise ConnectionPolicyError
        url = url.update_query_dict({"sslmode": str(mode)})
    if password is not None:
        url = url.set(password=password.reveal().decode())
    return url


_SECRET = frozenset({"sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"})
"""Settings of libpq that are secrets. The address is kept, so they may not be in it."""
_NOT_IN_ADDRESS = (
    "The database's address holds a setting that is unknown to libpq, or is a secret: the address "
    "is kept in the clear. Take it out, and put secrets where libpq finds them by itself."
)


def _keepable() -> frozenset[str]:
    """What an address may set: all that this libpq knows, secrets excepted. A password is taken,
    used, and left out of what is kept."""
    from psycopg.pq import Conninfo  # loads libpq: only where a database is named

    return frozenset(one.keyword.decode() for one in Conninfo.get_defaults()) - _SECRET


def without_password(url: URL) -> str:
    """The address as it may be stored and shown. libpq finds the password by itself: in
    ``PGPASSWORD``, in ``~/.pgpass``, or it is handed in anew."""
    query = {name: value for name, value in url.query.items() if name != "password"}
    bare = URL.create(
        url.drivername,
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
        query=query,
    )
    return bare.render_as_string(hide_password=False)


def is_local(url: URL) -> bool:
    """Whether the address stays on this machine, with what libpq takes from the environment. What
    a service file says is not known here, so that may be any machine."""
    if url.query.get("service") or os.environ.get("PGSERVICE"):
        return False
    named = [url.host or "", *_listed(url.query.get("host"))]
    by_number = _listed(url.query.get("hostaddr"))
    hosts = [
        *(named if any(named) else _listed(os.environ.get("PGHOST"))),
        *(by_number or _listed(os.environ.get("PGHOSTADDR"))),
    ]
    return all(_is_loopback(host) for host in hosts if host)


def _listed(value: str | tuple[str, ...] | None) -> list[str]:
    texts = (value,) if isinstance(value, str) else value or ()
    return [host.strip() for text in texts for host in text.split(",")]


def _is_loopback(host: str) -> bool:
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _not_an_address() -> ConnectionPolicyError:
    return ConnectionPolicyError(
        "This is no PostgreSQL address. Write it as postgresql://user@host/database."
    )
