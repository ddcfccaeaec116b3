"""The words on the glass: translation, direction, and how values are said.

One language is in use at a time, for the whole window. Source strings are
English; catalogues come from ``resources.i18n`` (gettext). Numbers stay in
European digits, as they are on the papers people hold.
"""

from __future__ import annotations

import gettext
import unicodedata
from datetime import date, datetime, timedelta
from typing import Final

from desktop import tasks
from values.text import isolate_notation

SOURCE: Final = "en"
NATIVE_NAMES: Final = {"en": "English", "fr": "Français", "ar": "العربية"}
_RTL: Final = frozenset({"ar", "fa", "ps", "ur", "he", "ckb", "dv"})
_FSI: Final = "\u2068"  # first strong isolate, Unicode UAX #9
_PDI: Final = "\u2069"
_LRM: Final = "\u200e"  # left-to-right mark
_RLM: Final = "\u200f"  # right-to-left mark

_language = SOURCE
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str) -> None:
    """Speak ``language`` (BCP 47) from now on; an unknown one means English."""
    global _language, _catalogue
    _language = language if language in NATIVE_NAMES else SOURCE
    if _language == SOURCE:
        _catalogue = gettext.NullTranslations()
        return
    from resources import i18n

    with tasks.permitted("a bundled catalogue of a few kilobytes, read once per language"):
        _catalogue = i18n.translation(_language)


def language() -> str:
    """The language in use."""
    return _language


def rtl() -> bool:
    """Whether the language in use is written from right to left."""
    return _language.partition("-")[0] in _RTL


def system_language() -> str:
    """The computer's language where we speak it, else English."""
    from PySide6.QtCore import QLocale  # 600 languages and countries: not before the window

    code = QLocale.system().name().partition("_")[0]
    return code if code in NATIVE_NAMES else SOURCE


def N_(msgid: str) -> str:
    """Mark a source string that ``tr`` translates later."""
    return msgid


def tr(msgid: str, **values: object) -> str:
    """A translated whole sentence with its named placeholders filled."""
    text = _catalogue.gettext(msgid) if msgid else ""
    return led(text.format(**values) if values else text)


def ntr(singular: str, plural: str, n: int, **values: object) -> str:
    """A translated sentence in the plural form ``n`` asks for; ``{n}`` is the number."""
    return led(_catalogue.ngettext(singular, plural, n).format(n=number(n), **values))


def led(text: str) -> str:
    """Keep a sentence in the order of our language, though it begins with a foreign name, and
    the dates in it in the order in which they are typed.

    Qt takes a line's direction from its first letter (UAX #9, P2 and P3), in some widgets
    even from one within an isolate; the mark is that first letter.
    """
    if rtl():
        text = isolate_notation(text)
    if text.isascii():
        return text
    found = [way != "L" for way in map(unicodedata.bidirectional, text) if way in ("L", "R", "AL")]
    if len(set(found)) > 1 and found[0] is not rtl():
        return (_RLM if rtl() else _LRM) + text
    return text


def number(n: int) -> str:
    """A whole number, grouped by thin spaces above 9999."""
    return f"{n:,}".replace(",", "\u202f") if abs(n) > 9999 else str(n)


def isolate(text: str) -> str:
    """Keep a number or a foreign name in one piece inside a sentence."""
    return f"{_FSI}{text}{_PDI}" if text else ""


def beside(*parts: str) -> str:
    """Parts on one line, the empty ones left out; from right to left each keeps its own order,
    for a foreign word draws the number after it to itself else. The mark says which way the line
    runs: no letter outside the isolates does."""
    said = [part for part in parts if part]
    if not rtl() or len(said) < 2:
        return " · ".join(said)
    return _RLM + " · ".join(isolate(part) for part in said)


def day(value: date) -> str:
    """A day in words, such as "3 May 2026"."""
    from PySide6.QtCore import QLocale  # as above

    month = QLocale(_language).monthName(value.month, QLocale.FormatType.LongFormat)
    return tr("{day} {month} {year}", day=value.day, month=month, year=value.year)


def clock_time(value: datetime) -> str:
    """The time of day where we are, such as "10:42"."""
    return value.astimezone().strftime("%H:%M")


def moment(value: datetime) -> str:
    """A day and a time where we are."""
    local = value.astimezone()
    return tr("{day}, {time}", day=day(local.date()), time=isolate(local.strftime("%H:%M")))


def ago(span: timedelta) -> str:
    """How long since, in one unit: "5 min", "2 h", "3 d"."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return tr("{n} min", n=minutes)
    if minutes < 48 * 60:
        return tr("{n} h", n=minutes // 60)
    return tr("{n} d", n=minutes // (24 * 60))


def size(count: int) -> str:
    """A number of bytes in the unit that suits it."""
    if count < 1000:
        return tr("{n} B", n=count)
    if count < 1_000_000:
        return tr("{n} kB", n=round(count / 1000))
    if count < 1_000_000_000:
        return tr("{n} MB", n=f"{count / 1_000_000:.1f}")
    return tr("{n} GB", n=f"{count / 1_000_000_000:.1f}")


_ROLES: Final = {
    "officer": N_("Officer"),
    "supervisor": N_("Supervisor"),
    "clerk": N_("Clerk"),
    "registrar": N_("Registrar"),
    "auditor": N_("Auditor"),
    "administrator": N_("Administrator"),
    "service": N_("Service account"),
}


def role(code: str) -> str:
    """What a role is called."""
    return tr(_ROLES.get(code, code))


def failure(error: Exception) -> str:
    """What to say when work failed: the office's own sentence, or that it is our fault."""
    sentence = getattr(error, "sentence", None)
    if isinstance(sentence, str) and sentence:
        return tr(sentence)
    if isinstance(error, OSError) and error.strerror:
        return tr(
            "The computer answered: {reason}. Check the disk or stick, then try again.",
            reason=error.strerror,
        )
    return tr(
        "Something went wrong inside Waystation ({kind}). Nothing you typed is lost. "
        "Try again, and tell your administrator if it comes back.",
        kind=type(error).__name__,
    )
