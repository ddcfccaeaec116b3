"""What the files are called that offices carry to each other: as in the commands and guides."""

from __future__ import annotations

from typing import Final

from desktop.words import tr

REQUEST: Final = "station-request.wst"
GRANT: Final = "station-grant.wst"
TRUST: Final = "trust.wst"
KEY_SET: Final = "trust.jwks.json"  # for verifiers of other makers; RFC 7517

KEY_REQUEST: Final = "key-request.wst"
KEY_BYTES: Final = 64 * 1024  # of a key file that is read whole

VERIFIER: Final = "verifier.html"


def carried() -> list[tuple[str, tuple[str, ...]]]:
    """The filters of a file dialog that asks for a request, a grant or a trust list."""
    return [(tr("Waystation files"), ("*.wst",)), *anything()]


def pages() -> list[tuple[str, tuple[str, ...]]]:
    """The filters of a file dialog that asks where the page for verifiers goes."""
    return [(tr("Web pages"), ("*.html",)), *anything()]


def anything() -> list[tuple[str, tuple[str, ...]]]:
    """The filter that hides nothing: a file keeps its content when its name is changed."""
    return [(tr("All files"), ("*",))]
