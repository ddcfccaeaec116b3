"""The words on the pages, in the page's language and in English beside it.

Source strings are English and pass through the one catalogue of the program. A language that
lacks a sentence shows the English one: a document must never carry a gap.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from forms import wording as answers
from resources import i18n
from values.dates import PartialDate
from values.text import isolate


def N_(message: str) -> str:  # noqa: N802 - the extractor knows it by this name
    """Mark a source string for extraction."""
    return message


# Keys are for the layout; the sentences are what translators see.
MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "registration_title": N_("Provisional registration document"),
        "household_title": N_("Provisional household attestation"),
        "record_title": N_("What is recorded about you"),
        "record_note": N_(
            "This is for you to read and to keep. It is not a document and proves nothing to "
            "others. If something is wrong, ask the office to correct it. You may also ask who has "
            "read it, and object to a use of it."
        ),
        "name": N_("Name"),
        "name_latin": N_("Name in Latin letters"),
        "sex": N_("Sex"),
        "birth": N_("Date of birth"),
        "nationality": N_("Nationality as declared"),
        "person_number": N_("Personal number"),
        "document_number": N_("Document number"),
        "household_number": N_("Household number"),
        "permanent_number": N_("Registry number"),
        "members": N_("Members"),
        "focal_point": N_("Head of the household"),
        "relation": N_("Relation to the head"),
        "issued": N_("Issued on"),
        "expires": N_("Valid until"),
        "office": N_("Issuing office"),
        "issued_by": N_("Issued by"),
        "replaces": N_("Replaces document"),
        "holder_signature": N_("Signature or thumbprint of the holder"),
        "office_signature": N_("Signature and stamp of the office"),
        "no_photo": N_("No photograph"),
        "not_recorded": N_("Not recorded"),
        "not_named": N_("Not yet named"),
        "birth_place": N_("Place of birth"),
        "father_name": N_("Father"),
        "mother_name": N_("Mother"),
        "not_in_code": N_("Also recorded. The code does not vouch for what follows."),
        "preview": N_("PREVIEW, NOT A DOCUMENT"),
        "training": N_("TRAINING, NOT VALID"),
        "training_note": N_("Made for training with invented people. It proves nothing."),
        "check_title": N_("How to check this document"),
        "check": N_(
            "Read the code with a Waystation or Claim 169 reader. No network is needed. The reader "
            "shows what the office signed: compare it with this page and with the person. If the "
            "code cannot be read, give the document number to the issuing office."
        ),
        "provisional_title": N_("What this document is, and what it is not"),
        "provisional": N_(
            "It confirms that the holder was registered by the issuing office, as declared and "
            "recorded on the day of issue. It is provisional until the registry has confirmed it. "
            "It does not establish nationality or civil status, and it is not a travel document."
        ),
        "provisional_household": N_(
            "It confirms that these people were registered as one household by the issuing office, "
            "as declared and recorded on the day of issue. The code vouches for the head of "
            "the household and for the number of members. It is provisional until the registry has "
            "confirmed it. It does not establish nationality, civil status or guardianship, and it "
            "is not a travel document."
        ),
        "in_short": N_("Provisional. Not a travel document. Does not establish nationality."),
        "lost": N_(
            "Registration and this document are free of charge. Tell the issuing office at once "
            "if it is lost: the code will be refused from then on."
        ),
    }
)


class Words:
    """The sentences of one language. `english` tells whether a second, English label is idle.

    A language without a catalogue is English throughout: a page half in one and half in the other
    can be read by nobody.
    """

    def __init__(self, language: str) -> None:
        language = language if i18n.has(language) else i18n.SOURCE_LANGUAGE
        self.language = language
        self.english = language.split("-")[0] == "en"
        self._catalogue = i18n.translation(language)
        self._locale = _locale(language)

    @property
    def rtl(self) -> bool:
        """Whether pages in this language run from right to left."""
        return self._locale.text_direction == "rtl"

    def say(self, key: str) -> str:
        """The message in the page's language."""
        return self._catalogue.gettext(MESSAGES[key])

    def in_english(self, key: str) -> str:
        """The message in English, or nothing when the page itself is English."""
        return "" if self.english or self.say(key) == MESSAGES[key] else MESSAGES[key]

    def page_of(self, page: int, pages: int) -> str:
        """The page's place in its document."""
        sentence = self._catalogue.gettext("Page {page} of {pages}")
        return sentence.format(page=page, pages=pages)

    def made_on(self, day: date, user: str) -> str:
        """When a record was printed, and who printed it."""
        sentence = self._catalogue.gettext("Printed on {day} by {user}")
        return sentence.format(day=self.day(day), user=isolate(user))

    def member_count(self, count: int) -> str:
        """The number of members, in words that fit the number."""
        sentence = self._catalogue.ngettext("{count} member", "{count} members", count)
        return sentence.format(count=count)

    def code(self, code_list: str, code: str) -> str:
        """The label of a code of `code_list`."""
        return answers.label(code_list, code, self.language)

    def birth(self, birth: PartialDate) -> str:
        """A date of birth as it is known, no more precise than it was said."""
        return answers.say_date(birth, self.language)

    def day(self, day: date) -> str:
        """A day of issue or expiry, in words, isolated so that its parts keep their order."""
        return isolate(format_date(day, format="long", locale=self._locale))


def _locale(language: str) -> Locale:
    """The CLDR locale of a BCP 47 tag; plain English puts the day before the month."""
    try:
        return Locale.parse("en-GB" if language in {"", "en"} else language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en-GB", sep="-")
