"""Whether the characters and check digits of a machine readable zone can be right, and which
misreading would explain one that is not."""

from __future__ import annotations

from values.mrz_error import MrzError
from values.mrz_layout import (
    ALPHABET,
    CONFUSED,
    DIGITS_ONLY,
    FILLER,
    LETTERS,
    LETTERS_ONLY,
    LONG_NUMBERS,
    Layout,
    check_digit,
)

_FIELDS = {
    "number": "the document number",
    "birth": "the date of birth",
    "expiry": "the date of expiry",
    "optional": "the personal number",
}


def check_characters(layout: Layout, lines: list[str]) -> None:
    """Raise :class:`MrzError` (``character``) for one that cannot stand at its place."""
    for name, span in layout.spans.items():
        if name in DIGITS_ONLY:
            allowed, what = "0123456789<", "a digit"
        elif name in LETTERS_ONLY:
            allowed, what = LETTERS + FILLER, "a letter or <"
        elif name == "sex":
            allowed, what = "FMX<", "F, M or <"
        else:
            allowed, what = ALPHABET + FILLER, "a letter A to Z, a digit or <"
        for place, char in enumerate(span.of(lines), span.first):
            if char not in allowed:
                likely = next((c for c in CONFUSED.get(char, "") if c in allowed), None)
                help_ = f" If it is {likely}, type {likely}." if likely else ""
                raise MrzError(
                    "character",
                    f"Line {span.line}, place {place} reads {char!r}, and only {what} can stand "
                    f"there; look at the document.{help_}",
                    span.line,
                    place,
                    suggestion=likely,
                )


def check_digits(layout: Layout, lines: list[str]) -> None:
    """Raise :class:`MrzError` (``check``) for the first check digit that does not fit."""
    for covered, digit in layout.checks:
        if not _fits(layout, lines, covered, digit):
            raise _misread(layout, lines, covered, digit)
    if not _composite_fits(layout, lines):
        span = layout.spans["composite"]
        raise MrzError(
            "check",
            f"The last check digit, line {span.line}, place {span.first}, does not fit the whole; "
            "compare every line with the document.",
            span.line,
            span.first,
        )


def document_number(layout: Layout, lines: list[str]) -> tuple[str, str]:
    """The document number with what of it stands in the optional data, and the rest of those."""
    number = layout.spans["number"].of(lines)
    optional = layout.spans["optional"].of(lines)
    if not _is_long(layout, lines):
        return number, optional
    rest, _, after = optional.partition(FILLER)
    return number + rest[:-1], after


def _is_long(layout: Layout, lines: list[str]) -> bool:
    return (
        layout.format in LONG_NUMBERS
        and layout.spans["number_check"].of(lines) == FILLER
        and not layout.spans["number"].of(lines).endswith(FILLER)
        and not layout.spans["optional"].of(lines).startswith(FILLER)
    )


def _fits(layout: Layout, lines: list[str], covered: str, digit: str) -> bool:
    value, given = layout.spans[covered].of(lines), layout.spans[digit].of(lines)
    if covered == "number" and _is_long(layout, lines):
        rest = layout.spans["optional"].of(lines).partition(FILLER)[0]
        # Some issuers (Portugal) count the filler at the digit's own place, against part 5.
        counted = (value + rest[:-1], value + FILLER + rest[:-1])
        return rest[-1] in {check_digit(text) for text in counted}
    if given == FILLER:  # nothing to check: no date, no personal number
        return not value.strip(FILLER)
    return given == check_digit(value)


def _composite_fits(layout: Layout, lines: list[str]) -> bool:
    if not layout.composite:
        return True
    covered = "".join(span.of(lines) for span in layout.composite)
    return layout.spans["composite"].of(lines) == check_digit(covered)


def _misread(layout: Layout, lines: list[str], covered: str, digit: str) -> MrzError:
    """The error for a check digit, with the single misreadings that would explain it."""
    at = layout.spans
    explained = []
    for name in (covered, digit):
        span = at[name]
        for place, char in enumerate(span.of(lines), span.first):
            for other in CONFUSED.get(char, ""):
                if name in DIGITS_ONLY and not other.isdigit():
                    continue
                row = lines[span.line - 1]
                changed = lines.copy()
                changed[span.line - 1] = row[: place - 1] + other + row[place:]
                if _fits(layout, changed, covered, digit) and _composite_fits(layout, changed):
                    explained.append((span.line, place, char, other))
    span = at[covered]
    sentence = (
        f"The check digit of {_FIELDS[covered]} does not fit; compare line {span.line}, places "
        f"{span.first} to {span.last}, with the document."
    )
    if explained:
        ways = [f"{char} at place {place} is {other}" for _, place, char, other in explained]
        sentence += f" It fits if {' or if '.join(ways[:3])}."
    if len(explained) != 1:
        return MrzError("check", sentence, span.line, span.first)
    line, place, _, other = explained[0]
    return MrzError("check", sentence, line, place, suggestion=other)
