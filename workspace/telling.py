"""Stored values, kinds and flags in words of the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from forms import wording
from forms.codes import code_list
from forms.definition import Kind
from forms.problems import Problem
from ledger import kinds
from resources.i18n import translation
from values.dates import PartialDate

if TYPE_CHECKING:
    from forms.definition import Field, Form
    from ledger.entry import Header


def _(text: str) -> str:
    """Marks a source string for the catalogues."""
    return text


KIND_TITLES: Mapping[str, str] = {
    kinds.REGISTRATION_SUBMITTED: _("Registered at this office"),
    kinds.REGISTRATION_APPROVED: _("Reviewed and approved"),
    kinds.REGISTRATION_RETURNED: _("Sent back to be mended"),
    kinds.REGISTRATION_REGISTERED: _("Registered by the registry"),
    kinds.PERSON_REGISTERED: _("Recorded"),
    kinds.PERSON_AMENDED: _("Amended"),
    kinds.PERSON_CORRECTED: _("Corrected"),
    kinds.PERSON_VOIDED: _("Voided"),
    kinds.PERSON_NUMBERED: _("Permanent number given"),
    kinds.CONFLICT_RESOLVED: _("Conflict settled"),
    kinds.DOCUMENT_ISSUED: _("Document issued"),
    kinds.DOCUMENT_REPRINTED: _("Document printed again"),
    kinds.DOCUMENT_REVOKED: _("Document withdrawn"),
}

DOCUMENT_TITLES: Mapping[str, str] = {
    "registration": _("Provisional registration document"),
    "household": _("Household attestation"),
}

_OWN_FIELDS: Mapping[str, str] = {
    "@number": _("Number"),
    "@permanent": _("Permanent number"),
    "@voided": _("Voided"),
}


RESUBMITTED = _("Mended, and handed in again")


def kind_text(kind: str, language: str) -> str:
    """What an entry did."""
    return translation(language).gettext(KIND_TITLES.get(kind, kind))


def act_text(header: Header, language: str) -> str:
    """What an entry did; a registration that builds on what came before was mended."""
    if header.kind == kinds.REGISTRATION_SUBMITTED and header.base:
        return translation(language).gettext(RESUBMITTED)
    return kind_text(header.kind, language)


def document_text(type_: str, language: str) -> str:
    """The title of a document's type."""
    return translation(language).gettext(DOCUMENT_TITLES.get(type_, type_))


def field_text(form: Form, name: str, language: str) -> str:
    """The label of a field; the ledger's own fields begin with ``@``."""
    text = translation(language).gettext
    if name in form:
        return text(form.field(name).label)
    return text(_OWN_FIELDS.get(name, name.lstrip("@")))


def value_text(form: Form, name: str, value: Any, language: str) -> str:
    """A stored value in words. Sealed values say that they are sealed, and nothing else."""
    text = translation(language).gettext
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, Mapping) and "missing" in value:
        refused = value["missing"] == "refused"
        return text("does not want to say") if refused else text("not known")
    if name not in form:
        return str(value) if isinstance(value, str) else ""
    return _words(form.field(name), value, language)


def _words(field: Field, value: Any, language: str) -> str:
    text = translation(language).gettext
    match field.kind:
        case Kind.SEALED:
            return text("sealed")
        case Kind.PHOTO:
            return text("photo")
        case Kind.DATE if isinstance(value, Mapping):
            return wording.say_date(PartialDate.from_body(dict(value)), language)
        case Kind.CODE | Kind.YES_NO:
            return wording.label(field.code_list or "yes_no", str(value), language)
        case Kind.CODES if isinstance(value, list):
            return ", ".join(wording.label(field.code_list, str(one), language) for one in value)
        case Kind.DOCUMENTS if isinstance(value, list):
            return ", ".join(
                " ".join(
                    part
                    for part in (
                        wording.label("document_types", str(one.get("type", "")), language),
                        str(one.get("number", "")),
                    )
                    if part
                )
                for one in value
            )
        case Kind.CONSENT if isinstance(value, Mapping):
            return ", ".join(
                f"{wording.label('purposes', str(purpose), language)}: "
                f"{wording.label('yes_no', str(answer), language)}"
                for purpose, answer in sorted(value.items(), key=_place_in_list)
            )
        case _:
            return str(value)


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
