"""The style sheet, made from tokens.

Widgets say what they are through the dynamic property ``look`` ("primary",
"card", "caption" ...); this module says what that looks like. Qt mirrors
``text-align`` for right-to-left, but neither borders nor padding: their sides are
chosen here.
"""

from __future__ import annotations

from desktop.style import tokens
from desktop.style.tokens import Palette


def sheet(palette: Palette, *, scale: int = 100, rtl: bool = False) -> str:
    """The style sheet of the whole application.

    ``scale`` is the text size in per cent (see ``tokens.TEXT_SCALES``).
    """
    parts = (_text, _buttons, _fields, _surfaces, _data, _chrome)
    return "\n".join(part(palette, _Measure(scale=scale, rtl=rtl)) for part in parts)


class _Measure:
    """Scaled sizes, and which side text starts on."""

    def __init__(self, *, scale: int, rtl: bool) -> None:
        self._scale = scale
        self.start, self.end = ("right", "left") if rtl else ("left", "right")

    def px(self, size: int) -> str:
        return f"{round(size * self._scale / 100)}px"

    def edge(self, width: int, colour: str, *, pad: int) -> str:
        """A control's outline. A thicker one takes from the padding, so that nothing moves."""
        return (
            f"border: {width}px solid {colour}; padding: 0px {pad - width}px; "
            f"min-height: {round(tokens.CONTROL_HEIGHT * self._scale / 100) - 2 * width}px;"
        )


def _text(p: Palette, m: _Measure) -> str:
    return f"""
QWidget {{ color: {p.text}; font-size: {m.px(tokens.BODY)}; outline: 0px; }}
QMainWindow, QDialog, QWidget[look="window"] {{ background: {p.window}; }}
QLabel {{ background: transparent; }}
QLabel:disabled {{ color: {p.muted}; }}
QLabel[look="display"] {{ font-size: {m.px(tokens.DISPLAY)}; font-weight: 600; }}
QLabel[look="title"] {{ font-size: {m.px(tokens.TITLE)}; font-weight: 600; }}
QLabel[look="section"] {{ font-size: {m.px(tokens.SECTION)}; font-weight: 600; }}
QLabel[look="strong"] {{ font-weight: 600; }}
QLabel[look="muted"] {{ color: {p.muted}; }}
QLabel[look="caption"] {{ color: {p.muted}; font-size: {m.px(tokens.CAPTION)}; }}
QLabel[look="label"] {{ font-weight: 500; }}
QLabel[look="problem-error"] {{ color: {p.danger}; font-size: {m.px(13)}; font-weight: 500; }}
QLabel[look="problem-warning"] {{ color: {p.warning}; font-size: {m.px(13)}; font-weight: 500; }}
QLabel[look="count"] {{ font-size: {m.px(tokens.DISPLAY)}; font-weight: 600; }}
QLabel[look="word"] {{
    font-size: {m.px(tokens.SECTION)}; font-weight: 600; background: {p.window};
    border: 1px solid {p.line}; border-radius: {tokens.RADIUS}px; padding: 8px 12px;
}}
QLabel[look="key"] {{
    color: {p.muted}; font-size: {m.px(tokens.CAPTION)}; font-weight: 500;
    background: {p.window}; border: 1px solid {p.outline}; border-bottom-width: 2px;
    border-radius: 4px; padding: 1px 6px;
}}
QToolTip {{
    color: {p.text}; background: {p.raised}; border: 1px solid {p.outline}; padding: 6px 8px;
}}
"""


def _buttons(p: Palette, m: _Measure) -> str:
    ring = p.border + 1  # the focus ring is thicker than any outline
    return f"""
QPushButton {{
    {m.edge(p.border, p.outline, pad=17)} border-radius: {tokens.RADIUS}px;
    background: {p.raised}; font-weight: 500;
}}
QPushButton:hover {{ background: {p.hover}; }}
QPushButton:pressed {{ background: {p.pressed}; }}
QPushButton:focus {{ {m.edge(ring, p.focus, pad=17)} }}
QPushButton:disabled {{ color: {p.muted}; background: {p.window}; border-color: {p.line}; }}

QPushButton[look="primary"] {{
    color: {p.on_accent}; background: {p.accent}; font-weight: 600;
    {m.edge(p.border, p.accent, pad=19)}
}}
QPushButton[look="primary"]:hover {{ background: {p.accent_hover}; }}
QPushButton[look="primary"]:pressed {{ background: {p.accent_pressed}; }}
QPushButton[look="primary"]:focus {{ {m.edge(p.border, p.accent, pad=19)} }}
QPushButton[look="primary"]:disabled {{
    color: {p.muted}; background: {p.hover}; border-color: {p.hover};
}}

QPushButton[look="danger"] {{ color: {p.danger}; border-color: {p.danger}; }}
QPushButton[look="danger"]:hover {{ background: {p.danger_soft}; }}
QPushButton[look="danger"]:focus {{ {m.edge(ring, p.danger, pad=17)} }}
QPushButton[look="danger"]:disabled {{ color: {p.muted}; border-color: {p.line}; }}

QPushButton[look="quiet"] {{ background: transparent; border-color: transparent; }}
QPushButton[look="quiet"]:hover {{ background: {p.hover}; }}
QPushButton[look="quiet"]:pressed {{ background: {p.pressed}; }}
QPushButton[look="quiet"]:focus {{ {m.edge(ring, p.focus, pad=17)} }}
QPushButton[look="quiet"]:disabled {{ background: transparent; }}
QPushButton[look="quiet"]:checked {{ background: {p.accent_soft}; color: {p.on_accent_soft}; }}

QPushButton[look="link"] {{
    color: {p.accent}; background: transparent; border: 2px solid transparent;
    min-height: {m.px(22)}; padding: 1px 3px; text-align: left; border-radius: 4px;
}}
QPushButton[look="link"]:hover {{ background: {p.hover}; text-decoration: underline; }}
QPushButton[look="link"]:focus {{
    border: 2px solid {p.focus}; min-height: {m.px(22)}; padding: 1px 3px;
}}
QPushButton[look="link"]:disabled {{ color: {p.muted}; background: transparent; }}

QPushButton[look="icon"] {{
    background: transparent; border: 2px solid transparent; padding: 0px;
    min-width: {m.px(32)}; max-width: {m.px(32)}; min-height: {m.px(32)}; max-height: {m.px(32)};
}}
QPushButton[look="icon"]:hover {{ background: {p.hover}; }}
QPushButton[look="icon"]:pressed {{ background: {p.pressed}; }}
QPushButton[look="icon"]:focus {{
    border: 2px solid {p.focus}; padding: 0px; min-height: {m.px(32)};
}}

QPushButton[look="segment"] {{
    background: {p.field}; {m.edge(p.border, p.outline, pad=15)} font-weight: 500;
}}
QPushButton[look="segment"]:hover {{ background: {p.hover}; }}
QPushButton[look="segment"]:checked {{
    background: {p.accent_soft}; color: {p.on_accent_soft};
    {m.edge(p.border + 1, p.accent, pad=15)}
}}
QPushButton[look="segment"]:focus {{ {m.edge(ring, p.focus, pad=15)} }}
QPushButton[look="segment"]:checked:focus {{ {m.edge(ring + 1, p.focus, pad=15)} }}
QPushButton[look="segment"]:disabled {{ color: {p.muted}; background: {p.window}; }}

QPushButton[look="option"] {{
    background: {p.raised}; border: {p.border}px solid {p.outline}; padding: 0px;
    min-height: 0px; border-radius: {tokens.CARD_RADIUS}px; text-align: left;
}}
QPushButton[look="option"]:hover {{ background: {p.hover}; }}
QPushButton[look="option"]:checked {{
    background: {p.accent_soft}; border: {p.border + 1}px solid {p.accent};
}}
QPushButton[look="option"]:focus {{
    border: {ring}px solid {p.focus}; padding: 0px; min-height: 0px;
}}
QPushButton[look="option"]:checked:focus {{ border: {ring + 1}px solid {p.focus}; }}

QPushButton[look="line"] {{
    background: transparent; border: 2px solid transparent; text-align: left;
    padding: 0px; min-height: {m.px(40)}; border-radius: {tokens.RADIUS}px;
}}
QPushButton[look="line"]:hover {{ background: {p.hover}; }}
QPushButton[look="line"]:pressed {{ background: {p.pressed}; }}
QPushButton[look="line"]:focus {{
    border: 2px solid {p.focus}; padding: 0px; min-height: {m.px(40)};
}}
"""


def _fields(p: Palette, m: _Measure) -> str:
    ring = p.border + 1
    names = ("QLineEdit", "QPlainTextEdit", "QTextEdit", "QComboBox", "QSpinBox", "QDateEdit")

    def each(suffix: str = "") -> str:
        return ", ".join(name + suffix for name in names)

    return f"""
{each()} {{
    background: {p.field}; {m.edge(p.border, p.outline, pad=11)}
    border-radius: {tokens.RADIUS}px;
    selection-background-color: {p.selection}; selection-color: {p.on_selection};
    placeholder-text-color: {p.muted};
}}
{each(":hover")} {{ border-color: {p.muted}; }}
{each('[state="warning"]')} {{ {m.edge(ring, p.warning, pad=11)} }}
{each('[state="error"]')} {{ {m.edge(ring, p.danger, pad=11)} }}
{each(":focus")} {{ {m.edge(ring, p.focus, pad=11)} }}
{each(":disabled")} {{ background: {p.window}; color: {p.muted}; border-color: {p.line}; }}
QLineEdit:read-only {{ background: {p.window}; }}
QPlainTextEdit, QTextEdit {{ padding: 6px {9 - p.border}px; min-height: 0px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 5px {9 - ring}px; min-height: 0px; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox::drop-down {{ border: 0px; width: 30px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{
    background: {p.raised}; border: 1px solid {p.outline}; padding: 4px; outline: 0px;
    selection-background-color: {p.accent_soft}; selection-color: {p.on_accent_soft};
}}
QComboBox QAbstractItemView::item {{ min-height: {m.px(30)}; padding: 0px 8px; }}
QCheckBox, QRadioButton {{ background: transparent; spacing: 10px; min-height: {m.px(28)}; }}
QListView[look="suggestions"] {{
    background: {p.raised}; border: {p.border}px solid {p.outline};
    border-radius: {tokens.RADIUS}px; padding: 4px; outline: 0px;
}}
"""


def _surfaces(p: Palette, m: _Measure) -> str:
    tones = "".join(
        f"""
QFrame[look="message"][tone="{tone}"] {{
    background: {ground}; border: {p.border}px solid {edge}; border-radius: {tokens.RADIUS}px;
}}
"""
        for tone, ground, edge in (
            ("info", p.accent_soft, p.accent if p.border > 1 else p.accent_soft),
            ("success", p.success_soft, p.success if p.border > 1 else p.success_soft),
            ("warning", p.warning_soft, p.warning if p.border > 1 else p.warning_soft),
            ("danger", p.danger_soft, p.danger if p.border > 1 else p.danger_soft),
        )
    )
    return f"""
QFrame[look="card"] {{
    background: {p.raised}; border: {p.border}px solid {p.line};
    border-radius: {tokens.CARD_RADIUS}px;
}}
QFrame[look="rule"] {{ background: {p.line}; border: 0px; max-height: 1px; min-height: 1px; }}
QFrame[look="plain"], QWidget[look="plain"] {{ background: transparent; border: 0px; }}
QScrollArea {{ background: transparent; border: 0px; }}
QScrollArea > QWidget > QWidget[look="plain"] {{ background: transparent; }}
QLabel[look="wrapped-link"] {{
    color: {p.text}; border: 2px solid transparent; border-radius: 4px; padding: 0px 2px;
}}
QLabel[look="wrapped-link"]:hover {{ text-decoration: underline; }}
QLabel[look="wrapped-link"]:focus {{ border: 2px solid {p.focus}; }}
{tones}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0px; }}
QScrollBar::handle:vertical {{
    background: {p.outline}; border-radius: 3px; min-height: 32px; margin: 2px 3px;
}}
QScrollBar::handle:horizontal {{
    background: {p.outline}; border-radius: 3px; min-width: 32px; margin: 3px 2px;
}}
QScrollBar::handle:hover {{ background: {p.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{
    background: {p.pressed}; border: 0px; border-radius: 4px; min-height: 8px; max-height: 8px;
    color: transparent;
}}
QProgressBar::chunk {{ background: {p.accent}; border-radius: 4px; }}
QMenu {{
    background: {p.raised}; border: 1px solid {p.outline}; border-radius: {tokens.RADIUS}px;
    padding: 4px;
}}
QMenu::item {{ padding: 7px 20px 7px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {p.accent_soft}; color: {p.on_accent_soft}; }}
QMenu::separator {{ height: 1px; background: {p.line}; margin: 4px 8px; }}
QSplitter::handle {{ background: {p.line}; }}
"""


def _data(p: Palette, m: _Measure) -> str:
    return f"""
QTableView, QListView, QTreeView {{
    background: {p.raised}; border: {p.border}px solid {p.line};
    border-radius: 4px; outline: 0px; gridline-color: transparent;
    selection-background-color: {p.accent_soft}; selection-color: {p.text};
}}
QTableView:focus {{ border-color: {p.focus}; }}
QListView:focus, QTreeView:focus {{ border: 2px solid {p.focus}; }}
QTableView::item {{ border: 0px; border-bottom: 1px solid {p.line}; padding: 0px 8px; }}
QTableView::item:hover {{ background: {p.hover}; }}
QTableView::item:selected {{ background: {p.accent_soft}; color: {p.text}; }}
QHeaderView {{ background: transparent; border: 0px; }}
QHeaderView::section {{
    background: {p.raised}; color: {p.muted}; border: 0px; border-bottom: 1px solid {p.line};
    padding: 8px; font-size: {m.px(tokens.CAPTION)}; font-weight: 600; text-align: left;
}}
QHeaderView::section:hover {{ color: {p.text}; }}
QHeaderView::up-arrow, QHeaderView::down-arrow {{ image: none; width: 0px; height: 0px; }}
QTableCornerButton::section {{ background: {p.raised}; border: 0px; }}
"""


def _chrome(p: Palette, m: _Measure) -> str:
    return f"""
QWidget[look="rail"] {{
    background: {p.rail}; border: 0px; border-{m.end}: 1px solid {p.line};
}}
QWidget[look="header"] {{ background: {p.window}; }}
QWidget[look="status"] {{ background: {p.rail}; border: 0px; border-top: 1px solid {p.line}; }}
QWidget[look="status"] QLabel {{ color: {p.muted}; font-size: {m.px(tokens.CAPTION)}; }}
QWidget[look="status"] QLabel[look="status-strong"] {{ color: {p.text}; font-weight: 600; }}
QWidget[look="status"] QPushButton[look="link"] {{ font-size: {m.px(tokens.CAPTION)}; }}
QWidget[look="side"] {{
    background: {p.window}; border: 0px; border-{m.start}: 1px solid {p.line};
}}
QWidget[look="band"] {{ background: {p.band}; }}
QWidget[look="band"] QLabel {{ color: {p.on_band}; font-weight: 600; }}
QFrame[look="differs"] {{ background: {p.warning_soft}; border-radius: 4px; }}
QLabel[look="mark-muted"] {{ color: {p.muted}; font-weight: 600; }}
QLabel[look="mark-accent"] {{ color: {p.on_accent_soft}; background: {p.accent_soft};
    border-radius: 4px; font-weight: 700; }}
QLabel[look="mark-warning"] {{ color: {p.warning}; background: {p.warning_soft};
    border-radius: 4px; font-weight: 700; }}
QPushButton[look="rail-item"] {{
    background: transparent; color: {p.text}; border: 2px solid transparent; font-weight: 500;
    min-height: {m.px(34)}; padding: 0px 8px; text-align: left;
}}
QPushButton[look="rail-item"]:hover {{ background: {p.pressed}; }}
QPushButton[look="rail-item"]:checked {{
    background: {p.accent_soft}; color: {p.on_accent_soft}; font-weight: 600;
}}
QPushButton[look="rail-item"]:focus {{ border: 2px solid {p.focus}; padding: 0px 8px; }}
"""
