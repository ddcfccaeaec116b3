"""The zone for machines on the back of a card: three lines of thirty characters (TD1)."""

from documents.errors import PageError
from documents.layout.sheet import Sheet
from documents.layout.theme import WHITE
from documents.page_data import PageData
from documents.templates.model import Template
from values.dates import PartialDate
from values.mrz import Mrz, MrzError, Names, write

CODE = "WR"
"""First letter W: ICAO gives P to passports, V to visas, and A, C and I to cards that travel. No
reader takes this for one of them."""
SPECIMEN = "UTO"
"""ICAO's Utopia: the issuer of specimens, and so of what is printed for training."""

# ICAO Doc 9303, part 3, 4.4 and 4.5, and part 5, 3.2.1. Millimetres of the card.
HEIGHT = 23.2
_PITCH = 2.54  # ten characters an inch
_STEP = 6.35  # from line to line
_MIDDLE = 12.7  # of the middle line, above the lower edge
_CAPITAL = 2.54  # height of OCR-B, size 1


def lines_of(page: PageData, template: Template) -> tuple[str, ...]:
    """The lines; none where there is no number yet, or no issuer.

    A document that is no specimen must not say that it is one, and a code that nobody agreed to
    is somebody else's: without an issuer's code there is no zone. The code in front says it all.

    Raises:
        PageError: code ``mrz``: the name cannot be written in it.
    """
    issuer = template.issuer or (SPECIMEN if page.training else "")
    if not issuer or not page.number:
        return ()
    who = page.subject
    try:
        return write(
            Mrz(
                format="TD1",
                document_code=CODE,
                issuer=issuer,
                document_number=page.number.replace("-", ""),
                names=Names(who.name_latin or who.name),
                nationality=who.nationality,
                birth=who.birth,
                sex=who.sex,
                expiry=PartialDate.parse(page.expires.isoformat()),
            )
        )
    except MrzError as error:
        raise PageError("mrz", f"No card can be made: print it on A4 or A5. {error}") from None


def draw(sheet: Sheet, lines: tuple[str, ...]) -> None:
    """Draw the zone over the lower edge of a card, on white."""
    scale = sheet.size.scale
    top = sheet.height_in_all - HEIGHT / scale
    sheet.box(0.0, top, sheet.width_in_all, HEIGHT / scale, fill=WHITE)
    for above, line in zip((1, 0, -1), lines, strict=True):
        baseline = sheet.height_in_all - (_MIDDLE + above * _STEP - _CAPITAL / 2) / scale
        start = (sheet.width_in_all - _PITCH * len(line) / scale) / 2
        with sheet.inside("P"):
            sheet.typed(line, start, baseline, pitch=_PITCH / scale)
