"""What a part holds, before sealing: packing and unpacking.

* ``entries``  a zstd frame of a CBOR sequence (RFC 8742) of entries, each the array
  ``[header, signature, body or null]`` of byte strings, verbatim as the ledger keeps them
* ``photos``   a CBOR sequence of byte strings, stored as they are (photos do not compress);
  a photo's name is the SHA-256 of its bytes, so none is written beside it
* ``notice``   a zstd frame of a slice of the notice's bytes; slices joined in order give it

Packing gathers items until the next would exceed :data:`limits.PART_PLAIN_BYTES`; unpacking
trusts nothing: the window, the unpacked size, the count and the shape of every item are checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

import zstandard

from ledger.entry import Entry, from_wire, to_wire
from ledger.errors import EntryError
from sync import fields, limits
from sync.errors import BadOutcome, ContentsError, Flaw, FormatError, NotPackableError
from values import cbor
from values.identifiers import PhotoHash

Item = TypeVar("Item")

# zstd 3 is its default: 1.5 times slower than 1 and 4 % smaller, on texts of this kind.
ZSTD_LEVEL: Final = 3

_DAMAGED: Final = (
    "What is inside does not fit what was signed. Ask the sender to write it again; "
    "if it happens again, have the sending program checked."
)


class PartKind(StrEnum):
    """What a part holds. The names are the bytes in the sealed manifest."""

    ENTRIES = "entries"
    PHOTOS = "photos"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored photo under the hash of its bytes."""

    hash: PhotoHash
    data: bytes

    @classmethod
    def of(cls, data: bytes) -> Photo:
        return cls(PhotoHash(hashlib.sha256(data).digest()), data)


@dataclass(frozen=True, slots=True)
class PartInfo:
    """One line of the sealed manifest: what a part holds.

    ``items`` counts entries or photos (1 for a slice of a notice); ``size`` is the size in bytes
    before compression and sealing.
    """

    kind: PartKind
    items: int
    size: int


@dataclass(frozen=True, slots=True)
class PackedPart:
    """A part as gathered. ``names`` are those of its photos, in their order."""

    info: PartInfo
    pieces: Sequence[bytes]
    names: Sequence[PhotoHash] = ()

    @property
    def last(self) -> bytes:
        """The name of its last photo, for who goes on after it."""
        return self.names[-1] if self.names else b""

    @property
    def plain(self) -> bytes:
        """What is sealed: compressed, unless its kind does not compress.

        All that is costly about a part is done here, for threads to do it. Raises
        :class:`NotPackableError` for a photo that is not its hash.
        """
        if self.info.kind is not PartKind.PHOTOS:
            return compress(b"".join(self.pieces))
        for name, data in zip(self.names, self.pieces, strict=True):
            if hashlib.sha256(data).digest() != name:
                raise NotPackableError(
                    "contents",
                    "A stored photo is damaged. Check the workspace before exporting.",
                    detail=f"photo {name.hex()}",
                )
        return b"".join(one for data in self.pieces for one in (cbor.bytes_head(len(data)), data))


def pack_entries(entries: Iterable[Entry]) -> Iterator[PackedPart]:
    """Parts of entries in the order given.

    Raises :class:`NotPackableError` for an entry that does not fit a part.
    """
    wire = map(to_wire, entries)
    for items, size in _gather((len(one), one) for one in wire):
        yield PackedPart(PartInfo(PartKind.ENTRIES, len(items), size), items)


def pack_photos(photos: Iterable[Photo]) -> Iterator[PackedPart]:
    """Parts of photos in the order given.

    Raises :class:`NotPackableError` for a photo that is too large, and, once it is sealed, for one
    that is not its hash: the store is damaged or the caller is wrong, and the person must know
    before relying on the copy.
    """
    for items, size in _gather((_photo_size(one), one) for one in photos):
        info = PartInfo(PartKind.PHOTOS, len(items), size)
        yield PackedPart(info, [one.data for one in items], [one.hash for one in items])


def pack_notice(data: bytes) -> Iterator[PackedPart]:
    """A notice's bytes in slices of at most a part."""
    for start in range(0, len(data), limits.PART_PLAIN_BYTES):
        piece = data[start : start + limits.PART_PLAIN_BYTES]
        yield PackedPart(PartInfo(PartKind.NOTICE, 1, len(piece)), (piece,))


def unpack(info: PartInfo, plain: bytes) -> bytes:
    """The content of an unsealed part: decompressed if its kind is, and of the size promised.

    Raises :class:`ContentsError` (``limit``, ``malformed`` or ``content_differs``).
    """
    content = plain if info.kind is PartKind.PHOTOS else decompress(plain, size=info.size)
    if len(content) != info.size:
        raise _differs(f"part holds {len(content)} bytes, {info.size} were promised")
    return content


def entries_in(info: PartInfo, content: bytes) -> Iterator[Entry]:
    """The entries of an unpacked part, read but not verified. Raises :class:`ContentsError`."""
    for item in _items(info, content):
        try:
            entry = read_item(item)
        except FormatError as error:
            raise ContentsError(error.outcome) from error
        yield entry


def photos_in(info: PartInfo, content: bytes) -> Iterator[Photo]:
    """The photos of an unpacked part, each under its true hash. Raises :class:`ContentsError`."""
    for item in _items(info, content):
        if not isinstance(item, bytes):
            raise _malformed("a photo is not bytes")
        if len(item) > limits.MAX_PHOTO_BYTES:
            raise ContentsError(BadOutcome(Flaw.LIMIT, _DAMAGED, detail="photo too large"))
        yield Photo.of(item)


def read_item(item: object) -> Entry:
    """One decoded ``[header, signature, body]`` through the ledger. Raises :class:`FormatError`."""
    if not isinstance(item, list):
        raise fields.malformed("an entry is not a list")
    try:
        return from_wire(item)
    except EntryError as error:
        code = "version" if error.code == "version" else "malformed"
        raise FormatError(code, error.sentence, detail=f"entry: {error.code}") from error


def compress(plain: bytes) -> bytes:
    """One zstd frame that names its content size."""
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_content_size=True).compress(plain)


def decompress(data: bytes, *, size: int) -> bytes:
    """Exactly one zstd frame of exactly ``size`` bytes unpacked, and nothing after it.

    The frame must name its content size, which is compared before anything is set aside for it;
    a frame that then holds more or less than it names is refused by the decoder. Memory is
    bounded by ``size`` and the window limit. Raises :class:`ContentsError`.
    """
    if size > limits.MAX_UNPACKED_BYTES:
        raise ContentsError(BadOutcome(Flaw.LIMIT, _DAMAGED, detail="part unpacks too large"))
    try:
        frame = zstandard.get_frame_parameters(data)
        if frame.content_size != size:
            raise _differs(f"frame of {frame.content_size} bytes, {size} were promised")
        if frame.window_size > max(size, limits.MAX_ZSTD_WINDOW):
            raise ContentsError(BadOutcome(Flaw.LIMIT, _DAMAGED, detail="zstd window"))
        decoder = zstandard.ZstdDecompressor()
        return decoder.decompress(data, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise _malformed(f"zstd: {error}") from error


def _gather(items: Iterable[tuple[int, Item]]) -> Iterator[tuple[list[Item], int]]:
    """Items, each with the bytes that it takes, by parts: cut before one would grow too large. Each
    part with the bytes that it takes."""
    batch: list[Item] = []
    size = 0
    for length, item in items:
        if length > limits.PART_PLAIN_BYTES:
            raise NotPackableError(
                "contents",
                "One record is too large to be sent. Have the workspace checked.",
                detail=f"item of {length} bytes",
            )
        if batch and (
            size + length > limits.PART_PLAIN_BYTES or len(batch) >= limits.MAX_ITEMS_PER_PART
        ):
            yield batch, size
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield batch, size


def _photo_size(photo: Photo) -> int:
    if len(photo.data) > limits.MAX_PHOTO_BYTES:
        raise NotPackableError(
            "contents",
            "A photo is too large to be sent. Have the workspace checked.",
            detail=f"photo {photo.hash.hex()}",
        )
    return len(cbor.bytes_head(len(photo.data))) + len(photo.data)


def _items(info: PartInfo, content: bytes) -> Iterator[object]:
    """Exactly as many items as the sealed manifest promised."""
    count = 0
    usual = _wire_items(content, info.items) if info.kind is PartKind.ENTRIES else None
    try:
        for item in usual or cbor.decode_sequence(
            content, max_depth=limits.MAX_ITEM_DEPTH, max_items=limits.MAX_ITEM_ITEMS
        ):
            count += 1
            if count > info.items:
                break
            yield item
    except cbor.CborError as error:
        raise _malformed(f"cbor: {error}") from error
    if count != info.items:
        raise _differs(f"part holds {count} items or more, {info.items} were promised")


def _wire_items(content: bytes, most: int) -> list[list[bytes | None]] | None:
    """The items of a sequence that is nothing but ``[header, signature, body or null]``, lengths in
    their usual form, one more than ``most`` of them at most; None for any other, which the reader
    of all CBOR reads or refuses."""
    found: list[list[bytes | None]] = []
    at, size = 0, len(content)
    try:
        while at < size and len(found) <= most:
            if content[at] != _ARRAY_OF_THREE:
                return None
            at += 1
            item: list[bytes | None] = []
            for _ in range(3):
                initial = content[at]
                at += 1
                if initial == _NULL:
                    item.append(None)
                    continue
                extra = _LENGTHS[initial]
                if extra:
                    length = int.from_bytes(content[at : at + extra], "big")
                    at += extra
                else:
                    length = initial - _OCTETS
                if at + length > size:
                    return None
                item.append(content[at : at + length])
                at += length
            found.append(item)
    except (IndexError, KeyError):
        return None
    return found


_ARRAY_OF_THREE: Final = 0x83
_NULL: Final = 0xF6
_OCTETS: Final = 0x40
_LENGTHS: Final = {**dict.fromkeys(range(0x40, 0x58), 0), 0x58: 1, 0x59: 2, 0x5A: 4}
"""First bytes of byte strings (RFC 8949, 3.1), and in how many more their length stands."""


def _malformed(detail: str) -> ContentsError:
    return ContentsError(BadOutcome(Flaw.MALFORMED, _DAMAGED, detail=detail))


def _differs(detail: str) -> ContentsError:
    return ContentsError(BadOutcome(Flaw.CONTENT_DIFFERS, _DAMAGED, detail=detail))
