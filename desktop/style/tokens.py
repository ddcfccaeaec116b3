"""The measures and colour roles of the interface, each in one place.

Sizes are device-independent pixels at a text size of 100 %. Colours are named by
what they are for, never by hue; a palette gives each role its value.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

# The 4 px grid of spacing.
S4: Final = 4
S8: Final = 8
S12: Final = 12
S16: Final = 16
S24: Final = 24
S32: Final = 32

# Type sizes.
CAPTION: Final = 12
BODY: Final = 14
SECTION: Final = 16
TITLE: Final = 20
DISPLAY: Final = 28

RADIUS: Final = 6
CARD_RADIUS: Final = 8

CONTROL_HEIGHT: Final = 36  # readable and easy to hit at arm's length
ROW_HEIGHT: Final = 36

FORM_WIDTH: Final = 720
SIDE_WIDTH: Final = 280
RAIL_WIDTH: Final = 200
HEADER_HEIGHT: Final = 60
STATUS_HEIGHT: Final = 34
BAND_HEIGHT: Final = 28

TEXT_SCALES: Final = (100, 115, 130)


@dataclass(frozen=True, slots=True)
class Palette:
    """One value per colour role, as ``#rrggbb``.

    ``*_soft`` is the tint behind text of the same role; ``on_*`` is text on a
    filled area of that role.
    """

    name: str
    dark: bool
    border: int  # thickness of a control's outline
    # surfaces
    window: str
    rail: str
    raised: str
    field: str
    hover: str
    pressed: str
    line: str
    outline: str
    # text
    text: str
    muted: str
    # the one accent
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    # states
    danger: str
    danger_hover: str
    on_danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    # the rest
    focus: str
    band: str
    on_band: str
    selection: str
    on_selection: str

    def role(self, name: str) -> str:
        """The colour of a role; KeyError for an unknown one."""
        if name not in COLOUR_ROLES:
            raise KeyError(name)
        value: str = getattr(self, name)
        return value


COLOUR_ROLES: Final = frozenset(f.name for f in fields(Palette)) - {"name", "dark", "border"}

# Text that is really set on these surfaces (WCAG 2.2, 1.4.3: at least 4.5 to 1).
TEXT_PAIRS: Final = (
    *((ink, ground) for ink in ("text", "muted") for ground in ("window", "rail", "raised")),
    ("text", "field"),
    ("muted", "field"),
    ("text", "hover"),
    ("muted", "hover"),
    ("text", "pressed"),
    ("accent", "window"),
    ("accent", "raised"),
    ("accent", "field"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("on_accent_soft", "accent_soft"),
    ("text", "accent_soft"),
    ("muted", "accent_soft"),
    ("danger", "window"),
    ("danger", "raised"),
    ("danger", "danger_soft"),
    ("text", "danger_soft"),
    ("on_danger", "danger"),
    ("on_danger", "danger_hover"),
    ("warning", "window"),
    ("warning", "raised"),
    ("warning", "warning_soft"),
    ("text", "warning_soft"),
    ("success", "window"),
    ("success", "raised"),
    ("success", "success_soft"),
    ("text", "success_soft"),
    ("on_band", "band"),
    ("on_selection", "selection"),
)

# Outlines and the focus ring (WCAG 2.2, 1.4.11: at least 3 to 1).
SHAPE_PAIRS: Final = (
    ("outline", "window"),
    ("outline", "raised"),
    ("outline", "field"),
    ("focus", "window"),
    ("focus", "rail"),
    ("focus", "raised"),
    ("focus", "field"),
)


def luminance(colour: str) -> float:
    """The relative luminance of ``#rrggbb`` (WCAG 2.2), 0 for black to 1 for white."""

    def linear(byte: int) -> float:
        part = byte / 255
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
