"""An entry: one signed statement about one subject.

An entry is a header and a body (``docs/formats/entry.md``).  The header is deterministic
CBOR, kept verbatim and never encoded again; its SHA-256 is the entry's hash, which the
author signs and the next entry of the chain names.  The body is ``[salt, values]`` and is
named in the header by its own SHA-256, so that it can be pruned or lawfully erased while
the chain stays whole; the salt keeps an erased body from being guessed back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, NewType
from uuid import UUID

from ledger import kinds
from ledger.certificate import CertificateHash, OfficeType
from ledger.errors import EntryError
from ledger.fields import EPOCH_BYTES, HASH_BYTES, MapReader
from ledger.instants import from_milliseconds, to_milliseconds
from ledger.keys import SIGNATURE_BYTES, PublicKey, SigningKey, domain
from values import cbor
from values.clock import Entropy
from values.identifiers import EntryHash, EntryId, OfficeId, UserId

VERSION = 1
DOMAIN = domain("entry")

SALT_BYTES = 16

MAX_HEADER_BYTES = 64 * 1024
"""A header has 400 to 600 bytes; a conflict among a thousand heads still fits."""
MAX_BODY_BYTES = 4 * 1024 * 1024
"""Half a bundle part. The largest bodies are the registry's lists of outcomes."""
MAX_BODY_ITEMS = 1_000_000
MAX_BASE = 1024
MAX_BLOBS = 64
MAX_NAME = 64
"""Characters in the name of a kind, of a type of subject, of a form."""
MAX_FORM_VERSION = 32
MAX_GROUP = 100_000

BlobHash = NewType("BlobHash", bytes)
"""SHA-256 of something stored beside the ledger, in practice a photo."""


@dataclass(frozen=True, slots=True)
class FormRef:
    """The form a body was filled in with: id, semantic version and the hash of its definition."""

    id: str
    version: str
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Group:
    """One act is one group: this entry is number ``index`` (from 0) of ``count``."""

    id: UUID
    index: int
    count: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What the entry speaks about: ``person``, ``household``, ``event``, ..."""

    type: str
    id: UUID

    def __hash__(self) -> int:
        """Of the number alone: it says nearly all, and is asked for everywhere."""
        return hash(self.id.int)


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of a header. Unknown fields live on in the verbatim bytes.

    Attributes:
        epoch: 8 random bytes, new whenever the store was restored, cloned or moved.
        sequence: counts from 1 within the epoch.
        previous: hash of the entry before; None for the first of an epoch.
        device_time: the device's wall clock, UTC, milliseconds. It may be wrong.
        monotonic_delta: milliseconds by the monotonic clock since the previous entry of
            the same run of the program; None for the first.
        doubt: True when the clock is known to be doubtful.
        author: the user. certificate: hash of the certificate the author signs under.
        base: the heads of the subject that the author saw.
        body_hash: SHA-256 of the body. blobs: hashes of what the body refers to.
    """

    entry_id: EntryId
    office: OfficeId
    office_type: OfficeType
    epoch: bytes
    sequence: int
    previous: EntryHash | None
    device_time: datetime
    monotonic_delta: int | None
    doubt: bool
    author: UserId
    certificate: CertificateHash
    kind: str
    form: FormRef | None
    group: Group
    subject: Subject
    base: tuple[EntryHash, ...]
    body_hash: bytes
    blobs: tuple[BlobHash, ...]
    version: int = VERSION


@dataclass(frozen=True)
class Entry:
    """An entry as stored and sent; made by :func:`write`, :func:`read`, :func:`from_wire`.

    Attributes:
        header_bytes: verbatim.
        signature: 64 bytes; not verified by reading, see :func:`verify`.
        body_bytes: ``cbor([salt, values])``, or None when pruned or erased.

    Equal when all three are equal; in sets and dicts use :attr:`hash`.
    """

    header_bytes: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    body_bytes: bytes | None = field(repr=False)

    @cached_property
    def header(self) -> Header:
        """The parsed header. Raises :class:`EntryError` for bytes that are none."""
        return _parse_header(self.header_bytes)

    @cached_property
    def hash(self) -> EntryHash:
        """SHA-256 of the header: the entry's name."""
        return EntryHash(hashlib.sha256(self.header_bytes).digest())

    @cached_property
    def body(self) -> dict[str, Any] | None:
        """The values, or None when the body is gone. Do not change them."""
        if self.body_bytes is None:
            return None
        return _parse_body(self.body_bytes)

    @cached_property
    def told(self) -> dict[str, Any] | None:
        """The body when it is there and fits its kind (:mod:`ledger.kinds`), else None."""
        body = self.body
        if body is None or self.header.kind not in kinds.RULES:
            return None
        return None if kinds.bad_field(self.header.kind, body) else body

    def without_body(self) -> Entry:
        """The same entry, pruned or erased: header and signature stay."""
        return Entry(self.header_bytes, self.signature, None)

    def __reduce__(self) -> tuple[type[Entry], tuple[bytes, bytes, bytes | None]]:
        # To another process it goes bare: what was parsed costs more to hand over than to parse.
        return Entry, (self.header_bytes, self.signature, self.body_bytes)

    def __repr__(self) -> str:
        return f"<Entry {self.hash.hex()[:16]}>"


def write(
    *,
    entry_id: EntryId,
    office: OfficeId,
    office_type: OfficeType,
    epoch: bytes,
    sequence: int,
    previous: EntryHash | None,
    device_time: datetime,
    author: UserId,
    certificate: CertificateHash,
    kind: str,
    subject: Subject,
    group: Group,
    values: Mapping[str, Any],
    key: SigningKey,
    entropy: Entropy,
    monotonic_delta: int | None = None,
    doubt: bool = False,
    form: FormRef | None = None,
    base: Iterable[EntryHash] = (),
    blobs: Iterable[bytes] = (),
) -> Entry:
    """Write and sign an entry.

    Args:
        values: the body's values, plain CBOR under text keys (see :mod:`ledger.kinds`).
        base: put into ascending order; duplicates are dropped. ``blobs`` likewise.
        entropy: for the 16-byte salt.

    Raises:
        EntryError: whatever reading it back would refuse, so nothing unreadable is
            ever signed; ``values`` when the values are not plain CBOR.
    """
    try:
        body = cbor.encode([entropy(SALT_BYTES), dict(values)])
        header = cbor.encode(
            {
                0: VERSION,
                1: entry_id.bytes,
                2: [office_type.value, office.bytes],
                3: epoch,
                4: sequence,
                5: previous,
                6: to_milliseconds(device_time),
                7: monotonic_delta,
                8: doubt,
                9: author.bytes,
                10: certificate,
                11: kind,
                12: None if form is None else [form.id, form.version, form.sha256],
                13: [group.id.bytes, group.index, group.count],
                14: [subject.type, subject.id.bytes],
                15: sorted(set(base)),
                16: hashlib.sha256(body).digest(),
                17: sorted(set(blobs)),
            }
        )
    except cbor.CborError as fault:
        raise EntryError(
            "values", "These values cannot be written into the ledger; this is a program error."
        ) from fault
    unsigned = read(header, bytes(SIGNATURE_BYTES), body)
    return Entry(header, key.sign(DOMAIN, unsigned.hash), body)


def read(header_bytes: bytes, signature: bytes, body_bytes: bytes | None) -> Entry:
    """Parse an entry completely; the signature is not verified.

    Raises:
        EntryError: ``size``, ``cbor``, ``form``, ``missing``, ``version`` (a newer major
            version), ``signature_form``, ``body`` (the body is not the one the header
            names), ``body_form``.
    """
    entry = Entry(
        bytes(header_bytes), bytes(signature), None if body_bytes is None else bytes(body_bytes)
    )
    header = entry.header
    if len(signature) != SIGNATURE_BYTES:
        raise EntryError("signature_form", "The signature of this entry has not 64 bytes.")
    if body_bytes is not None:
        if len(body_bytes) > MAX_BODY_BYTES:
            raise EntryError("size", "The contents of this entry are larger than allowed.")
        if hashlib.sha256(body_bytes).digest() != header.body_hash:
            raise EntryError(
                "body",
                "The contents of this entry are not the ones that were signed. Ask for the "
                "bundle or the backup again.",
            )
        _ = entry.body  # parse now, so that a readable entry has a readable body
    return entry


def verify(entry: Entry, public: PublicKey) -> bool:
    """True when ``public`` signed this entry. Says nothing about who holds the key."""
    return public.verify(DOMAIN, entry.signature, entry.hash)


def to_wire(entry: Entry) -> bytes:
    """CBOR ``[header, signature, body or null]``: one item of a bundle's sequence."""
    header, signature, body = entry.header_bytes, entry.signature, entry.body_bytes
    head = cbor.bytes_head
    parts = (_THREE, head(len(header)), header, head(len(signature)), signature)
    return b"".join((*parts, _NULL) if body is None else (*parts, head(len(body)), body))


def from_wire(data: bytes | list[Any]) -> Entry:
    """The entry of one wire item.

    Args:
        data: the bytes, or the item as already decoded from a CBOR sequence.

    Raises:
        EntryError: as :func:`read`; ``cbor`` and ``wire`` for other shapes.
    """
    item: object = data
    if isinstance(data, bytes):
        try:
            item = cbor.decode(data)
        except cbor.CborError as fault:
            raise EntryError("cbor", "This is not an entry, or it is damaged.") from fault
    if not isinstance(item, list | tuple) or len(item) != 3:
        raise EntryError("wire", "This is not an entry of three parts.")
    header, signature, body = item
    if not (
        isinstance(header, bytes)
        and isinstance(signature, bytes)
        and (body is None or isinstance(body, bytes))
    ):
        raise EntryError("wire", "A part of this entry is of the wrong type.")
    return read(header, signature, body)


@lru_cache(maxsize=8192)
def _parse_header(data: bytes) -> Header:
    # Cached: the fold, the chain and the check each look at the same header, often as
    # different Entry objects read from the store.
    if len(data) > MAX_HEADER_BYTES:
        raise EntryError("size", "The header of this entry is larger than allowed.")
    try:
        value = cbor.decode(data)
    except cbor.CborError as fault:
        raise EntryError(
            "cbor", "This entry is damaged or is something else. Ask for it to be made again."
        ) from fault
    return _usual_header(value) or _any_header(MapReader(value, what="entry", error=EntryError))


def _usual_header(value: object) -> Header | None:
    """The header of a map that has every field once, in order and of the kind and size that it
    should have; None for any other, which is read, or refused, field by field."""
    if type(value) is not dict or tuple(value) != _FIELDS:
        return None
    (
        version, entry_id, office, epoch, sequence, previous, time, delta, doubt, author,
        certificate, kind, form, group, subject, base, body_hash, blobs,
    ) = value.values()  # fmt: skip
    try:
        (office_type, office_id), (group_id, index, count) = office, group
        subject_type, subject_id = subject
        form_id, form_version, form_hash = ("-", "-", _NO_HASH) if form is None else form
    except (TypeError, ValueError):
        return None
    if not type(base) is type(blobs) is list:
        return None
    lists = (office, group, subject, [] if form is None else form)
    octets = (entry_id, office_id, author, group_id, subject_id)
    hashes = (certificate, body_hash, form_hash, *base, *blobs)
    texts = (office_type, kind, subject_type, form_id, form_version)
    numbers = (sequence, index, count)
    usual = (
        {type(one) for one in lists} == _LIST
        and {type(one) for one in octets} == _OCTETS
        and {type(one) for one in hashes} == _OCTETS
        and {type(one) for one in texts} == _TEXT
        and {type(one) for one in numbers} == _NUMBER
        and type(version) is type(time) is int
        and type(doubt) is bool
        and type(epoch) is bytes
        and {len(one) for one in octets} == _SIZE_OF_ID
        and {len(one) for one in hashes} == _SIZE_OF_HASH
        and version == VERSION
        and len(epoch) == EPOCH_BYTES
        and len(base) <= MAX_BASE
        and len(blobs) <= MAX_BLOBS
        and 0 < len(kind) <= MAX_NAME
        and 0 < len(subject_type) <= MAX_NAME
        and 0 < len(form_id) <= MAX_NAME
        and 0 < len(form_version) <= MAX_FORM_VERSION
        and 0 <= index < count <= MAX_GROUP
        and office_type in _OFFICE_TYPES
        and 0 <= time < _LATEST
    )
    if not usual or not (
        (sequence == 1 and previous is None)
        or (1 < sequence < 2**63 and type(previous) is bytes and len(previous) == HASH_BYTES)
    ):
        return None
    if delta is not None and not (type(delta) is int and -(2**63) <= delta < 2**63):
        return None
    return Header(
        entry_id=EntryId(UUID(bytes=entry_id)),
        office=OfficeId(_uuid(office_id)),
        office_type=_OFFICE_TYPES[office_type],
        epoch=epoch,
        sequence=sequence,
        previous=None if previous is None else EntryHash(previous),
        device_time=from_milliseconds(time),
        monotonic_delta=delta,
        doubt=doubt,
        author=UserId(_uuid(author)),
        certificate=certificate,
        kind=kind,
        form=None if form is None else FormRef(form_id, form_version, form_hash),
        group=Group(_uuid(group_id), index, count),
        subject=Subject(subject_type, _uuid(subject_id)),
        base=tuple(base),
        body_hash=body_hash,
        blobs=tuple(blobs),
    )


_FIELDS = tuple(range(18))
_LIST, _OCTETS, _TEXT, _NUMBER = {list}, {bytes}, {str}, {int}
_SIZE_OF_ID, _SIZE_OF_HASH = {16}, {HASH_BYTES}
_NO_HASH = bytes(HASH_BYTES)
_THREE, _NULL = b"\x83", b"\xf6"  # an array of three items, and null, as CBOR
_OFFICE_TYPES = {one.value: one for one in OfficeType}
_LATEST = 2**47
"""Milliseconds, about the year 6400: what is later is looked at by itself."""


@lru_cache(maxsize=8192)
def _uuid(value: bytes) -> UUID:
    # The same few come again and again: offices, authors, acts, and subjects of one act.
    return UUID(bytes=value)


def _any_header(fields: MapReader) -> Header:
    fields.version(VERSION)
    office = fields.row(2, 2)
    try:
        office_type = OfficeType(fields.row_text(2, office[0]))
    except ValueError as fault:
        raise fields.wrong("form", "comes from an office of unknown type") from fault
    previous = fields.optional_octets(5, size=HASH_BYTES)
    subject = fields.row(14, 2)
    header = Header(
        entry_id=EntryId(fields.uuid(1)),
        office=OfficeId(fields.row_uuid(2, office[1])),
        office_type=office_type,
        epoch=fields.octets(3, size=EPOCH_BYTES),
        sequence=fields.uint(4),
        previous=None if previous is None else EntryHash(previous),
        device_time=fields.milliseconds(6),
        monotonic_delta=fields.optional_sint(7),
        doubt=fields.flag(8),
        author=UserId(fields.uuid(9)),
        certificate=CertificateHash(fields.octets(10, size=HASH_BYTES)),
        kind=fields.text(11, maximum=MAX_NAME),
        form=_form(fields),
        group=_group(fields),
        subject=Subject(
            fields.row_text(14, subject[0], maximum=MAX_NAME), fields.row_uuid(14, subject[1])
        ),
        base=tuple(EntryHash(h) for h in fields.octets_list(15, size=HASH_BYTES, maximum=MAX_BASE)),
        body_hash=fields.octets(16, size=HASH_BYTES),
        blobs=tuple(
            BlobHash(h) for h in fields.octets_list(17, size=HASH_BYTES, maximum=MAX_BLOBS)
        ),
    )
    if header.sequence < 1:
        raise fields.wrong("form", "is counted from 0 instead of 1")
    if (header.sequence == 1) != (header.previous is None):
        raise fields.wrong("form", "is the first of its epoch and names a predecessor, or neither")
    return header


def _form(fields: MapReader) -> FormRef | None:
    if not fields.has(12):
        return None
    form = fields.row(12, 3)
    return FormRef(
        fields.row_text(12, form[0], maximum=MAX_NAME),
        fields.row_text(12, form[1], maximum=MAX_FORM_VERSION),
        fields.row_octets(12, form[2], size=HASH_BYTES),
    )


def _group(fields: MapReader) -> Group:
    row = fields.row(13, 3)
    group = Group(
        fields.row_uuid(13, row[0]),
        fields.row_uint(13, row[1]),
        fields.row_uint(13, row[2], maximum=MAX_GROUP),
    )
    if group.index >= group.count:
        raise fields.wrong("form", "lies outside its own group")
    return group


def _parse_body(data: bytes) -> dict[str, Any]:
    try:
        value = cbor.decode(data, max_items=MAX_BODY_ITEMS)
    except cbor.CborError as fault:
        raise EntryError("body_form", "The contents of this entry are damaged.") from fault
    if not (isinstance(value, list) and len(value) == 2):
        raise EntryError("body_form", "The contents of this entry are not a salt and values.")
    salt, values = value
    if not (isinstance(salt, bytes) and len(salt) == SALT_BYTES):
        raise EntryError("body_form", "The contents of this entry have no salt.")
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise EntryError("body_form", "The values of this entry are not under text keys.")
    return values
