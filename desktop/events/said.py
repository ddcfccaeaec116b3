"""The answers to one form in sentences, page by page, each fact tied to its field.

Pure. What has not been asked yet is said as such where it must be answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from desktop.events.filling import Filling
from desktop.events.offer import text_of
from desktop.interview.asking import Asking
from desktop.interview.marks import Target
from desktop.interview.read_back import Block, Fact, Sentence
from desktop.words import isolate, tr
from forms.definition import Field, Kind
from forms.draft import Raw, is_missing
from forms.raw import is_blank

HERE = "form"
"""The subject of every target: there is only one form."""


@dataclass(frozen=True, slots=True)
class Saying:
    """How answers are said. ``names`` are those of registered persons, by id in hexadecimal."""

    asking: Asking
    today: date
    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    def answer(self, asked: Field, raw: Raw) -> str:
        """An answer in words; empty when there is none."""
        if is_missing(raw) or asked.kind not in (Kind.PHOTO, Kind.CONSENT):
            people = {one: isolate(name) for one, name in self.names.items() if name}
            return self.asking.answer(asked, raw, self.today, people=people)
        if is_blank(raw):
            return ""
        return tr("a photo") if asked.kind is Kind.PHOTO else self._consent(asked, raw)

    def _consent(self, asked: Field, raw: Raw) -> str:
        given = raw if isinstance(raw, Mapping) else {}
        yes = [
            label
            for code, label in self.asking.options(asked.code_list)
            if given.get(code) == "yes"
        ]
        return tr("agrees to {purposes}", purposes=" · ".join(yes)) if yes else tr("agrees to none")


def read_back(filling: Filling, saying: Saying) -> tuple[Block, ...]:
    """All that was answered, under the titles of the pages."""
    blocks: dict[str, list[Sentence]] = {}
    asked = {one.name for one in filling.fields()}
    for step in filling.steps:
        said = blocks.setdefault(step.title, [])
        for one in step.fields:
            if one.field.name in asked:
                said += _say(filling, saying, one.field)
    return tuple(
        Block(HERE, text_of(filling.form, title), tuple(said))
        for title, said in blocks.items()
        if said
    )


def _say(filling: Filling, saying: Saying, asked: Field) -> list[Sentence]:
    raw = filling.raw(asked.name)
    label = Fact(text_of(filling.form, asked.label).rstrip("?:؟"), None)
    target = Target(HERE, asked.name)
    if asked.sensitive and not is_blank(raw) and not is_missing(raw):
        answer = Fact(tr("sealed, not to be read aloud"), target)
    elif text := saying.answer(asked, asked.default if is_blank(raw) else raw):
        answer = Fact(text, target)
    elif asked.required:
        answer = Fact(tr("not asked yet"), target, open=True)
    else:
        return []
    return [Sentence(tr("{label}: {answer}."), {"label": label, "answer": answer})]
