"""Records of a CSV text (RFC 4180), one fault costing one record.

The standard reader lets a quotation mark that is never closed swallow every row that follows.
Here such a record ends with its line, is marked, and the next line is read afresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

__all__ = ["Record", "records", "row"]

_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_LINE_END = re.compile(r"\r\n|\r|\n")
_NEEDS_QUOTES = re.compile(r'[",\r\n\x00]|^[ \t]|[ \t]$')


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record as written. ``broken``: its quotation marks do not pair. ``line``:
    which line of the sheet it is for whoever opens the file as one, counted from 1, empty lines
    and the header among them; a cell of several lines of text stands in one."""

    cells: tuple[str, ...]
    broken: bool = False
    line: int = 0


def records(text: str, separator: str = ",") -> Iterator[Record]:
    """All records of ``text``; lines without a single character are no records."""
    plain = re.compile(rf"[^{re.escape(separator)}\r\n]*")
    position = line = 0
    while position < len(text):
        record, position = _record(text, position, separator, plain)
        line += 1
        if record.cells != ("",) or record.broken:
            yield replace(record, line=line)


def _record(text: str, start: int, separator: str, plain: re.Pattern[str]) -> tuple[Record, int]:
    cells: list[str] = []
    position = start
    while True:
        if text.startswith('"', position):
            match = _QUOTED.match(text, position)
            if match is None:
                return _broken(text, start, separator)
            cells.append(match[1].replace('""', '"'))
        else:
            match = plain.match(text, position)
            if match is None:  # the pattern matches even nothing
                raise AssertionError("a pattern that allows nothing did not match")
            cells.append(match[0])
        position = match.end()
        if text.startswith(separator, position):
            position += 1
            continue
        if position == len(text):
            return Record(tuple(cells)), position
        end = _LINE_END.match(text, position)
        if end is None:
            return _broken(text, start, separator)
        return Record(tuple(cells)), end.end()


def _broken(text: str, start: int, separator: str) -> tuple[Record, int]:
    end = _LINE_END.search(text, start)
    line = text[start : end.start() if end else len(text)]
    cells = tuple(line.split(separator))
    return Record(cells, broken=True), end.end() if end else len(text)


def row(cells: Iterable[str]) -> str:
    """One record as text, quoted where it must be, with the line end of the RFC."""
    return ",".join(_quoted(cell) for cell in cells) + "\r\n"


def _quoted(cell: str) -> str:
    if not _NEEDS_QUOTES.search(cell):
        return cell
    return '"' + cell.replace('"', '""') + '"'
