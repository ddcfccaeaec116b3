"""The Unicode Bidirectional Algorithm: embedding levels with isolates and bracket pairs.

An implementation of UAX 9 (Unicode 15): rules P2 to P3, X1 to X10, W1 to W7, N0 to N2, I1 to
I2, L1 and L2. The well-known Python package offers levels without isolates, or isolates
without levels; documents need both, because a control number inside Arabic text prints
backwards unless it is isolated. Checked against the Unicode conformance data in the tests.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MAX_DEPTH = 125  # BD2
_MAX_BRACKETS = 63  # BD16

_STRONG = frozenset({"L", "R", "AL"})
_ISOLATES = frozenset({"LRI", "RLI", "FSI"})
_EMBEDDINGS = {"LRE": (0, ""), "RLE": (1, ""), "LRO": (0, "L"), "RLO": (1, "R")}
_REMOVED = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "BN"})  # X9
_NEUTRAL = frozenset({"B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"})
_RESET = frozenset({"WS", "LRI", "RLI", "FSI", "PDI", *_REMOVED})  # L1
# What can make text other than one left-to-right run.
_MIXING = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF"})

_PAIRED_OPEN = "([{"
_PAIRED_CLOSE = ")]}"
# BidiBrackets.txt beyond ASCII, as pairs of neighbours; U+2329/232A are canonically 3008/3009.
_OTHER_PAIRS = (
    "\u0f3a\u0f3b\u0f3c\u0f3d\u169b\u169c\u2045\u2046\u207d\u207e\u208d\u208e\u2308\u2309"
    "\u230a\u230b\u2329\u232a\u2768\u2769\u276a\u276b\u276c\u276d\u276e\u276f\u2770\u2771"
    "\u2772\u2773\u2774\u2775\u27c5\u27c6\u27e6\u27e7\u27e8\u27e9\u27ea\u27eb\u27ec\u27ed"
    "\u27ee\u27ef\u2983\u2984\u2985\u2986\u2987\u2988\u2989\u298a\u298b\u298c\u298d\u2990"
    "\u298f\u298e\u2991\u2992\u2993\u2994\u2995\u2996\u2997\u2998\u29d8\u29d9\u29da\u29db"
    "\u29fc\u29fd\u2e22\u2e23\u2e24\u2e25\u2e26\u2e27\u2e28\u2e29\u2e55\u2e56\u2e57\u2e58"
    "\u2e59\u2e5a\u2e5b\u2e5c\u3008\u3009\u300a\u300b\u300c\u300d\u300e\u300f\u3010\u3011"
    "\u3014\u3015\u3016\u3017\u3018\u3019\u301a\u301b\ufe59\ufe5a\ufe5b\ufe5c\ufe5d\ufe5e"
    "\uff08\uff09\uff3b\uff3d\uff5b\uff5d\uff5f\uff60\uff62\uff63"
)
_CLOSING = dict(
    zip(_PAIRED_OPEN + _OTHER_PAIRS[::2], _PAIRED_CLOSE + _OTHER_PAIRS[1::2], strict=True)
)
_CANONICAL = {"\u2329": "\u3008", "\u232a": "\u3009"}
_CLOSERS = frozenset(_CLOSING.values())


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The levels of one paragraph: one per character, even runs to the right, odd to the left."""

    base: int
    levels: tuple[int, ...]


def resolve(text: str, *, base: int | None = None) -> Paragraph:
    """Return the levels of `text`, one paragraph.

    `base` is 0 or 1; None takes it from the first strong character (P2, P3), left to right
    when there is none.
    """
    types = [unicodedata.bidirectional(char) or "L" for char in text]
    return resolve_types(text, types, base=base)


def resolve_types(text: str, types: Sequence[str], *, base: int | None = None) -> Paragraph:
    """As `resolve`, with the bidirectional classes given."""
    level = _first_strong(types, 0, len(types)) if base is None else base
    if level == 0 and _MIXING.isdisjoint(types):
        return Paragraph(0, (0,) * len(types))
    explicit, classes = _explicit(types, level)
    matching = _matching_isolates(types)
    levels = list(explicit)
    for sequence in _sequences(types, explicit, matching):
        kinds = _resolved_kinds(text, types, classes, explicit, sequence, level, matching)
        for index, kind in zip(sequence, kinds, strict=True):
            levels[index] = _implicit(explicit[index], kind)
    for index, kind in enumerate(types):
        if kind in _REMOVED:  # they have no place on the line; give them their neighbour's level
            levels[index] = levels[index - 1] if index else level
    return Paragraph(level, tuple(_reset_whitespace(types, levels, level)))


def line_levels(text: str, paragraph: Paragraph, start: int, end: int) -> list[int]:
    """Levels of the line `text[start:end]`: trailing whitespace returns to the base (L1)."""
    levels = list(paragraph.levels[start:end])
    for index in range(end - start - 1, -1, -1):
        if unicodedata.bidirectional(text[start + index]) not in _RESET:
            break
        levels[index] = paragraph.base
    return levels


def visual_order(levels: Sequence[int]) -> list[int]:
    """Return the indices of `levels` from left to right (L2). Works on runs and characters."""
    order = list(range(len(levels)))
    odd = [level for level in levels if level % 2]
    if not odd:
        return order
    for level in range(max(levels), min(odd) - 1, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end + 1
    return order


def _first_strong(types: Sequence[str], start: int, end: int) -> int:
    """P2 and P3 within a stretch: skip isolates, 1 for R or AL."""
    depth = 0
    for index in range(start, end):
        kind = types[index]
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            if depth == 0 and start > 0:
                break
            depth = max(0, depth - 1)
        elif depth == 0 and kind in _STRONG:
            return 0 if kind == "L" else 1
    return 0


def _matching_isolates(types: Sequence[str]) -> dict[int, int]:
    """BD9: initiator to its PDI and back."""
    matching: dict[int, int] = {}
    waiting: list[int] = []
    for index, kind in enumerate(types):
        if kind in _ISOLATES:
            waiting.append(index)
        elif kind == "PDI" and waiting:
            opener = waiting.pop()
            matching[opener], matching[index] = index, opener
    return matching


def _explicit(types: Sequence[str], base: int) -> tuple[list[int], list[str]]:
    """X1 to X8: levels from embeddings and isolates, classes changed by overrides."""
    levels = [base] * len(types)
    classes = list(types)
    stack: list[tuple[int, str, bool]] = [(base, "", False)]
    overflow_isolates = overflow_embeddings = valid_isolates = 0
    matching = _matching_isolates(types)
    for index, kind in enumerate(types):
        level, override, _ = stack[-1]
        if kind in _EMBEDDINGS:
            parity, forced = _EMBEDDINGS[kind]
            levels[index] = level
            following = level + 1 if (level + 1) % 2 == parity else level + 2
            if following <= MAX_DEPTH and not overflow_isolates and not overflow_embeddings:
                stack.append((following, forced, False))
            elif not overflow_isolates:
                overflow_embeddings += 1
        elif kind in _ISOLATES:
            levels[index] = level
            classes[index] = override or kind
            rtl = kind == "RLI"
            if kind == "FSI":
                inner_end = matching.get(index, len(types))
                rtl = _first_strong(types, index + 1, inner_end) == 1
            following = level + 1 if (level + 1) % 2 == int(rtl) else level + 2
            if following <= MAX_DEPTH and not overflow_isolates and not overflow_embeddings:
                valid_isolates += 1
                stack.append((following, "", True))
            else:
                overflow_isolates += 1
        elif kind == "PDI":
            if overflow_isolates:
                overflow_isolates -= 1
            elif valid_isolates:
                overflow_embeddings = 0
                while not stack[-1][2]:
                    stack.pop()
                stack.pop()
                valid_isolates -= 1
            level, override, _ = stack[-1]
            levels[index] = level
            classes[index] = override or kind
        elif kind == "PDF":
            levels[index] = level
            if not overflow_isolates:
                if overflow_embeddings:
                    overflow_embeddings -= 1
                elif not stack[-1][2] and len(stack) > 1:
                    stack.pop()
        elif kind == "B":
            levels[index] = base
        elif kind == "BN":
            levels[index] = level
        else:
            levels[index] = level
            classes[index] = override or kind
    return levels, classes


def _sequences(
    types: Sequence[str], levels: Sequence[int], matching: dict[int, int]
) -> list[list[int]]:
    """BD13: isolating run sequences, over the characters that X9 leaves."""
    kept = [index for index, kind in enumerate(types) if kind not in _REMOVED]
    runs: list[list[int]] = []
    for index in kept:
        if runs and levels[runs[-1][-1]] == levels[index]:
            runs[-1].append(index)
        else:
            runs.append([index])
    starting = {run[0]: run for run in runs}
    sequences = []
    for run in runs:
        if types[run[0]] == "PDI" and run[0] in matching:
            continue  # it continues the sequence that its initiator ends
        sequence = list(run)
        while types[sequence[-1]] in _ISOLATES and sequence[-1] in matching:
            following = starting.get(matching[sequence[-1]])
            if following is None:
                break
            sequence += following
        sequences.append(sequence)
    return sequences


def _resolved_kinds(
    text: str,
    types: Sequence[str],
    classes: Sequence[str],
    levels: Sequence[int],
    sequence: Sequence[int],
    base: int,
    matching: dict[int, int],
) -> list[str]:
    """X10: W1 to W7 and N0 to N2 on one isolating run sequence. `levels` are the explicit ones."""
    level = levels[sequence[0]]
    sos = _direction(max(level, _level_before(types, levels, sequence[0], base)))
    last = sequence[-1]
    if types[last] in _ISOLATES and last not in matching:
        after = base
    else:
        after = _level_after(types, levels, last, base)
    eos = _direction(max(level, after))
    kinds = _weak([classes[index] for index in sequence], sos)
    _brackets(text, types, sequence, kinds, level, sos)
    _neutral(kinds, level, sos, eos)
    return kinds


def _implicit(level: int, kind: str) -> int:
    """I1 and I2."""
    if kind == "R":
        return level + (0 if level % 2 else 1)
    if kind == "L":
        return level + (1 if level % 2 else 0)
    return level + (1 if level % 2 else 2)  # AN, EN


def _direction(level: int) -> str:
    return "R" if level % 2 else "L"


def _level_before(types: Sequence[str], levels: Sequence[int], index: int, base: int) -> int:
    for before in range(index - 1, -1, -1):
        if types[before] not in _REMOVED:
            return levels[before]
    return base


def _level_after(types: Sequence[str], levels: Sequence[int], index: int, base: int) -> int:
    for after in range(index + 1, len(types)):
        if types[after] not in _REMOVED:
            return levels[after]
    return base


def _weak(kinds: list[str], sos: str) -> list[str]:
    """W1 to W7."""
    before = sos
    for at, kind in enumerate(kinds):  # W1
        if kind == "NSM":
            kinds[at] = "ON" if before in _ISOLATES or before == "PDI" else before
        before = kinds[at]
    strong = sos
    for at, kind in enumerate(kinds):  # W2, W3
        if kind in _STRONG:
            strong = kind
            if kind == "AL":
                kinds[at] = "R"
        elif kind == "EN" and strong == "AL":
            kinds[at] = "AN"
    for at in range(1, len(kinds) - 1):  # W4
        around = kinds[at - 1]
        if around == kinds[at + 1] and (
            (kinds[at] == "ES" and around == "EN") or (kinds[at] == "CS" and around in {"EN", "AN"})
        ):
            kinds[at] = around
    _terminators(kinds)
    strong = sos
    for at, kind in enumerate(kinds):  # W6, W7
        if kind in {"ES", "ET", "CS"}:
            kinds[at] = "ON"
        elif kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"
    return kinds


def _terminators(kinds: list[str]) -> None:
    """W5: European terminators beside European numbers become numbers."""
    at = 0
    while at < len(kinds):
        if kinds[at] != "ET":
            at += 1
            continue
        end = at
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        if (at and kinds[at - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN"):
            kinds[at:end] = ["EN"] * (end - at)
        at = end


def _brackets(
    text: str,
    types: Sequence[str],
    sequence: Sequence[int],
    kinds: list[str],
    level: int,
    sos: str,
) -> None:
    """N0: a pair of brackets takes the direction of what it holds, or of what precedes it."""
    embedding = _direction(level)
    for opened, closed in _pairs(text, sequence, kinds):
        inside = {_strong(kind) for kind in kinds[opened + 1 : closed]} - {""}
        if embedding in inside:
            direction = embedding
        elif inside:
            before = next((s for k in kinds[opened - 1 :: -1] if opened and (s := _strong(k))), sos)
            direction = before if before in inside else embedding
        else:
            continue
        for at in (opened, closed):
            kinds[at] = direction
            # Marks that followed the bracket go with it.
            for mark in range(at + 1, len(kinds)):
                if types[sequence[mark]] != "NSM":
                    break
                kinds[mark] = direction


def _pairs(text: str, sequence: Sequence[int], kinds: Sequence[str]) -> list[tuple[int, int]]:
    """BD16: bracket pairs in the order of their opening, by place in the sequence."""
    found: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for at, index in enumerate(sequence):
        char = text[index]
        if kinds[at] != "ON":
            continue
        if char in _CLOSING:
            if len(waiting) == _MAX_BRACKETS:
                break
            closer = _CLOSING[char]
            waiting.append((_CANONICAL.get(closer, closer), at))
        elif char in _CLOSERS:
            same = _CANONICAL.get(char, char)
            for place in range(len(waiting) - 1, -1, -1):
                if waiting[place][0] == same:
                    found.append((waiting[place][1], at))
                    del waiting[place:]
                    break
    return sorted(found)


def _strong(kind: str) -> str:
    """A class as N0 to N2 see it: numbers count as R; empty when it is not strong."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, "")


def _neutral(kinds: list[str], level: int, sos: str, eos: str) -> None:
    """N1 and N2."""
    at = 0
    while at < len(kinds):
        if kinds[at] not in _NEUTRAL:
            at += 1
            continue
        end = at
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        before = _strong(kinds[at - 1]) if at else sos
        after = _strong(kinds[end]) if end < len(kinds) else eos
        direction = before if before == after else _direction(level)
        kinds[at:end] = [direction] * (end - at)
        at = end


def _reset_whitespace(types: Sequence[str], levels: list[int], base: int) -> list[int]:
    """L1 for the paragraph: separators, and whitespace before them and at the end."""
    trailing = True
    for index in range(len(types) - 1, -1, -1):
        kind = types[index]
        if kind in {"B", "S"}:
            levels[index] = base
            trailing = True
        elif kind in _RESET:
            if trailing:
                levels[index] = base
        else:
            trailing = False
    return levels
