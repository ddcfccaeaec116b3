"""From a form's question to the widget that asks it. There is no hand-built form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from desktop.interview.asking import Asking
from desktop.interview.consent_field import ConsentField
from desktop.interview.date_answer import DateAnswer
from desktop.interview.documents_field import DocumentsField
from desktop.interview.needs_field import NeedsField
from desktop.interview.photo_field import PhotoField
from desktop.widgets.code_field import CodeField
from desktop.widgets.field import Field as FieldWidget
from desktop.widgets.fields import ChoiceField, LongTextField, TextField
from desktop.words import tr
from forms.definition import Field, Kind
from forms.library import Asked

CHOICE_MOST: Final = 4
"""Answers that are all in sight; more are found by typing."""


def make(asked: Asked, asking: Asking, today: Callable[[], date]) -> FieldWidget:
    """The widget for one question. Its key is the field's name."""
    one = asked.field
    options: dict[str, Any] = {
        "help": tr(one.help),
        "required": one.required,
        "allow_unknown": one.unknown,
    }
    key, label = one.name, tr(one.label)
    match one.kind:
        case Kind.LONG_TEXT:
            return LongTextField(key, label, lines=2, **options)
        case Kind.DATE:
            return DateAnswer(
                key, label, asking=asking, today=today, birth=key == "birth", **options
            )
        case Kind.CODE | Kind.YES_NO:
            return _codes(one, key, label, asking, options)
        case Kind.CODES:
            return NeedsField(key, label, choices=asking.needs, **options)
        case Kind.DOCUMENTS:
            return DocumentsField(key, label, options=asking.options(one.code_list), **options)
        case Kind.CONSENT:
            questions = list(asking.questions.items())
            return ConsentField(key, label, options=questions, **options)
        case Kind.PHOTO:
            return PhotoField(key, label, **options)
        case Kind.PHONE:
            return TextField(key, label, direction="ltr", width=320, limit=40, **options)
        case _:
            return TextField(key, label, limit=one.max_length or 200, **options)


def _codes(
    one: Field, key: str, label: str, asking: Asking, options: dict[str, Any]
) -> FieldWidget:
    choices = asking.options(one.code_list)
    if len(choices) <= CHOICE_MOST:
        return ChoiceField(key, label, options=choices, **options)
    return CodeField(key, label, options=choices, **options)
