"""Forms that entries name: whether they can be about the subject, and are the ones known here.

A form or a version that is not known here may be a later program's, or the operation's own: such an
entry is admitted, kept and shown as it is, and folded by its form once that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.codes import OWN
from forms.former import is_same
from forms.kept import misfits
from ledger import kinds

if TYPE_CHECKING:
    from forms.library import Catalogue
    from ledger.entry import Entry

OTHER_SUBJECT = "form_subject"
DIFFERS = "form_differs"
ODD = "answers_odd"
NOT_LOADED = "form_not_loaded"

SENTENCES = {
    OTHER_SUBJECT: "An entry names a form that asks about something else. "
    "Ask the station whether its program was changed.",
    DIFFERS: "The station's form has the name and version of one that is known here, and other "
    "questions. Bring both programs, and the operation's forms, to the same version, then import "
    "again.",
    ODD: "Answers were admitted that do not fit their questions. They are kept as they came and "
    "shown as such: ask the station, and correct them with the family.",
    NOT_LOADED: "They were admitted, with a form of the operation that is not known here. They are "
    "kept as they came: load the operation's forms, and they are read by them.",
}

_OF_SUBJECT = frozenset({kinds.PERSON, kinds.HOUSEHOLD})
"""The subjects whose form is called as they are."""


def fault(catalogue: Catalogue, entry: Entry) -> str | None:
    """What is wrong with the form of an entry, as a code; None when nothing is."""
    form, subject = entry.header.form, entry.header.subject.type
    if form is None:
        return None
    if entry.header.kind == kinds.EVENT_RECORDED and (entry.body or {}).get("type") != form.id:
        return None if entry.body is None else OTHER_SUBJECT
    if catalogue.has(form.id):
        about = kinds.EVENT if catalogue.form(form.id).event else form.id
        if subject in {*_OF_SUBJECT, kinds.EVENT} and about != subject:
            return OTHER_SUBJECT
    if not catalogue.known(form.id, form.version):
        return None
    known = catalogue.form(form.id, form.version)
    same = known.hash == form.sha256 or is_same(form.id, form.version, form.sha256)
    return None if same else DIFFERS


def remark(catalogue: Catalogue, entry: Entry) -> str | None:
    """What people should look at in an entry that stands, as a code; None when nothing is."""
    if odd(catalogue, entry):
        return ODD
    form = entry.header.form
    unknown = form is not None and not catalogue.known(form.id, form.version)
    return NOT_LOADED if form is not None and unknown and form.id.startswith(OWN) else None


def odd(catalogue: Catalogue, entry: Entry) -> bool:
    """Whether an entry has answers that do not fit the questions of its form. A person is never
    turned away for one: whoever was registered so is registered."""
    form, body = entry.header.form, entry.body
    if form is None or body is None or not catalogue.known(form.id, form.version):
        return False
    told = body.get("values", body.get("changes"))
    return isinstance(told, dict) and bool(misfits(catalogue.form(form.id, form.version), told))
