"""The limits of the container, each with its reason.

A writer stays far inside what a reader accepts, so that a reader's limit is only ever met by a
damaged or hostile folder. Sizes are bytes.
"""

from __future__ import annotations

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

# A part is the unit of resuming an upload: small enough to repeat on a bad line, large enough
# that a photo archive is hundreds of files and not a hundred thousand. Counted before compression.
PART_PLAIN_BYTES: Final = 8 * MIB

# What a reader accepts for one part as a file: twice what a writer makes, so that a later writer
# may use somewhat larger parts and an old reader still takes them. Two parts fit in memory.
MAX_PART_BYTES: Final = 16 * MIB

# What one part may unpack to. 16 MiB of zstd can claim to hold terabytes.
MAX_UNPACKED_BYTES: Final = 64 * MIB

# RFC 8878 section 3.1.1.1.2 recommends that decoders support windows of at least 8 MiB; our
# writer needs 2. The window is memory that a decoder must set aside before the first byte.
MAX_ZSTD_WINDOW: Final = 8 * MIB

# 20 000 parts of 8 MiB are 160 GB: more than the sticks in use, and the signed manifest stays
# under a mebibyte. File names have five digits.
MAX_PARTS: Final = 20_000

# 40 bytes per part, and room for a chain of certificates.
MAX_SIGNED_BYTES: Final = 1 * MIB

# The sealed manifest: a dozen bytes per part, about 90 per range.
MAX_SEALED_BYTES: Final = 2 * MIB

# One range per unbroken run of one epoch. A station begins an epoch at each restore or move; a
# thousand of them in one export is damage or mischief.
MAX_RANGES: Final = 1_000

# An entry's header and signature alone take about 300 bytes, so 64 MiB hold fewer than this.
MAX_ITEMS_PER_PART: Final = 250_000

# A manifest is a map of lists of lists. Nothing in it nests deeper than four.
MAX_MANIFEST_DEPTH: Final = 8

# [header, signature, body] are byte strings in one list; a photo is one byte string.
MAX_ITEM_DEPTH: Final = 4
MAX_ITEM_ITEMS: Final = 16

# Parts times three numbers, ranges times five, certificates: with slack for unknown fields.
MAX_MANIFEST_ITEMS: Final = 150_000

# A photo is re-encoded to at most 60 kB when it is taken in. One mebibyte leaves room for a
# document scan of a later version.
MAX_PHOTO_BYTES: Final = 1 * MIB

# A notice is held in memory as one value: 64 MiB are some 50 000 decisions. A registry with more
# to say sends two notices; they are numbered.
MAX_NOTICE_BYTES: Final = 64 * MIB
MAX_NOTICE_ITEMS: Final = 2_000_000
MAX_NOTICE_DEPTH: Final = 12

# A registry begins an epoch when it is restored or moved; older ones are not told.
MAX_FORMER_EPOCHS: Final = 256

# Certificates beside a signature: signer, issuer, and one more for a change of trust key.
MAX_CERTIFICATES: Final = 8
# Inside the seal: a station's own, of every year that its keys were renewed.
MAX_SEALED_CERTIFICATES: Final = 64

# Files are hashed and copied in pieces of this size, so that memory stays flat and a cancel is
# heard within a second even on a slow stick.
CHUNK_BYTES: Final = 1 * MIB

# Notices that the service names in one answer: it may have to seal each of them anew, while others
# wait. A station that got as many asks on.
NOTICES_AT_ONCE: Final = 20
