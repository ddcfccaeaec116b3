"""The words of the page for verifiers, in every language that has a catalogue.

The page is written once and read by people of many languages, so it carries them all. They come
from the one catalogue of the program; names of countries and months from CLDR, through
`forms.wording`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError

from documents import told
from documents.templates.library import shipped
from documents.templates.model import Template
from documents.verdict import SENTENCES
from forms import wording
from forms.codes import code_list
from resources import i18n
from values.dates import PartialDate

__all__ = ["MESSAGES", "VERDICTS", "catalogues", "in_every_language"]

_NUMBERS = 200
"""Plural rules look at the last two digits: 0 to 99, and 100 to 199 for all numbers beyond."""

_OF_FILES = frozenset(
    {
        "not_a_file",
        "damaged_file",
        "too_large_file",
        "too_long_picture",
        "too_many_pages",
        "not_looked_at",
        "too_demanding",
    }
)
"""Reasons that the page never gives: it reads pictures, not files of many pages."""


def N_(message: str) -> str:  # noqa: N802 - the extractor knows it by this name
    """Mark a source string for extraction."""
    return message


VERDICTS: Mapping[str, str] = {
    "valid": N_("Valid"),
    "expired": N_("Expired"),
    "not_yet_valid": N_("Not valid yet"),
    "revoked": N_("Withdrawn"),
    "unknown_key": N_("Unknown signature"),
    "forged": N_("Forged"),
    "unreadable": N_("Not readable"),
}

# Keys are for the page's scripts; the sentences are what translators see.
MESSAGES: Mapping[str, str] = {
    "title": N_("Check a document"),
    "lead": N_(
        "Read the code on the paper. Nothing leaves this device, and nothing is kept on it."
    ),
    "language": N_("Language"),
    "camera": N_("Use the camera"),
    "camera_stop": N_("Stop the camera"),
    "camera_hold": N_("Hold the code flat and still in the picture. It is read by itself."),
    "camera_refused": N_(
        "The camera may not be used here. Allow it in the browser, or take a picture instead."
    ),
    "picture": N_("Take or choose a picture…"),
    "drop": N_("A picture can also be dropped here, or pasted."),
    "text": N_("Text of the code"),
    "text_hint": N_("Or scan the code with a reader, or paste its text here"),
    "check": N_("Check"),
    "checking": N_("Checking…"),
    "again": N_("Check another"),
    "code_of": N_("Code {number} of {count}"),
    "compare": N_("Compare with the paper and the person"),
    "holder_note": N_(
        "The code says what an office signed. Whether the paper belongs to this person, only you "
        "can see."
    ),
    "unvouched": N_("Nothing vouches for what follows; it is only what the code says."),
    "photo": N_("Photograph in the code"),
    "looked_up": N_("It was looked up whether the document was withdrawn."),
    "not_known": N_("Whether the document was withdrawn is not known here."),
    "list_today": N_("The trust list is from today."),
    "old_list": N_("Ask the registry for a newer page."),
    "no_list": N_("Nobody vouches for the keys that were used."),
    "about": N_("What this page trusts"),
    "list_of": N_("Trust list {number}, signed on {date}."),
    "root": N_("Fingerprint of the root"),
    "root_note": N_(
        "Compare it once with the fingerprint that the registry has made public. If it differs, do "
        "not use this page."
    ),
    "set_note": N_(
        "The keys come from a key set. It has no root, no date, and no list of withdrawn documents."
    ),
    "today_is": N_("This device says that today is {date}. Expiry is judged by it."),
    "clock_wrong": N_(
        "By this device, the trust list would come from the future. Set the date of the device, "
        "then check again."
    ),
    "name": N_("Name"),
    "name_latin": N_("Name in Latin letters"),
    "first_name": N_("First name"),
    "middle_name": N_("Middle name"),
    "family_name": N_("Family name"),
    "born": N_("Born"),
    "born_age": N_("{date}, age {age}"),
    "sex": N_("Sex"),
    "nationality": N_("Nationality as declared"),
    "person_number": N_("Personal number"),
    "household": N_("Household"),
    **told.MESSAGES,
    "document_number": N_("Document number"),
    "issued_by": N_("Issued by"),
    "issued_on": N_("Issued on"),
    "valid_until": N_("Valid until"),
    "about_date": N_("about {date}"),
    "about_age": N_("about {age}"),
    "between": N_("between {first} and {last}"),
    "either": N_("{first} or {last}"),
    "under_month": N_("under 1 month"),
    "under_year": N_("under 1 year"),
    "reason.not_picture": N_(
        "The browser cannot open this as a picture. A PDF is none: take a picture of its code."
    ),
    "reason.no_reader": N_(
        "This browser is too old to read codes. Use a newer one, or a reader that types their text."
    ),
}

DAMAGED = N_("This page is damaged and checks nothing. Get a new copy from where you got it.")
NO_SCRIPT = N_("This page needs JavaScript. Allow it, or open the page in another browser.")


def catalogues() -> dict[str, dict[str, Any]]:
    """What the page needs to speak, by language; as plain JSON values."""
    return {language: _catalogue(language) for language in i18n.languages()}


def in_every_language(message: str) -> list[tuple[str, str, str]]:
    """Language, direction and words of a marked message: for what is said when no script runs."""
    return [
        (language, _locale(language).text_direction, i18n.translation(language).gettext(message))
        for language in i18n.languages()
    ]


def _catalogue(language: str) -> dict[str, Any]:
    say = i18n.translation(language).gettext
    locale = _locale(language)
    own_name = locale.get_display_name(language.replace("-", "_")) or language
    reasons = {code: text for code, text in SENTENCES.items() if code not in _OF_FILES}
    return {
        "name": own_name[:1].upper() + own_name[1:],
        "dir": locale.text_direction,
        "words": {
            **{key: say(text) for key, text in MESSAGES.items()},
            **{f"verdict.{verdict}": say(word) for verdict, word in VERDICTS.items()},
            **{f"reason.{code}": say(text) for code, text in reasons.items()},
        },
        "plurals": _plurals(language),
        "days": [_pattern(f"2001-{month:02d}-23", language) for month in range(1, 13)],
        "months": [_pattern(f"2001-{month:02d}", language) for month in range(1, 13)],
        "countries": {
            country.code: wording.label("countries", country.code, language)
            for country in code_list("countries")
        },
        "sex": {code: wording.label("sex", code, language) for code in ("M", "F", "X")},
        "documents": {
            template.id: {
                "title": told.title(template.id, language),
                "facts": {
                    name: [told.label_of(one, language), one.kind, one.codes]
                    for name, one in told.questions(template).items()
                },
            }
            for template in _signing()
        },
        "codes": {
            name: {one.code: wording.label(name, one.code, language) for one in code_list(name)}
            for name in sorted(_lists() - {"countries"})
        },
    }


def _signing() -> list[Template]:
    """The documents of the program whose kind a code names."""
    return [one for one in shipped().templates.values() if one.coded]


def _lists() -> set[str]:
    """The lists whose codes stand in codes."""
    return {
        one.codes
        for template in _signing()
        for one in told.questions(template).values()
        if one.codes
    }


def _plurals(language: str) -> dict[str, dict[str, Any]]:
    ngettext = i18n.translation(language).ngettext
    return {
        "list_age": _forms(
            lambda n: ngettext(
                "The trust list is {n} day old.", "The trust list is {n} days old.", n
            )
        ),
        "keys": _forms(lambda n: ngettext("It holds {n} key.", "It holds {n} keys.", n)),
        "persons": _forms(lambda n: ngettext("{n} person", "{n} persons", n)),
        "months": _forms(lambda n: ngettext("{count} month", "{count} months", n)),
    }


def _forms(say: Callable[[int], str]) -> dict[str, Any]:
    """The forms of a message, and which of them each number takes: rules do not leave Python."""
    said = [say(number) for number in range(_NUMBERS)]
    forms = list(dict.fromkeys(said))
    return {"forms": forms, "index": "".join(str(forms.index(text)) for text in said)}


def _pattern(edtf: str, language: str) -> str:
    """How a date of that month is said, with its day and year left open."""
    said = wording.say_date(PartialDate(edtf), language)
    return said.replace("2001", "{year}").replace("23", "{day}")


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(i18n.SOURCE_LANGUAGE)
