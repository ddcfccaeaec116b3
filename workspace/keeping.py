"""Typed answers as entries keep them: what is sensitive is sealed first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.codes import sensitive_needs
from forms.draft import is_missing
from workspace import vault
from workspace.differing import NEEDS

if TYPE_CHECKING:
    from forms.definition import Form
    from workspace.session import Session


def kept(session: Session, form: Form, name: str, value: Any) -> dict[str, Any]:
    """The fields that an answer is kept in; None empties one.

    Needs are one question and two fields: the sensitive ones are sealed, and stay as they are
    when none is told.
    """
    if name == NEEDS and vault.FIELD in form and not is_missing(value):
        plain, sensitive = sensitive_needs(value or [])
        sealed = {vault.FIELD: vault.seal_needs(session, sensitive)} if sensitive else {}
        return {name: list(plain) or None, **sealed}
    if value is not None and form.field(name).sensitive:
        return {name: vault.seal_value(session, value)}
    return {name: value}
