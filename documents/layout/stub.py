"""The stub at the lower edge: torn off when the document is handed over, and kept by the office."""

from documents.layout.blocks import label
from documents.layout.sheet import Align, Sheet
from documents.layout.theme import HAIRLINE, MUTED, TYPE
from documents.page_data import PageData
from documents.wording import Words
from values.text import isolate

_HEIGHT = 23.0
_DASH = 2.2
_LEAST = 5.0


def top(sheet: Sheet) -> float:
    """The line to tear along. All that is printed below it is where office printers print."""
    return sheet.height_in_all - sheet.size.clear - _HEIGHT


def draw(sheet: Sheet, words: Words, page: PageData) -> None:
    """Draw the stub at the lower edge."""
    at = sheet.margin * 0.3
    while at < sheet.width_in_all - sheet.margin * 0.3:
        sheet.rule(at, top(sheet), _DASH, colour=MUTED, thickness=0.6)
        at += 2 * _DASH
    y = top(sheet) + 1.2
    half = sheet.content * 0.52
    sheet.line(
        words.say("stub"),
        sheet.margin,
        y + 2.6,
        sheet.content,
        size=TYPE.label,
        least=5.0,
        colour=MUTED,
    )
    y += 4.2
    label(sheet, words, "document_number", sheet.margin, y, half - 4.0)
    sheet.line(
        isolate(page.number) if page.number else words.say("number_later"),
        sheet.margin,
        y + 8.6,
        half - 4.0,
        size=TYPE.grid if page.number else TYPE.small,
        least=7.0,
        bold=True,
    )
    who = page.subject
    facts = [isolate(who.number), words.day(page.issued), isolate(page.issued_by)]
    if page.serial:
        facts.append(isolate(page.serial))
    language = who.name_language if who.name else "en"
    sheet.line(
        isolate(_shortened(sheet, who.name or who.name_latin, half - 4.0, language)),
        sheet.margin,
        y + 13.2,
        half - 4.0,
        size=TYPE.body,
        least=_LEAST,
        language=language,
    )
    sheet.line(
        "  ·  ".join(one for one in facts if one),
        sheet.margin,
        y + 17.0,
        half - 4.0,
        size=TYPE.small,
        least=4.6,
        colour=MUTED,
    )
    x = sheet.margin + half
    width = sheet.content - half
    sheet.box(x, y, width, _HEIGHT - 6.6, stroke=HAIRLINE, radius=1.2)
    said = words.copy(page.copy)
    label(sheet, words, "collector_signature", x + 2.5, y + 1.0, width - 5.0)
    if said:
        sheet.line(
            said, x + 2.5, y + 15.4, width - 5.0, size=TYPE.small, colour=MUTED, align=Align.END
        )


def _shortened(sheet: Sheet, name: str, width: float, language: str) -> str:
    """As much of a name as one line of small letters holds; it stands whole on the document."""
    lines = sheet.lines(name, width - 3.0, size=_LEAST, language=language)
    return name if len(lines) == 1 else f"{lines[0].text}\u2026"
