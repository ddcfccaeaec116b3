"""Everything that can go wrong in this room: one tree of errors and one named bad outcome.

Expected findings about somebody else's folder (a part is missing, a signature is wrong) are
values: :class:`BadOutcome`. Errors are for what stops our own work: a full drive while writing,
a cancelled export, and content that turns out wrong in the middle of a stream.
Every error and every outcome carries a ``code`` for programs and a ``sentence`` for people that
says what to do. Neither ever holds a name of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Flaw(StrEnum):
    """What is wrong with a bundle or notice, from 'cannot be looked at' to 'its content is bad'."""

    NOT_A_BUNDLE = "not_a_bundle"
    """There is no such folder, or nothing in it belongs to a bundle."""
    NOT_ONE_BUNDLE = "not_one_bundle"
    """Folders of different bundles were put together."""
    UNFINISHED = "unfinished"
    """Parts are there but no signed manifest: the writing was interrupted."""
    UNREADABLE = "unreadable"
    """The drive failed while reading."""
    MALFORMED = "malformed"
    """The bytes do not follow the format."""
    VERSION = "version"
    """A newer major version of the format."""
    LIMIT = "limit"
    """Larger, deeper or more numerous than the format allows."""
    WRONG_KIND = "wrong_kind"
    """A notice where a bundle was expected, or the other way round."""
    UNKNOWN_SIGNER = "unknown_signer"
    """No key is known, or trusted, for the key id that the manifest names."""
    BAD_SIGNATURE = "bad_signature"
    """The signature over the manifest does not hold."""
    MISSING = "missing"
    """Files that the signed manifest lists are not there."""
    ALTERED = "altered"
    """Files differ from what was signed."""
    NOT_FOR_THIS_KEY = "not_for_this_key"
    """None of the keys at hand opens the seal."""
    SEALED_DIFFERS = "sealed_differs"
    """The sealed manifest and its signer disagree."""
    CONTENT_DIFFERS = "content_differs"
    """The content is not what the sealed manifest says it is."""


@dataclass(frozen=True, slots=True)
class BadOutcome:
    """A named reason why a folder is not taken in.

    ``files`` are the canonical names (built from integers, never read from the folder) of the
    files concerned, for :attr:`Flaw.MISSING` and :attr:`Flaw.ALTERED`; ``detail`` is technical,
    for logs: ids, numbers and sizes only.
    """

    code: Flaw
    sentence: str
    files: tuple[str, ...] = ()
    detail: str = ""


class SyncError(Exception):
    """Root of the room's errors. ``str()`` is the sentence for people."""

    def __init__(self, code: str, sentence: str, *, detail: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.detail = detail


class FormatError(SyncError):
    """Bytes that are not a valid value of this room's formats.

    ``code`` is one of ``malformed``, ``version`` and ``limit``. Raised by every ``from_bytes``;
    the readers turn it into a :class:`BadOutcome`.
    """

    @property
    def outcome(self) -> BadOutcome:
        """The same finding as a value."""
        return BadOutcome(Flaw(self.code), self.sentence, detail=self.detail)


class ContentsError(SyncError):
    """Found while streaming an opened bundle: what follows cannot be trusted or read.

    Whoever iterates must drop what it took from this bundle so far (roll its transaction back)
    and report :attr:`outcome`.
    """

    def __init__(self, outcome: BadOutcome) -> None:
        super().__init__(outcome.code, outcome.sentence, detail=outcome.detail)
        self.outcome = outcome


class SealError(SyncError):
    """A seal could not be made or opened: ``recipient``, ``identity`` or ``not_for_this_key``."""


class WriteError(SyncError):
    """A bundle or notice could not be written. The half-written folder has been removed if the
    drive still allowed it; if not, it has no signed manifest and is recognised as unfinished."""


class NoRoomError(WriteError):
    """``no_room``: the drive is full (or a quota or file size limit is reached)."""


class DriveError(WriteError):
    """The drive refuses or failed: ``not_writable``, ``drive_gone`` or ``drive_fault``."""


class CopyDiffersError(WriteError):
    """``copy_differs``: what was read back from the drive is not what was written to it."""


class CancelledError(WriteError):
    """``cancelled``: the person stopped the export."""


class NotPackableError(WriteError):
    """``contents``: what was handed in cannot be put in a bundle (a caller's fault or damage in
    its store): an entry of another office, one larger than a part, a photo that is not its hash."""


class LineError(SyncError):
    """``line``: the line to the service broke and did not come back within our patience. What
    arrived there is kept, and the same work again goes on behind it."""


class FalseServiceError(SyncError):
    """``false_service``: whoever answers cannot show the certificate that the registry vouched
    for. Nothing was said to it."""


class NotAdmittedError(SyncError):
    """``not_admitted``: the service has nothing to say to this station. It never tells why."""


class ServiceError(SyncError):
    """The service refused, with a code of its own and its sentence."""


class TroubledError(ServiceError):
    """The service could not, time after time; what troubles it may pass (a full disk, too many
    stations at once). The same work again, later, goes on."""
