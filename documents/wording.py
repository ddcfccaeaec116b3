"""The words on the pages, in the holder's language and in the authority's beside it.

Source strings are English and pass through the one catalogue of the program. A language that
lacks a sentence shows the English one: a document must never carry a gap.
"""

from collections.abc import Mapping
from datetime import date
from gettext import NullTranslations
from types import MappingProxyType

from babel import Locale, UnknownLocaleError

from forms import wording as answers
from resources import i18n
from values.dates import PartialDate
from values.text import isolate


def N_(message: str) -> str:  # noqa: N802 - the extractor knows it by this name
    """Mark a source string for extraction."""
    return message


# Keys are for the layout and the templates; the sentences are what translators see.
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
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
        "provisional_event": N_(
            "It says what was declared to the issuing office and recorded there. It is provisional "
            "until the registry has confirmed it. It is no certificate of civil status and does "
            "not replace one: the competent authority can register the event from it. It does not "
            "establish nationality, and it is not a travel document."
        ),
        "loss": N_(
            "It confirms that the holder declared the loss. It does not replace the lost document, "
            "does not confirm that the document existed or was valid, and is not a travel document."
        ),
        "transfer": N_(
            "It says what was recorded about the movement. It is not a travel document, and gives "
            "no permission to enter, to stay or to cross a border."
        ),
        "decision": N_(
            "It says what was declared to the issuing office and recorded there. It takes the "
            "place of no decision of a court or an authority, and of no entry in a register of "
            "civil status: ask for those where they were made. It is provisional until the "
            "registry has confirmed it. It does not establish nationality, and it is not a travel "
            "document."
        ),
        "closing": N_(
            "It says what was recorded about the end of the stay. It takes no right to protection "
            "away: whoever needs help again may come again. It gives no permission to enter, to "
            "stay or to cross a border, and it is not a travel document."
        ),
        "tracing": N_(
            "It confirms that the holder asked for somebody to be looked for. Ask at the office "
            "for news at any time; the request can be changed or taken back. Who is sought is told "
            "to nobody but those whom the holder allowed. It gives no status, and it is not a "
            "travel document."
        ),
        "seizure": N_(
            "It confirms that the document named here was kept. It says nothing about the holder: "
            "having carried it is no proof of any fault, and takes no right away. The holder may "
            "ask where the document is, and ask for it back. It does not replace that document, "
            "and it is not a travel document."
        ),
        "absence": N_(
            "The holder was not met, and an absence was noted. Nothing is deleted, and no status "
            "ends with it. Come to the office or send word: the absence can be taken back within "
            "this time, and later too. Objecting is free. It is not a travel document."
        ),
        "slip": N_(
            "It confirms that the holder was at the issuing office. It gives no status and proves "
            "no identity, and it is not a travel document."
        ),
        "appointment": N_(
            "Bring this paper, and every document that you have. Somebody who cannot come may send "
            "word to the office: no appointment is lost for a good reason. It gives no status, and "
            "it is not a travel document."
        ),
        "referral": N_(
            "The holder has agreed to be referred. It says who sends, to whom and when, and "
            "nothing of the reason: ask the holder alone. It gives no status, and it is not a "
            "travel document."
        ),
        "consent": N_(
            "The holder was told, in a language the holder understands, what is recorded and why, "
            "who may see it and for how long it is kept. Every answer was free: saying no to any "
            "but registration itself takes nothing away. Each answer can be changed at any time "
            "at any office."
        ),
        "lost": N_(
            "Registration and this document are free of charge. Tell the issuing office at once "
            "if it is lost: the code will be refused from then on."
        ),
        "free": N_("Registration and this document are free of charge."),
        "record_note": N_(
            "This is for you to read and to keep. It is not a document and proves nothing to "
            "others. If something is wrong, ask the office to correct it. You may also ask who has "
            "read it, and object to a use of it."
        ),
        "blank_note": N_(
            "Write in block letters, one box for each letter where there are boxes. What is not "
            "known stays empty: write no guess. Type it in as soon as there is power, with the "
            "number of this sheet, and keep the sheet with the files of the day."
        ),
    }
)
"""Legal sentences and others that an operation may replace by its own."""

MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        **SENTENCES,
        "record_title": N_("What is recorded about you"),
        "name": N_("Name"),
        "name_latin": N_("Name in Latin letters"),
        "sex": N_("Sex"),
        "birth": N_("Date of birth"),
        "nationality": N_("Nationality as declared"),
        "person_number": N_("Personal number"),
        "document_number": N_("Document number"),
        "number_later": N_("Number given when printed"),
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
        "serial": N_("Number of the sheet"),
        "copy": N_("Copy"),
        "holder_signature": N_("Signature or thumbprint of the holder"),
        "office_signature": N_("Signature and stamp of the office"),
        "informant_signature": N_("Signature or thumbprint of whoever told it"),
        "first_signature": N_("Signature of the first of the two"),
        "other_signature": N_("Signature of the other of the two"),
        "interpreter_signature": N_("Signature of the interpreter"),
        "collector_signature": N_("Received by: name and signature"),
        "photo": N_("Photograph of the holder"),
        "no_photo": N_("No photograph"),
        "code": N_("Code that a reader checks without a network"),
        "not_recorded": N_("Not recorded"),
        "not_named": N_("Not yet named"),
        "not_answered": N_("Not asked"),
        "birth_place": N_("Place of birth"),
        "father_name": N_("Father"),
        "mother_name": N_("Mother"),
        "not_in_code": N_("Also recorded. The code does not vouch for what follows."),
        "stub": N_("For the office: tear off, and keep with the files of the day"),
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
        "in_short": N_("Provisional. Not a travel document. Does not establish nationality."),
        "arrival": N_("Day of arrival"),
        "came_from": N_("Place where the person came from"),
        "phone": N_("Telephone"),
        "language": N_("Language"),
        "day": N_("Day"),
        "month": N_("Month"),
        "year": N_("Year"),
        "event": N_("Event"),
        "place": N_("Place"),
        "who_told": N_("Who told it"),
        "notes": N_("Notes"),
    }
)


_NONE: Mapping[str, Mapping[str, str]] = MappingProxyType({})


class Words:
    """The sentences of one language, and those of another that stand beside them.

    `beside` is the authority's language. A language without words for papers is English
    throughout: a page half in one and half in the other can be read by nobody. `own` are
    sentences of the operation (key, language, text), `texts` its other texts (English, language,
    text): they count in the languages that they name, and nowhere else.
    """

    def __init__(
        self,
        language: str,
        beside: str = i18n.SOURCE_LANGUAGE,
        *,
        own: Mapping[str, Mapping[str, str]] = _NONE,
        texts: Mapping[str, Mapping[str, str]] = _NONE,
    ) -> None:
        language = language if i18n.has_papers(language) else i18n.SOURCE_LANGUAGE
        self.language = language
        self.beside = beside if i18n.has_papers(beside) else i18n.SOURCE_LANGUAGE
        self.alone = _base(language) == _base(self.beside)
        self._own, self._texts = own, texts
        self._catalogue = i18n.papers(language)
        self._other = i18n.papers(self.beside)
        self._locale = _locale(language)

    @property
    def rtl(self) -> bool:
        """Whether pages in this language run from right to left."""
        return self._locale.text_direction == "rtl"

    def say(self, key: str) -> str:
        """The message in the page's language."""
        return self._said(key, self.language, self._catalogue)

    def say_beside(self, key: str) -> str:
        """The message in the authority's language, or nothing when it would say the same."""
        said = self._said(key, self.beside, self._other)
        return "" if self.alone or said == self.say(key) else said

    def text(self, message: str) -> str:
        """A text of a template in the page's language."""
        return self._text(message, self.language, self._catalogue)

    def text_beside(self, message: str) -> str:
        """A text of a template in the authority's language, or nothing when it is the same."""
        said = self._text(message, self.beside, self._other)
        return "" if self.alone or said == self.text(message) else said

    def _said(self, key: str, language: str, catalogue: NullTranslations) -> str:
        if key in self._own:
            own = self._own[key]
            for tag in (language, _base(language)):
                if tag in own:
                    return own[tag]
            if key not in MESSAGES:
                return own["en"]
        return catalogue.gettext(MESSAGES[key])

    def _text(self, message: str, language: str, catalogue: NullTranslations) -> str:
        own = self._texts.get(message, {})
        return own.get(language) or own.get(_base(language)) or catalogue.gettext(message)

    def page_of(self, page: int, pages: int) -> str:
        """The page's place in its document."""
        sentence = self._catalogue.gettext("Page {page} of {pages}")
        return sentence.format(page=page, pages=pages)

    def copy(self, copy: int) -> str:
        """Which copy of the document this is, from the second on."""
        return self._catalogue.gettext("Copy {count}").format(count=copy) if copy > 1 else ""

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

    def code_beside(self, code_list: str, code: str) -> str:
        """The label in the authority's language, or nothing when it is the same."""
        said = answers.label(code_list, code, self.beside)
        return "" if self.alone or said == self.code(code_list, code) else said

    def birth(self, birth: PartialDate) -> str:
        """A date of birth as it is known, no more precise than it was said."""
        return answers.say_date(birth, self.language)

    def birth_beside(self, birth: PartialDate) -> str:
        """The same in the authority's language, or nothing when it is the same."""
        said = answers.say_date(birth, self.beside)
        return "" if self.alone or said == self.birth(birth) else said

    def day_beside(self, day: date) -> str:
        """A day of issue or expiry in the authority's language, or nothing when it is the same."""
        said = isolate(answers.say_day(day, self.beside))
        return "" if self.alone or said == self.day(day) else said

    def day(self, day: date) -> str:
        """A day of issue or expiry, in words, isolated so that its parts keep their order."""
        return isolate(answers.say_day(day, self.language))


def _base(language: str) -> str:
    return language.split("-")[0] or i18n.SOURCE_LANGUAGE


def _locale(language: str) -> Locale:
    """The CLDR locale of a BCP 47 tag, for its direction."""
    try:
        return Locale.parse(language or i18n.SOURCE_LANGUAGE, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(i18n.SOURCE_LANGUAGE)
