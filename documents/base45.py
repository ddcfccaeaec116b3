"""Base45 (RFC 9285): bytes as characters that a QR code stores in alphanumeric mode.

Two bytes become three characters, a last odd byte becomes two, the least significant
digit first. The decoder is strict: RFC 9285 section 6 asks a reader to refuse characters
outside the alphabet, lengths that no encoder produces, and groups that exceed their range.
"""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {char: value for value, char in enumerate(ALPHABET)}


class Base45Error(ValueError):
    """The text is not Base45. Raised only by `decode`; verification turns it into a verdict."""


def encode(data: bytes) -> str:
    """Return `data` in Base45."""
    out = []
    for start in range(0, len(data) - 1, 2):
        rest, low = divmod(data[start] << 8 | data[start + 1], 45)
        high, middle = divmod(rest, 45)
        out.append(ALPHABET[low] + ALPHABET[middle] + ALPHABET[high])
    if len(data) % 2:
        high, low = divmod(data[-1], 45)
        out.append(ALPHABET[low] + ALPHABET[high])
    return "".join(out)


def decode(text: str) -> bytes:
    """Return the bytes that `text` stands for.

    Raises:
        Base45Error: a character outside the alphabet, an impossible length, a group too large.
    """
    try:
        values = [_VALUE[char] for char in text]
    except KeyError:
        raise Base45Error("a character outside the Base45 alphabet") from None
    if len(values) % 3 == 1:
        raise Base45Error("a length that no Base45 encoder produces")
    out = bytearray()
    whole = len(values) - len(values) % 3
    for start in range(0, whole, 3):
        number = values[start] + 45 * values[start + 1] + 2025 * values[start + 2]
        if number > 0xFFFF:
            raise Base45Error("a group that stands for more than two bytes")
        out += number.to_bytes(2, "big")
    if whole < len(values):
        number = values[whole] + 45 * values[whole + 1]
        if number > 0xFF:
            raise Base45Error("a last group that stands for more than one byte")
        out.append(number)
    return bytes(out)
