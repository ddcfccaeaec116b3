"""A table of every event: what is asked, what is objected to, what follows, which document.

Made from the definitions, so that it cannot be wrong about them::

    python -m forms.documentation [FILE]

prints it, or writes it between the two markers of a Markdown file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from forms.codes import code_list
from forms.definition import Effects, Field, Form, Kind
from forms.library import PERSON, Catalogue
from forms.library import catalogue as shipped

__all__ = ["BEGIN", "END", "placed", "table"]

BEGIN = "<!-- events: begin -->"
END = "<!-- events: end -->"

_KINDS: dict[Kind, str] = {
    Kind.LONG_TEXT: "long text",
    Kind.YES_NO: "yes or no",
    Kind.GROUP: "several",
}
_MISSING = (("unknown", "not known"), ("refused", "not told"), ("not_applicable", "not applicable"))


def table(catalogue: Catalogue) -> str:
    """Markdown: the events at a glance, then one section for each, family by family."""
    forms = _in_order(catalogue)
    person = catalogue.form(PERSON)
    lines = ["| event | form | family | late after | document |", "|---|---|---|---|---|"]
    for form in forms:
        family = code_list("event_families")[form.event].label
        late = f"{form.late_after} days" if form.late_after else ""
        document = _words(form.document)
        lines.append(f"| {form.title} | `{form.id}` | {family} | {late} | {document} |")
    for form in forms:
        lines += ["", *_section(form, person)]
    return "\n".join(lines) + "\n"


def placed(page: str, made: str) -> str:
    """The page with ``made`` between its markers. Raises :class:`ValueError` without them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"put the lines {BEGIN} and {END} where the table shall stand")
    return f"{before}{BEGIN}\n\n{made}\n{END}{after}"


def _in_order(catalogue: Catalogue) -> list[Form]:
    """By family and within it as the list of events has them; an operation's own come last."""
    families = [code.code for code in code_list("event_families")]
    types = [code.code for code in code_list("event_types")]

    def place(form: Form) -> tuple[int, int, str]:
        known = types.index(form.id) if form.id in types else len(types)
        return families.index(form.event), known, form.id

    return sorted(catalogue.events(), key=place)


def _section(form: Form, person: Form) -> Iterator[str]:
    yield f"## {form.title}"
    yield ""
    yield f"`{form.id}` {form.version}. {form.summary}"
    yield ""
    yield "| item | field | kind | must | also |"
    yield "|---|---|---|---|---|"
    for page in form.pages:
        for field in page.fields:
            yield from _rows(field, f"`{field.name}`")
    if form.rules or form.distinct:
        yield ""
        yield "**Rules**"
        yield ""
        if form.distinct:
            parts = " and ".join(_quoted(form, name) for name in form.distinct)
            yield f"- (error) {parts} name different persons."
        yield from (_rule(form, number) for number in range(len(form.rules)))
    yield ""
    yield "**What follows.** " + " ".join(_effects(form, person))


def _rows(field: Field, name: str) -> Iterator[str]:
    cells = (field.label, name, _kind(field), _must(field), "; ".join(_also(field)))
    yield "| " + " | ".join(_cell(cell) for cell in cells) + " |"
    for inner in field.fields:
        yield from _rows(inner, f"{name}.`{inner.name}`")


def _kind(field: Field) -> str:
    kind = _KINDS.get(field.kind, field.kind.value)
    if field.kind is Kind.GROUP:
        return f"up to {field.at_most}"
    if field.code_list and field.kind is not Kind.YES_NO:
        return f"{kind}: `{field.code_list}`"
    return kind


def _must(field: Field) -> str:
    if field.required:
        return "yes"
    return "asked again" if field.warn_if_empty else ""


def _also(field: Field) -> Iterator[str]:
    missing = [words for name, words in _MISSING if field.allows(name)]
    if missing:
        yield " or ".join(missing)
    if field.default:
        yield f"`{field.default}` if nothing else"
    if field.shown_when is not None:
        yield f"only when `{field.shown_when.source}`"
    if field.locked_when is not None:
        yield f"locked when `{field.locked_when.source}`"
    if field.sensitive:
        yield "sealed"
    if field.sees:
        yield "seen by " + ", ".join(sorted(field.sees))
    if field.statistics:
        yield "counted"
    if field.shared:
        yield "shared under consent to " + ", ".join(field.shared)


def _rule(form: Form, number: int) -> str:
    rule = form.rules[number]
    marks = [
        *(["error"] if rule.error else []),
        *(["no document"] if rule.no_document else []),
    ]
    marked = f" ({', '.join(marks)})" if marks else ""
    return f"- `{rule.code}`{marked}: {rule.say}"


def _effects(form: Form, person: Form) -> Iterator[str]:
    effects = form.effects
    yield from _moves(form, effects)
    for one in effects.amends:
        label = person.field(one.field).label if one.field in person else one.field
        if one.answer:
            now = f"becomes the answer to {_quoted(form, one.answer)}"
        else:
            codes = person.field(one.field).codes if one.field in person else None
            words = codes[one.value].label if codes and one.value in codes else one.value
            now = f"becomes “{words}”"
        yield f"In the record of {_quoted(form, one.person)}, {_quoted_text(label)} {now}."
    if form.document:
        yield f"Document: {_words(form.document)}."
    else:
        yield "No document."


def _moves(form: Form, effects: Effects) -> Iterator[str]:
    if effects.creates:
        fields = ", ".join(
            f"`{name}` from `{answer}`" for name, answer in sorted(effects.creates.items())
        )
        joins = " or ".join(_quoted(form, name) for name in effects.joins)
        yield (
            f"Unless {_quoted(form, effects.created_as)} is registered already, a person is "
            f"registered ({fields}) and joins the household of {joins}."
            if effects.created_as in form
            else f"A person is registered ({fields}) and joins the household of {joins}."
        )
    for name in effects.leaves:
        yield f"The stay of {_quoted(form, name)} in the household ends ({effects.leave_reason})."
    for name in effects.moves:
        to = _quoted(form, effects.moves_to)
        yield f"{_quoted(form, name)} goes over to the household of {to}."


def _quoted(form: Form, name: str) -> str:
    return _quoted_text(form.field(name).label)


def _quoted_text(text: str) -> str:
    return f"“{text}”"


def _words(document: str) -> str:
    return document.replace("_", " ")


def _cell(text: str) -> str:
    """A bar would end the cell, in code as well."""
    return text.replace("|", "\\|")


def main(arguments: Sequence[str]) -> None:
    """Print the table of what ships, or place it in a page."""
    made = table(shipped())
    if not arguments:
        print(made, end="")
        return
    page = Path(arguments[0])
    page.write_text(placed(page.read_text("utf-8"), made), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
