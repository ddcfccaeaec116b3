"""What an operation's wording says to no purpose, and what it leaves to others.

A key that nothing prints is a mistake. A language that is not named is none: ours stays there, or
for a key of the operation's own the English; but whoever answers for the sentences has to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from documents.errors import TemplateError
from documents.templates.model import Template
from documents.wording import MESSAGES
from resources.i18n import paper_languages

FILE = "wording.toml"


def mistakes(
    sentences: Mapping[str, Mapping[str, str]],
    texts: Mapping[str, Mapping[str, str]],
    own: Mapping[str, Template],
    ours: Mapping[str, Template],
) -> Iterator[TemplateError]:
    """Keys that nothing prints, and languages that papers are not printed in. `own` are the
    operation's templates, `ours` those of the program."""
    printed = {key for one in own.values() for key in _keys(one)}
    for key in sentences:
        if key not in MESSAGES and key not in printed:
            yield TemplateError(
                FILE,
                f"sentences.{key}",
                "is neither a sentence of ours nor printed by a template of yours"
                + _nearest(key, [*MESSAGES, *printed]),
            )
    said = {text for one in (*own.values(), *ours.values()) for text in _texts(one)}
    for text in texts:
        if text not in said:
            yield TemplateError(
                FILE,
                f'texts."{text}"',
                "is the title of no document, no part of one and no question"
                + _nearest(text, said),
            )
    known = {tag.split("-")[0] for tag in paper_languages()}
    for table, of in (("sentences", sentences), ("texts", texts)):
        for key, languages in of.items():
            for tag in languages:
                if tag.split("-")[0] not in known:
                    yield TemplateError(
                        FILE,
                        f"{table}.{key}.{tag}",
                        "is no language that papers are printed in; choose one of "
                        + ", ".join(paper_languages()),
                    )


def gaps(
    sentences: Mapping[str, Mapping[str, str]], texts: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """What stands on papers in the languages that the wording does not name, as sentences."""
    for key, said in sentences.items():
        left = ", ".join(_left(said))
        if left and key in MESSAGES:
            yield f"{FILE}: sentences.{key} is not said in {left}: our own words stay there."
        elif left:
            yield f"{FILE}: sentences.{key} is not said in {left}: its English stands there."
    for text, said in texts.items():
        if left := ", ".join(one for one in _left(said) if one != "en"):
            yield f'{FILE}: texts."{text}" is not said in {left}: what the program has stays there.'


def _left(said: Mapping[str, str]) -> list[str]:
    return [tag for tag in paper_languages() if tag not in said and tag.split("-")[0] not in said]


def _keys(template: Template) -> Iterator[str]:
    for one in template.blocks:
        yield from one.sentences
        yield from one.fields


def _texts(template: Template) -> Iterator[str]:
    yield template.title
    yield from (one.title for one in template.blocks if one.title)
    yield from (one.label for one in template.asks)


def _nearest(got: str, known: Iterable[str]) -> str:
    close = get_close_matches(got, list(known), n=1)
    return f"; did you mean {close[0]}" if close else "; remove it or correct its spelling"
