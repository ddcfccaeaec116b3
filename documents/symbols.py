"""QR symbols by the library `qrcode`, with its slow steps done many bits at a time.

`qrcode` puts every bit of the text into its buffer by itself, divides polynomials item by item,
and walks over the symbol module by module. What is done here in its place is the same arithmetic
over whole numbers; everything else (version, patterns, where the bits lie, the mask) is asked of
the library, once for each version. The tests hold the result against the library as it is.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import chain, zip_longest
from operator import itemgetter

import qrcode
from qrcode import base, util

_ORDER = {char: place for place, char in enumerate(util.ALPHA_NUM)}
_PAD = bytes((util.PAD0, util.PAD1))
_DIGITS = bytes.maketrans(b"01", b"\x00\x01")


class AlphanumericData(util.QRData):
    """Text of the alphanumeric alphabet, written at once. Raises `KeyError` on other text."""

    def __init__(self, text: str) -> None:
        super().__init__(text.encode(), mode=2, check_data=False)  # 2: alphanumeric

    def write(self, buffer: util.BitBuffer) -> None:
        """Append two characters as 11 bits, a last one as 6 (ISO/IEC 18004, 7.4.4)."""
        values = [_ORDER[char] for char in self.data]
        pairs = zip(values[::2], values[1::2], strict=False)
        bits = "".join([f"{45 * first + second:011b}" for first, second in pairs])
        if len(values) % 2:
            bits += f"{values[-1]:06b}"
        _put(buffer, bits)


class AlphanumericCode(qrcode.QRCode):  # type: ignore[type-arg]  # it makes no pictures
    """The symbol of an alphanumeric text at error correction M."""

    def __init__(self, text: str, mask: int) -> None:
        super().__init__(error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=mask, border=0)
        self.add_data(AlphanumericData(text))

    def rows(self) -> tuple[bytes, ...]:
        """The modules, a byte each: 1 is dark.

        Raises:
            ValueError, DataOverflowError: the text is too long for any symbol.
        """
        self.best_fit()
        words = bytes(self._codewords())
        side = 4 * self.version + 17
        placed, mask = _places(self.version, self.mask_pattern)
        bits = int.from_bytes(words, "big") ^ mask
        flat = bytes(placed(f"{bits:0{8 * len(words)}b}01".encode())).translate(_DIGITS)
        return tuple(flat[at : at + side] for at in range(0, side * side, side))

    def _codewords(self) -> list[int]:
        """Data and error correction codewords in the order of the symbol (7.4.10 and 7.6)."""
        blocks = base.rs_blocks(self.version, self.error_correction)
        room = sum(block.data_count for block in blocks)
        buffer = util.BitBuffer()
        for data in self.data_list:
            buffer.put(data.mode, 4)
            buffer.put(len(data), util.length_in_bits(data.mode, self.version))
            data.write(buffer)
        # Up to four zeros end the text; the last byte is filled, the rest alternates.
        _put(buffer, "0" * min(4, 8 * room - len(buffer)))
        words = bytes(buffer.buffer)
        words += (_PAD * room)[: room - len(words)]
        parts, checks = [], []
        at = 0
        for block in blocks:
            part = words[at : at + block.data_count]
            at += block.data_count
            parts.append(part)
            checks.append(_remainder(part, block.total_count - block.data_count))
        woven = chain(*zip_longest(*parts), *zip_longest(*checks))
        return [word for word in woven if word is not None]


def _put(buffer: util.BitBuffer, bits: str) -> None:
    """Append ones and zeros to the buffer."""
    free = -len(buffer) % 8
    head, rest = bits[:free], bits[free:]
    if head:
        buffer.buffer[-1] |= int(head, 2) << (free - len(head))
    if rest:
        size = -(-len(rest) // 8)
        buffer.buffer.extend((int(rest, 2) << (8 * size - len(rest))).to_bytes(size, "big"))
    buffer.length += len(bits)


def _remainder(data: bytes, size: int) -> bytes:
    """The Reed-Solomon codewords of a block: what division by the generator leaves (7.5.2)."""
    table = _multiples(size)
    keep = (1 << 8 * (size - 1)) - 1
    top = 8 * (size - 1)
    left = 0
    for word in data:
        left = ((left & keep) << 8) ^ table[(left >> top) ^ word]
    return left.to_bytes(size, "big")


@lru_cache(maxsize=16)
def _multiples(size: int) -> tuple[int, ...]:
    """The generator polynomial of `size` codewords, without its leading 1, times each byte."""
    generator = base.Polynomial([1], 0)
    for power in range(size):
        generator = generator * base.Polynomial([1, base.gexp(power)], 0)
    rest = list(generator)[1:]
    return tuple(
        int.from_bytes(
            bytes(
                base.gexp(base.glog(factor) + base.glog(one)) if factor and one else 0
                for one in rest
            ),
            "big",
        )
        for factor in range(256)
    )


@lru_cache(maxsize=40)
def _places(version: int, mask: int) -> tuple[Callable[[bytes], tuple[int, ...]], int]:
    """Where the library puts each bit of the codewords, and which of them the mask turns.

    The first picks, for every module, its digit out of those of the bits followed by "01": of
    modules that hold no data the last two are taken. The library is asked by drawing the number
    of every bit, one binary digit of it after the other.
    """
    words = sum(block.total_count for block in base.rs_blocks(version, qrcode.ERROR_CORRECT_M))
    count = 8 * words
    empty = _modules(version, mask, bytes(words))
    numbers = [0] * len(empty)
    for digit in range(count.bit_length()):
        bits = "".join(str((number >> digit) & 1) for number in range(1, count + 1))
        drawn = _modules(version, mask, int(bits, 2).to_bytes(words, "big"))
        numbers = [
            number | (one ^ other) << digit
            for number, one, other in zip(numbers, empty, drawn, strict=True)
        ]
    turned = dict(zip(numbers, empty, strict=True))
    pattern = "".join(str(turned[number]) for number in range(1, count + 1))
    picked = [
        number - 1 if number else count + dark for number, dark in zip(numbers, empty, strict=True)
    ]
    return itemgetter(*picked), int(pattern, 2)


def _modules(version: int, mask: int, words: bytes) -> list[int]:
    """The symbol of these codewords as the library draws it, row after row."""
    code = qrcode.QRCode(version, qrcode.ERROR_CORRECT_M, mask_pattern=mask)
    code.data_cache = list(words)
    code.makeImpl(False, mask)
    return [int(bool(module)) for row in code.modules for module in row]
