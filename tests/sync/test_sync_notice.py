"""Notices: the value, and its way in the container."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.certificate import OfficeType, SubjectKind, issue
from ledger.keys import SigningKey
from sync.bundle import Flaw, Photo, known_signers, open_bundle
from sync.errors import FormatError, NotPackableError
from sync.inspect import inspect
from sync.notice import (
    BadOutcome,
    GroupOutcome,
    Kind,
    Notice,
    OpenedNotice,
    Receipt,
    VerifiedBundle,
    open_notice,
    signers_under_root,
    verify,
    write_notice,
)
from sync.parts import PartKind
from sync.seal import new_identity, recipient_of
from values import cbor
from values.identifiers import BundleId, EntryHash, OfficeId
from values.secret import Secret

REGISTRY = OfficeId(UUID(int=0xCE))
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
ROOT = SigningKey.from_bytes(Secret(b"root" * 8))
TRUST = SigningKey.from_bytes(Secret(b"fake" * 8))


def trust_certificate(key: SigningKey = TRUST, root: SigningKey = ROOT, kind=SubjectKind.TRUST):
    return issue(
        subject_kind=kind,
        subject_id=UUID(int=3),
        office=REGISTRY,
        office_type=OfficeType.REGISTRY,
        public_key=key.public,
        not_before=BEGIN,
        not_after=END,
        issuer=None,
        key=root,
    )


@pytest.fixture
def notice(world) -> Notice:
    mine = world.chain(4)
    return Notice(
        number=7,
        station=world.office,
        registry=REGISTRY,
        written_ms=1_794_650_400_000,
        receipts=(Receipt(world.office, mine[-1].header.epoch, 4, mine[-1].hash),),
        outcomes=(
            GroupOutcome(UUID(int=11), "registered"),
            GroupOutcome(UUID(int=12), "held", "gap", "Entries before this one are missing."),
        ),
        decisions=tuple(world.chain(2, epoch=b"registry")),
        entries=(mine[0], mine[1].without_body()),
        certificates=(trust_certificate().data,),
        trust_list=b"a signed trust list",
        policy={"expiry_days": 90, "languages": ["en", "ar"], "limits": {"a": None}},
    )


def send(parent: Path, notice: Notice, identity: Secret, **options) -> Path:
    settings = {
        "bundle": BundleId(UUID(int=2)),
        "signer": TRUST,
        "certificates": [trust_certificate().data],
        "recipients": [recipient_of(identity)],
        "entropy": lambda length: bytes(length),
        **options,
    }
    return write_notice(parent, notice, **settings).path


def receive(path: Path, identity: Secret, signers=None) -> OpenedNotice | BadOutcome:
    verified = verify(path, signers or signers_under_root(ROOT.public), expect=Kind.NOTICE)
    return open_notice(verified, [identity]) if isinstance(verified, VerifiedBundle) else verified


def test_what_was_said_is_heard(world, notice, tmp_path):
    photos = world.photos(3)
    opened = receive(send(tmp_path, notice, world.registry, photos=photos), world.registry)
    assert isinstance(opened, OpenedNotice)
    assert opened.notice == notice
    assert opened.notice.sha256 == notice.sha256
    assert list(opened.photos()) == photos
    assert opened.signer == TRUST.public
    assert opened.bundle == BundleId(UUID(int=2))
    assert (opened.manifest.receiver, opened.manifest.number) == (world.office, 7)


def test_a_large_notice_is_cut_into_parts_and_put_together(world, notice, tmp_path):
    large = replace(notice, trust_list=bytes(range(256)) * 70_000)
    opened = receive(send(tmp_path, large, world.registry), world.registry)
    assert isinstance(opened, OpenedNotice)
    slices = [part for part in opened.manifest.parts if part.kind is PartKind.NOTICE]
    assert len(slices) == 3
    assert opened.notice == large


def test_a_notice_too_large_is_refused_before_it_is_written(world, notice, tmp_path):
    huge = replace(notice, trust_list=bytes(64 * 1024 * 1024))
    with pytest.raises(NotPackableError, match="several notices"):
        send(tmp_path, huge, world.registry)
    assert list(tmp_path.iterdir()) == []


def test_only_the_root_is_needed_to_trust_it(world, notice, tmp_path):
    path = send(tmp_path, notice, world.registry)
    assert inspect(path).whole
    assert inspect(path).kind is Kind.NOTICE
    elsewhere = SigningKey.from_bytes(Secret(b"else" * 8))
    outcome = receive(path, world.registry, signers_under_root(elsewhere.public))
    assert isinstance(outcome, BadOutcome)
    assert outcome.code is Flaw.UNKNOWN_SIGNER


@pytest.mark.parametrize("certificates", [[], [b"garbage"], [b""]])
def test_certificates_may_be_held_already(world, notice, tmp_path, certificates):
    path = send(tmp_path, notice, world.registry, certificates=certificates)
    assert receive(path, world.registry).code is Flaw.UNKNOWN_SIGNER
    signers = signers_under_root(ROOT.public, certificates=[trust_certificate().data])
    assert isinstance(receive(path, world.registry, signers), OpenedNotice)


def test_a_revoked_trust_key_is_not_followed(world, notice, tmp_path):
    path = send(tmp_path, notice, world.registry)
    signers = signers_under_root(ROOT.public, revoked=[trust_certificate().hash])
    assert receive(path, world.registry, signers).code is Flaw.UNKNOWN_SIGNER


@pytest.mark.parametrize(("year", "good"), [(2025, False), (2026, True), (2027, False)])
def test_windows_are_checked_only_when_asked(world, notice, tmp_path, year, good):
    path = send(tmp_path, notice, world.registry)
    signers = signers_under_root(ROOT.public, at=datetime(year, 6, 1, tzinfo=UTC))
    assert isinstance(receive(path, world.registry, signers), OpenedNotice) is good


def test_a_station_key_signs_no_notice(world, notice, tmp_path):
    """The certificate leads to the root, but for a station."""
    station_certificate = issue(
        subject_kind=SubjectKind.STATION,
        subject_id=world.office,
        office=world.office,
        office_type=OfficeType.STATION,
        public_key=world.station.public,
        not_before=BEGIN,
        not_after=END,
        issuer=trust_certificate(),
        key=TRUST,
    )
    chain = [station_certificate.data, trust_certificate().data]
    path = send(tmp_path, notice, world.registry, signer=world.station, certificates=chain)
    assert receive(path, world.registry).code is Flaw.UNKNOWN_SIGNER


def test_a_notice_is_no_bundle(world, notice, tmp_path):
    path = send(tmp_path, notice, world.registry)
    outcome = verify(path, known_signers([TRUST.public]), expect=Kind.BUNDLE)
    assert isinstance(outcome, BadOutcome)
    assert outcome.code is Flaw.WRONG_KIND
    verified = verify(path, known_signers([TRUST.public]), expect=Kind.NOTICE)
    assert isinstance(verified, VerifiedBundle)
    assert open_bundle(verified, [world.registry]).code is Flaw.WRONG_KIND


def test_another_station_cannot_open_it(world, notice, tmp_path):
    path = send(tmp_path, notice, world.registry)
    assert receive(path, new_identity()).code is Flaw.NOT_FOR_THIS_KEY


def test_unknown_fields_survive(notice):
    values = cbor.decode(notice.to_bytes())
    values[77] = {"new": True}
    values[6][0][9] = "more about the outcome"
    data = cbor.encode(values)
    again = Notice.from_bytes(data)
    assert again.extra == {77: {"new": True}}
    assert again.outcomes[0].extra == {9: "more about the outcome"}
    assert again.to_bytes() == data


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (0, 2, "version"),
        (0, "1", "malformed"),
        (1, 0, "malformed"),
        (1, True, "malformed"),
        (2, b"x", "malformed"),
        (3, None, "malformed"),
        (4, -1, "malformed"),
        (5, [[bytes(16), bytes(8), 0, bytes(32)]], "malformed"),
        (5, [[bytes(16), bytes(8), 1]], "malformed"),
        (5, 3, "malformed"),
        (6, [{0: bytes(16), 1: "held", 2: ""}], "malformed"),
        (6, [[1]], "malformed"),
        (7, [[b"", b"", None]], "malformed"),
        (7, [{}], "malformed"),
        (8, [b""], "malformed"),
        (9, ["x"], "malformed"),
        (10, "x", "malformed"),
        (11, [], "malformed"),
        (11, {1: 2}, "malformed"),
        (12, [bytes(8), []], "malformed"),
        (12, [bytes(7), [], None], "malformed"),
        (12, [bytes(8), [bytes(9)], None], "malformed"),
        (12, [bytes(8), None, None], "malformed"),
        (12, [bytes(8), [bytes(8)] * 257, None], "malformed"),
        (12, [bytes(8), [], bytes(31)], "malformed"),
        (12, {}, "malformed"),
    ],
)
def test_notices_of_the_wrong_shape(notice, field, value, code):
    values = {**cbor.decode(notice.to_bytes()), field: value}
    with pytest.raises(FormatError) as caught:
        Notice.from_bytes(cbor.encode(values))
    assert caught.value.code == code
    assert caught.value.outcome.code == code
    assert caught.value.sentence.endswith(".")


words = st.text(max_size=12)
numbers = st.integers(min_value=0, max_value=2**63 - 1)
uuids = st.uuids()
plain = st.recursive(
    st.none() | st.booleans() | numbers | words | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
notices = st.builds(
    Notice,
    number=st.integers(min_value=1, max_value=2**63 - 1),
    station=uuids,
    registry=uuids,
    written_ms=numbers,
    receipts=st.lists(
        st.builds(
            Receipt,
            office=uuids,
            epoch=st.binary(min_size=8, max_size=8),
            sequence=st.integers(min_value=1, max_value=2**63 - 1),
            head=st.binary(min_size=32, max_size=32).map(EntryHash),
        ),
        max_size=3,
    ).map(tuple),
    outcomes=st.lists(
        st.builds(
            GroupOutcome,
            group=uuids,
            outcome=words,
            code=words,
            sentence=words,
            extra=st.dictionaries(st.integers(4, 99), plain, max_size=2),
        ),
        max_size=3,
    ).map(tuple),
    decisions=st.just(()),
    entries=st.just(()),
    certificates=st.lists(st.binary(max_size=20), max_size=3).map(tuple),
    trust_list=st.none() | st.binary(max_size=50),
    policy=st.dictionaries(words, plain, max_size=3),
    extra=st.dictionaries(st.integers(13, 99) | words, plain, max_size=2),
)


@given(notices)
@settings(max_examples=80, deadline=None)
def test_any_notice_is_read_as_written(made: Notice):
    again = Notice.from_bytes(made.to_bytes())
    assert again == made
    assert again.to_bytes() == made.to_bytes()


def test_photos_of_a_notice_are_checked_like_any(world, notice, tmp_path):
    wrong = Photo(world.photos(1)[0].hash, b"other bytes")
    with pytest.raises(NotPackableError, match="damaged"):
        send(tmp_path, notice, world.registry, photos=[wrong])
