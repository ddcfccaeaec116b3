"""From a form's question to the widget that asks it. There is no hand-built form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from desktop.interview.asking import NEEDS, Asking
from desktop.interview.consent_field import ConsentField
from desktop.interview.date_answer import DateAnswer
from desktop.interview.documents_field import DocumentsField
from desktop.interview.group_field import GroupField
from desktop.interview.needs_field import NeedsField
from desktop.interview.person_field import PersonField
from desktop.interview.photo_field import PhotoField
from desktop.widgets.code_field import CodeField
from desktop.widgets.field import Field as FieldWidget
from desktop.widgets.fields import ChoiceField, LongTextField, NumberField, TextField, TicksField
from desktop.widgets.missing import MISSING
from desktop.widgets.place_field import PlaceField
from desktop.widgets.time_field import TimeField
from desktop.words import tr
from forms.definition import Field, Kind
from forms.library import Asked
from forms.suspicion import in_unicode

CHOICE_MOST: Final = 4
"""Answers that are all in sight; more are found by typing."""

TICKS_MOST: Final = 12
"""Boxes to tick that fit a page; more are searched."""

_TEXT: Final = 200
_LIST_HEIGHT: Final = 240  # of a list to tick that is one question of several


def make(asked: Asked, asking: Asking, today: Callable[[], date]) -> FieldWidget:
    """The widget for one question. Its key is the field's name. Never for what is ``sealed``."""
    return _Maker(asked.form, asking, today).field(asked.field)


class _Maker:
    """Makes the widgets of one form."""

    def __init__(self, form: str, asking: Asking, today: Callable[[], date]) -> None:
        self._form = form
        self._asking = asking
        self._today = today

    def _say(self, source: str) -> str:
        return self._asking.text(self._form, source)

    def _options(self, one: Field) -> dict[str, Any]:
        beside = self._asking.reach.beside
        return {
            "help": self._say(one.help),
            "required": one.required,
            "why": self._say(one.why),
            "why_link": beside,
            "allow": [way for way in MISSING if one.allows(way)],
            "offer_missing": beside,
        }

    def field(self, one: Field) -> FieldWidget:
        """The widget for a question of the form, or of one of its groups."""
        key, label, options = one.name, self._say(one.label), self._options(one)
        asking, today = self._asking, self._today
        match one.kind:
            case Kind.LONG_TEXT:
                return LongTextField(key, label, lines=2, **options)
            case Kind.NUMBER:
                return NumberField(key, label, least=one.at_least, most=one.at_most, **options)
            case Kind.DATE:
                return DateAnswer(
                    key, label, asking=asking, today=today, birth=key == "birth", **options
                )
            case Kind.TIME:
                return TimeField(key, label, **options)
            case Kind.CODE | Kind.YES_NO:
                return self._code(one, key, label, options)
            case Kind.CODES:
                return self._codes(one, key, label, options)
            case Kind.DOCUMENTS:
                papers = asking.options(one.code_list)
                return DocumentsField(key, label, options=papers, **options)
            case Kind.CONSENT:
                questions = list(asking.questions.items())
                return ConsentField(key, label, options=questions, **options)
            case Kind.PHOTO:
                return PhotoField(key, label, **options)
            case Kind.PHONE:
                return TextField(key, label, direction="ltr", width=320, limit=40, **options)
            case Kind.PERSON:
                return PersonField(key, label, people=asking.reach.people, **options)
            case Kind.GROUP:
                return self._group(one, key, label, options)
            case Kind.PLACE:
                return self._place(one, key, label, options)
            case Kind.TEXT if key in asking.reach.codes and asking.reach.places is not None:
                code = asking.reach.codes[key]
                return self._place(one, key, label, {**options, "plain": True, "code_key": code})
            case _:
                limit = one.max_length or _TEXT
                return TextField(key, label, limit=limit, convert=in_unicode, **options)

    def _code(self, one: Field, key: str, label: str, options: dict[str, Any]) -> FieldWidget:
        choices = self._asking.options(one.code_list)
        if len(choices) <= CHOICE_MOST:
            return ChoiceField(key, label, options=choices, **options)
        also = self._asking.also.get(one.code_list)
        return CodeField(key, label, options=choices, also=also, **options)

    def _codes(self, one: Field, key: str, label: str, options: dict[str, Any]) -> FieldWidget:
        if one.code_list == NEEDS:
            return NeedsField(key, label, choices=self._asking.needs, **options)
        choices = self._asking.options(one.code_list)
        if len(choices) <= TICKS_MOST:
            return TicksField(key, label, options=choices, **options)
        made = NeedsField(
            key,
            label,
            choices=self._asking.choices(one.code_list),
            height=_LIST_HEIGHT,
            **options,
        )
        made.search.setPlaceholderText(tr("Type to search"))
        return made

    def _place(self, one: Field, key: str, label: str, options: dict[str, Any]) -> FieldWidget:
        limit = one.max_length or _TEXT
        return PlaceField(key, label, find=self._asking.reach.places, limit=limit, **options)

    def _group(self, one: Field, key: str, label: str, options: dict[str, Any]) -> FieldWidget:
        return GroupField(
            key,
            label,
            fields=[inner for inner in one.fields if inner.kind is not Kind.SEALED],
            make=self.field,
            least=one.at_least,
            most=one.at_most,
            **options,
        )
