"""The errors of this room.

Every one carries a ``code`` for programs and an English sentence that says what to do.
The sentence never holds a name, a number or any other value of a person.
"""

import struct


class DocumentError(Exception):
    """Root of the room's errors. The offices turn it into a refusal."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class CredentialError(DocumentError):
    """The claims cannot become a credential; the office must change them."""


class PhotoError(DocumentError):
    """A photograph was refused; the officer takes or chooses another."""


class PageError(DocumentError):
    """The page data cannot be laid out; the office must change them."""


class FontError(DocumentError):
    """A bundled font is missing or damaged: the installation must be repaired."""


class TrustError(DocumentError):
    """What was given as trust is not a trust list, not a key set, or not the pinned root's."""


class RasterError(DocumentError):
    """A PDF cannot be opened or drawn."""


class TemplateError(DocumentError):
    """A template, or an operation's folder of them, is wrong: the file, the place, the remedy."""

    def __init__(self, file: str, path: str, remedy: str) -> None:
        super().__init__("template", f"{file}: {path} {remedy}.")
        self.file, self.path, self.remedy = file, path, remedy


DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    EOFError,
    MemoryError,
    RuntimeError,
    struct.error,
)
"""What Pillow lets through for a picture that lies about itself: it has no error of its
own."""
