"""The page for verifiers: one HTML file that checks papers in a browser, without a network.

Its scripts are built from `verifier/` and shipped as a template with slots. Filled in here: the
trust, the words of every language, and the policy that lets the page run its own script and nothing
else, and fetch nothing (Content Security Policy Level 3).
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import resources
from documents import verifier_words
from documents.trust import Trust, TrustedKey, load_trust
from ledger.keys import PublicKey
from ledger.trust import TrustList

__all__ = ["TEMPLATE", "VerifierPage", "write_page"]

TEMPLATE = "verifier/verifier.html.in"

_SLOT = re.compile(r"%%([A-Z]+)%%")
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# Inside a script element these could end it, or begin a comment (HTML, 4.12.1.3); in JSON they only
# ever stand in text, where an escape says the same.
_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class VerifierPage:
    """A page, and what it trusts. `number`, `issued_at` and `root` are None for a key set."""

    html: bytes = field(repr=False)
    keys: int
    number: int | None = None
    issued_at: datetime | None = None
    root: str | None = None


def write_page(trust: bytes, *, root: str | None = None) -> VerifierPage:
    """Return the page that trusts a signed trust list, or another maker's key set.

    A list goes in verbatim, and the page verifies it again up to its root; from a key set go in the
    keys that can check a credential. The same trust gives the same bytes. `root` pins the list's
    root by its fingerprint.

    Raises:
        TrustError: as `documents.trust.load_trust`.
    """
    loaded = load_trust(trust, root=root)
    if loaded.root is None:
        return VerifierPage(html=_filled(_key_set(loaded)), keys=len(loaded.keys))
    listed = TrustList.from_bytes(trust, root=None)
    return VerifierPage(
        html=_filled({"list": base64.b64encode(trust).decode("ascii")}),
        keys=len(listed.keys),
        number=listed.number,
        issued_at=listed.issued_at,
        root=listed.root.fingerprint,
    )


def _filled(trust: Mapping[str, Any]) -> bytes:
    # A browser reads every line break as a line feed (HTML, 13.2.3.5), and the hashes are of that.
    template = resources.read_text(TEMPLATE).replace("\r\n", "\n")
    slots = {
        "POLICY": _policy(template),
        "DATA": _json({"trust": trust, "languages": verifier_words.catalogues()}),
        "DAMAGED": _paragraphs(verifier_words.DAMAGED),
        "NOSCRIPT": _paragraphs(verifier_words.NO_SCRIPT),
    }
    return _SLOT.sub(lambda slot: slots[slot[1]], template).encode("utf-8")


def _policy(template: str) -> str:
    """Nothing but the page's one script and style, its decoder, and portraits out of the codes."""
    rules = {
        "default-src": "'none'",
        "script-src": f"'{_hash(_SCRIPT, template)}' 'wasm-unsafe-eval'",
        "style-src": f"'{_hash(_STYLE, template)}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(element: re.Pattern[str], template: str) -> str:
    (content,) = element.findall(template)
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPES)


def _paragraphs(message: str) -> str:
    """The message in every language, for when no script chooses one."""
    return "".join(
        f'<p lang="{html.escape(language)}" dir="{direction}">{html.escape(text)}</p>'
        for language, direction, text in verifier_words.in_every_language(message)
    )


def _key_set(trust: Trust) -> dict[str, Any]:
    return {"keys": [_key(key) for key in trust.keys]}


def _key(trusted: TrustedKey) -> dict[str, Any]:
    key = trusted.key
    if isinstance(key, PublicKey):
        shape = {"kty": "OKP", "x": key.raw.hex()}
    else:
        shape = {"kty": "EC", "x": key.x.hex(), "y": key.y.hex()}
    return {**shape, "kids": sorted(kid.hex() for kid in trusted.kids), "named": trusted.named}
