"""The program's forms with other rules, for one session: what is tested must not hang on which
answers happen to need approval today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from forms.definition import Correctable, Form
from forms.library import Catalogue
from forms.library import catalogue as shipped
from workspace.session import Session, conflict_sets

APPROVED, NEVER, FREELY = Correctable.APPROVED, Correctable.NEVER, Correctable.FREELY


def changed(form: Form, rules: Mapping[str, Mapping[str, Any]]) -> Form:
    """The form with fields changed; nothing else in it needs approval or is hidden."""
    plain: dict[str, Any] = {"correctable": FREELY, "sees": frozenset(), "sensitive": False}
    pages = tuple(
        replace(
            page,
            fields=tuple(
                replace(one, **{**plain, **rules.get(one.name, {})}) for one in page.fields
            ),
        )
        for page in form.pages
    )
    named = {one.name: one for page in pages for one in page.fields}
    return replace(form, pages=pages, _by_name=named)


def use(session: Session, form_id: str = "person", **rules: Mapping[str, Any]) -> Session:
    """Let the session work with the form so changed."""
    forms = [changed(form, rules) if form.id == form_id else form for form in shipped().all()]
    session.catalogue = Catalogue(forms)
    session.conflict_sets = conflict_sets(session.catalogue)
    return session


def guarded(session: Session) -> Session:
    """Name and birth need a second person; the sex is never corrected; the rest is free."""
    return use(
        session,
        name={"correctable": APPROVED},
        birth={"correctable": APPROVED},
        sex={"correctable": NEVER},
    )
