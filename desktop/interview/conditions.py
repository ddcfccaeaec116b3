"""Which fields a draft's own answers leave unasked."""

from __future__ import annotations

from datetime import date

from desktop.interview.marks import HOUSEHOLD
from forms.apart import apart
from forms.draft import Draft
from forms.library import Asked, Catalogue
from forms.reading import not_asked

__all__ = ["Conditions"]


class Conditions:
    """Works a form's conditions out once for each state of the draft: a page asks for every one of
    its fields, and each condition may depend on all answers."""

    def __init__(self, catalogue: Catalogue, today: date) -> None:
        self._catalogue = catalogue
        self._today = today
        self._of: Draft | None = None
        self._unasked: dict[tuple[str, str], frozenset[str]] = {}
        self._apart_of: Draft | None = None
        self._apart: frozenset[str] = frozenset()

    def apart(self, draft: Draft, subject: str) -> bool:
        """Whether this member may be a child without a parent or an adult in the family."""
        if self._apart_of is not draft:
            self._apart_of, self._apart = draft, apart(draft, self._today, self._catalogue)
        return subject in self._apart

    def hold(self, asked: Asked, draft: Draft, subject: str, *, only_apart: bool = False) -> bool:
        """Whether a field is asked of the household or of that member; with ``only_apart``, of
        none but a child who may be without a parent."""
        if only_apart and not self.apart(draft, subject):
            return False
        if asked.field.shown_when is None:
            return True
        if self._of is not draft:
            self._of, self._unasked = draft, {}
        key = asked.form, subject
        if key not in self._unasked:
            typed = draft.household if subject == HOUSEHOLD else draft.member(subject).values
            form = self._catalogue.form(asked.form)
            self._unasked[key] = not_asked(form, typed, self._today)
        return asked.field.name not in self._unasked[key]
