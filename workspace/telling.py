"""Stored values, kinds and flags in words of the reader's language.

Whatever an entry holds is told or passed over: one that a changed program wrote must not keep a
page from opening.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from forms import wording
from forms.codes import OWN, code_list
from forms.definition import Kind
from forms.kept import date_of, fits
from forms.problems import Problem
from ledger import kinds
from resources.i18n import SOURCE_LANGUAGE, languages, translation
from values.text import clean_lines, isolate
from workspace.vault import SEALED

if TYPE_CHECKING:
    from forms.definition import Field, Form
    from forms.library import Catalogue
    from ledger.certificate import Role
    from ledger.entry import Header
    from ledger.views import DocumentView

People = Callable[[bytes], str]
"""The name to show for a registered person, by id; empty when nobody of that id is here."""


def _(text: str) -> str:
    """Marks a source string for the catalogues."""
    return text


KIND_TITLES: Mapping[str, str] = {
    kinds.REGISTRATION_SUBMITTED: _("Registered at this office"),
    kinds.REGISTRATION_APPROVED: _("Reviewed and approved"),
    kinds.REGISTRATION_RETURNED: _("Sent back to be mended"),
    kinds.REGISTRATION_REGISTERED: _("Registered by the registry"),
    kinds.PERSON_REGISTERED: _("Recorded"),
    kinds.HOUSEHOLD_REGISTERED: _("Recorded"),
    kinds.EVENT_RECORDED: _("Recorded"),
    kinds.PERSON_AMENDED: _("Amended"),
    kinds.HOUSEHOLD_AMENDED: _("Amended"),
    kinds.EVENT_AMENDED: _("Amended"),
    kinds.EVENT_VOIDED: _("Withdrawn"),
    kinds.HOUSEHOLD_MEMBER_JOINED: _("Joined the household"),
    kinds.HOUSEHOLD_MEMBER_LEFT: _("Left the household"),
    kinds.PERSONS_LINKED: _("Linked with another record"),
    kinds.PERSONS_UNLINKED: _("Link with another record taken back"),
    kinds.PERSON_CORRECTED: _("Corrected"),
    kinds.PERSON_VOIDED: _("Voided"),
    kinds.PERSON_NUMBERED: _("Permanent number given"),
    kinds.CONFLICT_RESOLVED: _("Conflict settled"),
    kinds.DOCUMENT_ISSUED: _("Document issued"),
    kinds.DOCUMENT_REPRINTED: _("Document printed again"),
    kinds.DOCUMENT_REVOKED: _("Document withdrawn"),
    kinds.SHEET_SPOILED: _("Sheet spoiled"),
    kinds.MATCH_DECIDED: _("Decided about a possible duplicate"),
    kinds.EPOCH_BEGUN: _("Began to write anew"),
    kinds.CLOCK_CONFIRMED: _("Clock confirmed"),
    kinds.CERTIFICATE_ISSUED: _("Certificate issued"),
    kinds.CERTIFICATE_REVOKED: _("Certificate revoked"),
    kinds.KEY_COMPROMISED: _("Key given up"),
    kinds.STATION_ENROLLED: _("Station enrolled"),
    kinds.STATION_REVOKED: _("Station revoked"),
    kinds.NUMBERS_RESERVED: _("Numbers reserved"),
    kinds.NUMBERS_SPOILED: _("Numbers given up"),
    kinds.BUNDLE_EXPORTED: _("Bundle exported"),
    kinds.BUNDLE_ADMITTED: _("Bundle imported"),
    kinds.ENTRIES_QUARANTINED: _("Entries set aside"),
    kinds.QUARANTINE_RELEASED: _("Admitted after all"),
    kinds.QUARANTINE_REFUSED: _("Refused"),
    kinds.NOTICE_WRITTEN: _("Notice written"),
    kinds.ENTRY_PRUNED: _("Left to the registry"),
    kinds.ENTRY_ERASED: _("Erased"),
}
"""What every kind of entry did."""

DOCUMENT_TITLES: Mapping[str, str] = {
    "registration": _("Provisional registration document"),
    "household": _("Household attestation"),
    "birth": _("Notification of birth"),
    "death": _("Notification of death"),
    "marriage": _("Notification of marriage"),
    "loss": _("Statement about a lost document"),
    "transfer": _("Note about a movement"),
    "divorce": _("Extract about a divorce"),
    "adoption": _("Annotation of an adoption"),
    "recognition": _("Annotation of a recognition"),
    "closing": _("Attestation of the end of displacement"),
    "tracing": _("Receipt of a tracing request"),
    "seizure": _("Receipt for a document that was kept"),
    "absence": _("Letter about an absence"),
    "acknowledgement": _("Acknowledgement of registration"),
    "appointment": _("Appointment"),
    "consent": _("Statement of consent"),
    "referral": _("Referral slip"),
}

PAPER_REASONS: Mapping[str, str] = {
    "lost": _("Lost"),
    "stolen": _("Stolen"),
    "wrong": _("Wrong"),
    "fraud": _("Fraud"),
    "death": _("The holder died"),
    "replaced": _("Replaced by a new one"),
    "damaged": _("The first was damaged"),
    "unreadable": _("It could not be read"),
    "jam": _("The printer jammed"),
}
"""Codes of why a paper was printed again or withdrawn; another is told by its words alone."""
REPLACED_BY = _("replaced by {number}")
REPLACES = _("replaces {number}")
FETCHED_BY = _("fetched by {name}")
FETCHED_BY_HOLDER = _("fetched by the holder")

_OWN_FIELDS: Mapping[str, str] = {
    "@number": _("Number"),
    "@permanent": _("Permanent number"),
    "@voided": _("Voided"),
    "@head": _("Head of the household"),
    "@member": _("Place in the household"),
    "@link": _("Link with another record"),
    "@revoked": _("Withdrawn"),
    "@revoked_code": _("Kind of reason"),
    "date": _("Date"),
    "participants": _("Persons concerned"),
    "household": _("Household"),
    "type": _("Event"),
}

_MISSING: Mapping[str, str] = {
    "unknown": _("not known"),
    "refused": _("does not want to say"),
    "not_applicable": _("does not apply"),
}

NOT_LOADED = _("{name} (its form is not loaded here)")
UNREADABLE = _("cannot be read: {value}")
LONGEST_ODD = 80
"""Characters shown of a value that is no answer to its question."""

_ENDS = frozenset("?؟？።:")
"""Signs after which a label needs no colon."""

_REASONS: Mapping[str, str] = {
    "died": _("died"),
    "resettled": _("resettled"),
    "returned": _("went back"),
    "the event that said so was withdrawn": _("the event that said so was withdrawn"),
}
"""Reasons that the program gives by itself; all others are people's own words."""

OFFERED = (
    # a record that is voided, an event that is withdrawn, a document that is revoked
    _("Registered twice"),
    _("No such person"),
    _("Registered by mistake"),
    _("Told twice"),
    _("It did not happen"),
    _("About somebody else"),
    # a conflict that is settled, a proposal that is refused, a household that is put back
    _("Asked the person"),
    _("A document was shown"),
    _("The paper says otherwise"),
    _("Not enough to rest on"),
    _("Done by mistake"),
    _("The family says otherwise"),
    # a registration that is returned, a paper that is printed again
    _("A name is misspelt"),
    _("A date does not fit"),
    _("A relation does not fit"),
    _("Somebody is missing"),
    _("Registered before"),
    # a pair of persons who may be one, and conflicts that are settled together
    _("One face on both photos"),
    _("One document was shown for both"),
    _("The person says so"),
    _("Two faces"),
    _("Other parents"),
    _("Both were seen together"),
    _("A photo is missing"),
    _("The station has to be asked"),
    _("The wrong key"),
    _("The wrong pair"),
    _("Asked the station"),
    # a user or a key that is no longer trusted
    _("Registered people who do not exist"),
    _("The passphrase may be known to others"),
    _("Was made a user without leave"),
    _("The time has come"),
    _("The key may be known to others"),
)
"""Reasons that the program offers to choose from, as they are in English."""

RESUBMITTED = _("Mended, and handed in again")


def kind_text(kind: str, language: str) -> str:
    """What an entry did."""
    return translation(language).gettext(KIND_TITLES.get(kind, kind))


def act_text(header: Header, language: str) -> str:
    """What an entry did; a registration that builds on what came before was mended."""
    if header.kind == kinds.REGISTRATION_SUBMITTED and header.base:
        return translation(language).gettext(RESUBMITTED)
    return kind_text(header.kind, language)


def reason_text(reason: str, language: str) -> str:
    """A reason: in the reader's language when the program gave or offered it, in whatever language
    that was; else as it was typed."""
    source = _REASONS.get(reason) or _offered().get(reason)
    return translation(language).gettext(source) if source else reason


@cache
def _offered() -> Mapping[str, str]:
    """What is kept of an offered reason, which is written in the language of whoever chose it, to
    its English source."""
    return {
        translation(language).gettext(source): source
        for language in reversed((SOURCE_LANGUAGE, *languages()))
        for source in OFFERED
    }


def document_text(type_: str, language: str) -> str:
    """The title of a document's type."""
    return translation(language).gettext(DOCUMENT_TITLES.get(type_, type_))


def paper_title(kind: str, type_: str, language: str) -> str:
    """What happened to a paper; empty for what is no news of it."""
    if kind == kinds.DOCUMENT_ISSUED:
        return document_text(type_, language)
    if kind in (kinds.DOCUMENT_REPRINTED, kinds.DOCUMENT_REVOKED):
        return kind_text(kind, language)
    return ""


def paper_detail(body: Mapping[str, Any], kind: str, language: str) -> str:
    """Why it happened, in the code's words and the officer's, and who fetched the paper."""
    text = translation(language).gettext
    code, reason = body.get("code"), body.get("reason")
    parts: list[str] = []
    if kind != kinds.DOCUMENT_ISSUED:
        known = PAPER_REASONS.get(code, "") if isinstance(code, str) else ""
        by = body.get("by")
        if known:
            parts.append(text(known))
        if isinstance(by, str) and by:
            parts.append(text(REPLACED_BY).format(number=by))
        said = reason if isinstance(reason, str) else ""
        if said and said not in (code, f"replaced by {by}"):
            parts.append(said)
    elif isinstance(body.get("replaces"), str) and body["replaces"]:
        parts.append(text(REPLACES).format(number=body["replaces"]))
    collector = body.get("collector")
    if isinstance(collector, Mapping):
        name = collector.get("name")
        if isinstance(name, str) and name:
            parts.append(text(FETCHED_BY).format(name=name))
        elif collector.get("who") == "holder":
            parts.append(text(FETCHED_BY_HOLDER))
    return " · ".join(parts)


def paper_revoked(document: DocumentView, language: str) -> str | None:
    """Why a paper was withdrawn, in words; None while it stands."""
    if document.revoked is None:
        return None
    known = PAPER_REASONS.get(document.revoked_code, "")
    said = translation(language).gettext(known) if known else ""
    plain = document.revoked == document.revoked_code or document.revoked.startswith("replaced by")
    return ": ".join(part for part in (said, "" if plain and said else document.revoked) if part)


def field_text(form: Form, name: str, language: str) -> str:
    """The label of a field; the ledger's own fields begin with ``@``."""
    text = translation(language).gettext
    if name in form:
        return form_text(form, form.field(name).label, language)
    of_ledger = name.partition(":")[0]
    return text(_OWN_FIELDS.get(of_ledger, name.lstrip("@")))


def form_text(form: Form, source: str, language: str) -> str:
    """A text of a form: its own translation before the catalogue's."""
    return form.texts.get(language, {}).get(source) or translation(language).gettext(source)


def event_text(forms: Catalogue, type_: str, language: str) -> str:
    """What a kind of event is called: as the program calls its own, or as the operation's form
    says. One whose form is not here is called by its name, so that it can be asked for."""
    if type_ in code_list("event_types"):
        return wording.label("event_types", type_, language)
    if forms.has(type_):
        form = forms.form(type_)
        return form_text(form, form.title, language)
    said = translation(language).gettext(NOT_LOADED)
    return said.format(name=isolate(type_.removeprefix(OWN).replace("_", " ")))


def labelled(label: str, answer: str) -> str:
    """An answer after its label, which may be a question."""
    ends = label[-1:] in _ENDS
    return f"{label} {answer}" if ends else f"{label}: {answer}"


def seen_by(form: Form, name: str, role: Role) -> bool:
    """Whether users of this role are shown a field; one that the form does not know is."""
    return name not in form or form.field(name).seen_by(role.value)


def value_text(
    form: Form, name: str, value: Any, language: str, *, people: People | None = None
) -> str:
    """A stored value in words. Sealed values say that they are sealed, and nothing else."""
    text = translation(language).gettext
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, Mapping) and "missing" in value:
        return _missing(value, language)
    if isinstance(value, Mapping) and isinstance(value.get(SEALED), bytes):
        return text("sealed")
    if name not in form:
        return _loose(value, language)
    if not fits(form.field(name), value):
        return text(UNREADABLE).format(value=_plain(value))
    return _words(form, form.field(name), value, language, people)


def _loose(value: Any, language: str) -> str:
    """An answer to a question that is not known here, as far as it tells itself."""
    if isinstance(value, bytes):
        return ""
    if isinstance(value, bool):
        return wording.label("yes_no", "yes" if value else "no", language)
    return date_text(value, language) or _plain(value)


def _plain(value: Any) -> str:
    """What can be told of a value that is no answer to its question: the texts and numbers in it,
    without what cannot be seen, and not more than fits a line."""
    told = clean_lines(" ".join(_leaves(value))).text
    seen = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in told)
    return " ".join(seen.split())[:LONGEST_ODD] or "—"


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name in sorted(value, key=str):
            yield from _leaves(value[name])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one)
    elif isinstance(value, str | int | float):
        yield str(value)


def _missing(value: Mapping[str, Any], language: str) -> str:
    """Why there is no answer; a reason of a later program is as good as none."""
    reason = _MISSING.get(str(value["missing"]), _MISSING["unknown"])
    return translation(language).gettext(reason)


def date_text(value: Any, language: str) -> str:
    """A stored date in words; empty for what is none."""
    said = date_of(value)
    return wording.say_date(said, language) if said else ""


def _words(form: Form, field: Field, value: Any, language: str, people: People | None) -> str:
    text = translation(language).gettext
    match field.kind:
        case Kind.SEALED:
            return text("sealed")
        case Kind.PHOTO:
            return text("photo")
        case Kind.DATE:
            return date_text(value, language)
        case Kind.CODE | Kind.YES_NO:
            return wording.label(field.code_list or "yes_no", str(value), language)
        case Kind.CODES if isinstance(value, list):
            return ", ".join(wording.label(field.code_list, str(one), language) for one in value)
        case Kind.DOCUMENTS if isinstance(value, list):
            return ", ".join(_document(one, field, language) for one in value)
        case Kind.CONSENT if isinstance(value, Mapping):
            return ", ".join(
                f"{wording.label('purposes', str(purpose), language)}: "
                f"{wording.label('yes_no', str(answer), language)}"
                for purpose, answer in sorted(value.items(), key=_place_in_list)
            )
        case Kind.PLACE if isinstance(value, Mapping):
            return str(value.get("text") or value.get("code") or "")
        case Kind.PERSON if isinstance(value, Mapping):
            return _person(value, text("a registered person"), people)
        case Kind.GROUP if isinstance(value, list):
            return "; ".join(
                row for one in value if (row := _row(form, field, one, language, people))
            )
        case _:
            return "" if isinstance(value, Mapping | list | bytes) else str(value)


def _document(value: Any, field: Field, language: str) -> str:
    if not isinstance(value, Mapping):
        return ""
    kind = wording.label(field.code_list or "document_types", str(value.get("type", "")), language)
    return " ".join(part for part in (kind, str(value.get("number", ""))) if part)


def _person(value: Mapping[str, Any], somebody: str, people: People | None) -> str:
    identity = value.get("person")
    if isinstance(identity, bytes):
        return (people(identity) if people else "") or somebody
    return str(value.get("name") or "")


def _row(form: Form, group: Field, value: Any, language: str, people: People | None) -> str:
    """One row of a group: its answers, in the order of the questions."""
    if not isinstance(value, Mapping):
        return ""
    parts = []
    for field in group.fields:
        told = value.get(field.name)
        if isinstance(told, Mapping) and "missing" in told:
            parts.append(f"{form_text(form, field.label, language)}: {_missing(told, language)}")
        elif told is not None and (words := _words(form, field, told, language, people)):
            parts.append(words)
    return ", ".join(parts)


def _place_in_list(given: tuple[Any, Any]) -> int:
    """Where a purpose is asked about; one that is asked about no longer comes last."""
    asked = [code.code for code in code_list("purposes").offered()]
    return asked.index(given[0]) if given[0] in asked else len(asked)


def flag_text(flag: Mapping[str, Any], language: str) -> str:
    """A flag, or a confirmed warning, as the sentence the officer saw."""
    problem = Problem(
        str(flag["code"]),
        str(flag.get("field", "")),
        "warning",
        None,
        dict(flag.get("params") or {}),
    )
    return wording.say(problem, language)
