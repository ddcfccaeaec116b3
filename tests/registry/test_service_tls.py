"""TLS under the registry's own authority: whom a station believes, and what its clock may say."""

from __future__ import annotations

import os
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ledger.enrolment import Grant
from registry import enrol as enrolling
from registry.notices import ask, due
from registry.service.running import Where, prepare, told_server_key
from registry.service.staging import Staging
from registry.service.tls import Authority, new_authority, server_context, server_key
from station import setup
from station.receive import receive
from sync.errors import FalseServiceError, LineError
from tests.places import PASSPHRASE, START, Site, families
from tests.serving import admitting, fronting, sync
from workspace import service as addresses
from workspace.errors import RefusedError
from workspace.service import Service


def context_of(
    authority: Authority, folder: Path, *names: str, now: datetime = START
) -> ssl.SSLContext:
    """A server's, for these names."""
    made = server_key(authority, names, now=now, entropy=os.urandom)
    return server_context(made, folder=folder)


def believe(site: Site, found: Service) -> None:
    """The station learns of a service."""
    with site.at_station() as session, session.store.write() as unit:
        addresses.keep(unit, found)


def test_a_notice_tells_where_and_whom_to_believe(busy_site: Site, tmp_path: Path) -> None:
    site = busy_site
    with site.at_registry("service") as session:
        prepared = prepare(session, Where("127.0.0.1", 0, name="registry.example.org"))
    port = prepared.port
    prepared.socket.close()
    assert prepared.url == f"https://registry.example.org:{port}"
    with pytest.raises(RefusedError) as refused:
        sync(site, None)
    assert refused.value.code == "no_service"
    with pytest.raises(RefusedError) as refused:
        sync(site, prepared.url)
    assert refused.value.code == "no_authority"
    done = site.admit(site.send())
    assert done.notice is not None
    with site.at_station("supervisor") as session:
        receive(session, done.notice)
        with session.store.read() as reader:
            held = addresses.held(reader)
    assert held is not None and held.url == prepared.url
    with site.at_registry("service") as session:
        again = prepare(session, Where("127.0.0.1", 0, name="registry.example.org"))
        again.socket.close()
        with session.store.read() as reader:
            there = addresses.held(reader)
    assert there is not None and there.authority == held.authority, "an authority is made once"
    # A station that is enrolled now learns it with its grant.
    folder, request, grant = (tmp_path / name for name in ("station", "request", "grant"))
    setup.request(
        folder, name="new", admin="administrator", passphrase=PASSPHRASE, out=request, env=site.env
    )
    with site.at_registry("administrator") as session:
        enrolling.enrol(session, request, grant)
    given = Grant.from_bytes(grant.read_bytes())
    assert given.service is not None
    assert (given.service.url, given.service.authority) == (there.url, there.authority)


def test_a_station_that_had_everything_is_brought_the_address(
    busy_site: Site, tmp_path: Path
) -> None:
    """Nothing was decided since its last notice; where the service is, is news all the same."""
    site = busy_site
    done = site.admit(site.send())
    assert done.notice is not None
    with site.at_station("supervisor") as session:
        receive(session, done.notice)

    def told(name: str) -> str | None:
        with site.at_registry("service") as session:
            prepare(session, Where("127.0.0.1", 0, name=name, public_port=443)).socket.close()
        with site.at_registry("administrator") as session:
            news = bool(due(session))
            folder = ask(session, station="A01", parent=tmp_path)
        with site.at_station("supervisor") as session:
            receive(session, folder)
            with session.store.read() as reader:
                held = addresses.held(reader)
        return held.url if held is not None and news else None

    assert told("registry.example.org") == "https://registry.example.org:443"
    assert told("moved.example.org") == "https://moved.example.org:443"
    assert told("moved.example.org") is None, "another start of the same service is no news"


def test_a_sync_with_tls_whatever_the_clock(busy_site: Site, tmp_path: Path) -> None:
    """MOSIP clock: one that is three hours off is refused. Here certificates from decades hence
    and ago do, because the authority is pinned and no time decides."""
    site = busy_site
    staging = Staging.of(site.registry)
    for years in (-20, 0, 20):
        now = datetime.now(UTC) + timedelta(days=365 * years)
        authority = new_authority(now=now)
        context = context_of(authority, tmp_path, "127.0.0.1", now=now)
        with admitting(site, staging), fronting(staging, context=context) as service:
            believe(site, Service(service.url, authority.certificate))
            site.take_in(families(1, first=100 + years), name=f"{years}.csv")
            assert sync(site, None).acknowledged > 0
    assert list(tmp_path.glob(".tls-*")) == []


def test_false_services_are_told_nothing(busy_site: Site, tmp_path: Path) -> None:
    """Sync 6 (k): a false service is talked to."""
    site = busy_site
    staging = Staging.of(site.registry)
    ours, others = new_authority(now=START), new_authority(now=START)
    false = [
        context_of(others, tmp_path, "127.0.0.1"),
        context_of(ours, tmp_path, "registry.example.org"),
    ]
    for context in false:
        with fronting(staging, context=context) as service:
            believe(site, Service(service.url, ours.certificate))
            with pytest.raises(FalseServiceError):
                sync(site, None)
            assert len(service.front.sessions) == 0
    old = context_of(ours, tmp_path, "127.0.0.1")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
    with fronting(staging, context=old) as service:
        believe(site, Service(service.url, ours.certificate))
        with pytest.raises(LineError):
            sync(site, None)


def test_the_key_of_the_server_is_never_in_clear(busy_site: Site) -> None:
    with busy_site.at_registry("service") as session:
        prepared = prepare(session, Where("127.0.0.1", 0, name="registry.example.org"))
    prepared.socket.close()
    made = told_server_key(prepared.front["tls"])
    assert b"ENCRYPTED PRIVATE KEY" in made.key
    assert repr(made).count("PRIVATE") == 0
    stored = [one for one in busy_site.registry.rglob("*") if one.is_file()]
    assert not [one for one in stored if b"PRIVATE KEY" in one.read_bytes()]


def test_openssl_agrees(tmp_path: Path) -> None:
    """Another implementation follows the chain, and finds the name."""
    authority = new_authority(now=datetime.now(UTC))
    made = server_key(
        authority, ["registry.example.org", "192.0.2.7"], now=datetime.now(UTC), entropy=os.urandom
    )
    root = x509.load_der_x509_certificate(authority.certificate)
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (tmp_path / "server.pem").write_bytes(made.certificate)
    for more in (["-verify_hostname", "registry.example.org"], ["-verify_ip", "192.0.2.7"]):
        ran = subprocess.run(
            ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile",
             tmp_path / "root.pem", *more, tmp_path / "server.pem"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("where", "code"),
    [
        (Where("0.0.0.0", 0), "no_tls_name"),  # noqa: S104 - what an administrator would give
        (Where("127.0.0.1", 0, name="bad name"), "bad_name"),
        (Where("192.0.2.1", 0, name="registry.example.org"), "no_address"),
        (Where("host.invalid", 0, name="registry.example.org"), "no_address"),
    ],
)
def test_what_cannot_be_served(site: Site, where: Where, code: str) -> None:
    with site.at_registry("service") as session, pytest.raises(RefusedError) as refused:
        prepare(session, where)
    assert refused.value.code == code
