"""What people read: problems, codes, dates and ages, in their language.

Source strings are English; translations come from the catalogues, names of countries, languages
and months from CLDR, and those of countries that papers call otherwise from a file. Babel is
imported only when such a name is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING

from forms import sentences
from forms.codes import code_list
from forms.errors import CodeListError
from forms.library import Catalogue, catalogue
from forms.names import official
from forms.problems import Problem
from forms.reading import RULE, UNSAID
from resources.i18n import papers, translation
from values.dates import Calendar, PartialDate
from values.text import isolate, isolate_notation

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["in_cldr", "label", "say", "say_age", "say_date", "say_day", "say_row"]

_CLDR_NAMES = {"countries": "territories", "languages": "languages", "scripts": "scripts"}
_RTL = frozenset({"ar", "fa", "ps", "ur", "ckb", "he", "rhg", "sd", "ug", "yi"})
_DAY_IS_FIRST = frozenset({"ps"})
"""Languages whose dates CLDR begins with the year though their readers' papers begin with the day:
in Pashto it stands first, as in the Dari and the Urdu beside it."""
_DAY_FIRST = ("d MMMM y", "MMMM y")
_MONTHS_SAID_BELOW = 2  # years; the age of a small child is said in months
_NARROW = 62  # days; a narrower range is said by its days, a wider one by its years


def say(problem: Problem, language: str = "en", *, forms: Catalogue | None = None) -> str:
    """The sentence for a problem at the table: what to do, in ``language``. ``forms``: those that
    it may be of, where an operation has forms of its own."""
    return _ordered(_said(problem, language, forms or catalogue()), language)


def _said(problem: Problem, language: str, forms: Catalogue) -> str:
    if problem.code == "missing":
        return _asked_for(problem, language, forms)
    if problem.code.startswith((RULE, UNSAID)):
        return _rule(problem, language, forms)
    return _fitting((sentences.TABLE, sentences.ROW), problem.code, problem, language)


def say_row(problem: Problem, language: str = "en") -> str:
    """The sentence for a problem of a list's row, for its writer or for the officer who looks."""
    code = "unknown_code_of" if "codes" in problem.params else problem.code
    return _ordered(_fitting((sentences.ROW, sentences.TABLE), code, problem, language), language)


def _ordered(text: str, language: str) -> str:
    """Dates in it as they are typed, though the sentence runs right to left."""
    return isolate_notation(text) if _base(language) in _RTL else text


def _rule(problem: Problem, language: str, forms: Catalogue) -> str:
    """What the form itself says; the rule may be of a form that is not here any more."""
    text = translation(language).gettext
    kind, _, code = problem.code.partition(":")
    for form in forms.all():
        for rule in form.rules if form.id == problem.params.get("form") else ():
            if rule.code == code:
                said = form.texts.get(language, {}).get(rule.say) or text(rule.say)
                return said if f"{kind}:" == RULE else text(sentences.UNSAID).format(rule=said)
    return text(sentences.TABLE["unreadable_answer"])


def _asked_for(problem: Problem, language: str, forms: Catalogue) -> str:
    """The field's own sentence. A problem that was kept may not say which form it is of."""
    text = translation(language).gettext
    for form in forms.all():
        of_form = problem.params.get("form", form.id) == form.id
        if of_form and problem.field in form and (said := form.field(problem.field).missing):
            return form.texts.get(language, {}).get(said) or text(said)
    return text(sentences.TABLE["answer_needed"])


def _fitting(
    tables: tuple[Mapping[str, str], ...], code: str, problem: Problem, language: str
) -> str:
    """The first sentence for ``code`` whose every placeholder is known; a value that may not be
    repeated becomes "this". Problems kept by an older program may lack a parameter."""
    say_it = translation(language).gettext
    params = {"column": problem.field, **problem.params}
    if isinstance(row := params.get("row"), int):
        # An older program kept the data row; the header stands in the line above the first.
        params.setdefault("line", row + 1)
    if params.get("value") == "":
        params["value"] = say_it("this")
    codes = (code, f"{code}_registered")
    texts = [table[one] for table in tables for one in codes if one in table]
    if not texts:
        return problem.code
    chosen = next((text for text in texts if _names(text) <= params.keys()), texts[0])
    filled = defaultdict(lambda: "…", params)
    try:
        return say_it(chosen).format_map(filled)
    except (ValueError, IndexError, AttributeError):  # a translation with a wrong placeholder
        return chosen.format_map(filled)


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def label(code_list_name: str, code: str, language: str = "en") -> str:
    """The words for a code; a code that is not in the list is said as it is.

    Countries have the names of papers (:mod:`forms.names`), they and languages otherwise those of
    CLDR in ``language``.
    """
    if not code:
        return ""
    try:
        known = code_list(code_list_name)
    except CodeListError:
        return code
    if code not in known:
        return code
    if code_list_name == "countries" and code in (names := official(language)):
        return names[code]
    entry = known[code]
    if code_list_name in _CLDR_NAMES and (said := in_cldr(code_list_name, code, language)):
        return said
    own = known.texts.get(language, {}).get(entry.label)
    return own or papers(language).gettext(entry.label)


def in_cldr(code_list_name: str, code: str, language: str = "en") -> str:
    """What CLDR calls a country, a language or a script; empty where it has no name."""
    names: Mapping[str, str] = getattr(_locale(language), _CLDR_NAMES[code_list_name])
    return names.get(code_list(code_list_name)[code].extra.get("cldr", ""), "")


def say_date(said: PartialDate, language: str = "en") -> str:
    """A date as it is known: ``3 May 1987``, ``May 1987``, ``about 1985``, ``between 1990 and
    1999``. One said in another calendar comes first as said, then in the Gregorian calendar:
    ``1361-07-12 (Solar Hijri), 4 October 1982``."""
    text = papers(language).gettext
    if said.calendar is Calendar.GREGORIAN:
        return _gregorian(said, language)
    original = said.edtf.removesuffix("~")
    original = isolate(original) if _base(language) in _RTL else original
    if said.approximate:
        original = text("about {date}").format(date=original)
    return text("{original} ({calendar}), {gregorian}").format(
        original=original,
        calendar=label("calendars", said.calendar.value, language),
        gregorian=_gregorian(said, language),
    )


def say_age(said: PartialDate | None, on: date, language: str = "en") -> str:
    """An age on a day as far as it is known: ``41``, ``40 or 41``, ``about 41``, ``between 35 and
    44``, ``7 months``, ``under 1 month``; empty when the birth is not known."""
    if said is None:
        return ""
    text = translation(language)
    youngest, oldest = said.age_on(on)
    if said.precision == "day" and not said.approximate and youngest < _MONTHS_SAID_BELOW:
        months = max(0, (on.year - said.earliest.year) * 12 + on.month - said.earliest.month)
        months -= 1 if months and on.day < said.earliest.day else 0
        if months == 0:
            return text.gettext("under 1 month")
        return text.ngettext("{count} month", "{count} months", months).format(count=months)
    if oldest == 0:
        return text.gettext("under 1 year")
    if said.approximate:
        return text.gettext("about {age}").format(age=oldest)
    if youngest == oldest:
        return str(youngest)
    if oldest - youngest == 1:
        return text.gettext("{first} or {last}").format(first=youngest, last=oldest)
    return text.gettext("between {first} and {last}").format(first=youngest, last=oldest)


def _gregorian(said: PartialDate, language: str) -> str:
    text = papers(language).gettext
    first, last = said.earliest, said.latest
    about = said.approximate or (said.precision == "day" and said.complete is None)
    if first == last:
        words = say_day(first, language)
    elif said.precision == "month" and _is_month(first, last):
        words = _month(first, language)
    elif said.precision == "year" and (first.month, first.day, last.month) == (1, 1, 12):
        words = str(first.year)
    elif (last - first).days < _NARROW:
        words = text("between {first} and {last}").format(
            first=say_day(first, language), last=say_day(last, language)
        )
    elif last.year - first.year == 1:
        words = text("{first} or {last}").format(first=first.year, last=last.year)
    else:
        words = text("between {first} and {last}").format(first=first.year, last=last.year)
    return text("about {date}").format(date=words) if about else words


def _is_month(first: date, last: date) -> bool:
    return first.day == 1 and (first.year, first.month) == (last.year, last.month)


def say_day(day: date, language: str = "en") -> str:
    """A day in words: ``3 May 1987``."""
    from babel.dates import format_date

    pattern = _DAY_FIRST[0] if _base(language) in _DAY_IS_FIRST else "long"
    return format_date(day, format=pattern, locale=_locale(language))


def _month(day: date, language: str) -> str:
    from babel.dates import format_date, format_skeleton

    if _base(language) in _DAY_IS_FIRST:
        return format_date(day, format=_DAY_FIRST[1], locale=_locale(language))
    return format_skeleton("yMMMM", day, locale=_locale(language))


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """The CLDR locale for a BCP 47 tag; plain English means day before month, as on documents."""
    from babel import Locale, UnknownLocaleError

    tag = "en-GB" if language in ("", "en") else language
    while tag:
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            tag = tag.rpartition("-")[0]
    return Locale.parse("en_GB")


def _base(language: str) -> str:
    return language.partition("-")[0]
