"""The error tree of the ledger.

Every error carries a stable ``code`` (lower case, for programs and tests) and a
``sentence`` (English, says what to do, names no person).  Offices catch
:class:`LedgerError` at the edge where bytes come in, and show the sentence; a bad
*entry inside a bundle* is not an error but an outcome, see :mod:`ledger.admission`.
"""

from __future__ import annotations


class LedgerError(Exception):
    """Bytes or a request that this room cannot accept.

    Attributes:
        code: stable identifier of the reason.
        sentence: what to tell a person.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def __reduce__(self) -> tuple[type[LedgerError], tuple[str, str]]:
        return type(self), (self.code, self.sentence)


class KeyFormError(LedgerError):
    """Bytes that are no key. Raised to whoever parses keys from outside."""


class CoseError(LedgerError):
    """Bytes that are not an acceptable COSE_Sign1 message."""


class CertificateError(LedgerError):
    """A certificate that cannot be read, or does not lead back to the root."""


class TrustError(LedgerError):
    """A trust list that cannot be read or is not signed from the root."""


class StatusError(LedgerError):
    """A status list or index outside its bounds."""


class EnrolmentError(LedgerError):
    """A request or grant that cannot be read, or does not belong here."""


class EntryError(LedgerError):
    """Bytes that are not an entry, or an entry that cannot be written."""
