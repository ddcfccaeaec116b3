"""Why something was done, as it was typed: made fit to sign, or refused in words.

Whoever signs a text is held to it, and so is every page and list that shows it later: what cannot
be seen does not get in, and what no file can hold stops nobody further on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from values.text import clean, clean_lines, has_control
from workspace.errors import RefusedError

LONGEST = 1000
"""Characters of a reason: half a page. More belongs into the record's notes, or on paper."""
LONGEST_TEXT = 20_000
"""Characters of any text that is signed; every question asks for less."""

LONGEST_LINE = 400
"""Characters of a line on a paper: what docs/formats/credential.md allows a signed fact."""

_UNKEPT = re.compile("[\0\ud800-\udfff]")
_UNSHOWN = "A text holds signs that cannot be kept, perhaps from copying it. Type it anew."
_TOLD = ("reason", "note", "basis")
"""Where acts keep what was typed to explain them; `confirmed` warnings have a reason each."""


def reason(text: str) -> str:
    """A reason without what cannot be seen. Raises `RefusedError` for one that is too long, holds
    control characters or halves of characters, or of which nothing is left."""
    told = clean_lines(text).text.replace("\t", " ")
    if has_control(told):
        raise RefusedError(
            "reason_sign",
            "The reason holds signs that cannot be shown, perhaps from copying it. Type it anew.",
        )
    if len(told) > LONGEST:
        raise RefusedError(
            "reason_long",
            f"The reason has {len(told)} letters. Say it in at most {LONGEST}.",
        )
    if text.strip() and not told:
        raise RefusedError("reason", "The reason holds nothing that can be read. Say why in words.")
    return told


def line(text: str) -> str:
    """One line that is printed and signed, without what cannot be seen: a mark that turns the order
    of letters would let the paper say one thing and its code another. Raises `RefusedError` for
    control characters, halves of characters, and a line that is too long."""
    told = clean(text).text
    if has_control(told):
        raise RefusedError("text_sign", _UNSHOWN)
    if len(told) > LONGEST_LINE:
        raise RefusedError(
            "text_long", f"A text has {len(told)} letters. Say it in at most {LONGEST_LINE}."
        )
    return told


def signed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an entry as they may be signed: reasons made fit, wherever an act has them.

    Raises `RefusedError` for a text that no registry would admit.
    """
    made = dict(values)
    for name in _TOLD:
        if isinstance(told := made.get(name), str):
            made[name] = reason(told)
    if isinstance(rows := made.get("confirmed"), list | tuple):
        made["confirmed"] = [_confirmed(row) for row in rows]
    _require_fit(made)
    return made


def _confirmed(row: Any) -> Any:
    told = row.get("reason") if isinstance(row, Mapping) else None
    return {**row, "reason": reason(told)} if isinstance(told, str) else row


def _require_fit(value: Any) -> None:
    if isinstance(value, str):
        if _UNKEPT.search(value):
            raise RefusedError("text_sign", _UNSHOWN)
        if len(value) > LONGEST_TEXT:
            raise RefusedError(
                "text_long", f"A text has {len(value)} letters. Say it in at most {LONGEST_TEXT}."
            )
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _require_fit(name)
            _require_fit(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _require_fit(item)
