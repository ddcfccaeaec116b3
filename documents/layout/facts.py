"""What a template's references stand for: labels and values in words."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from documents.layout.blocks import Fact, fact
from documents.page_data import PageData
from documents.wording import Words
from values.text import isolate

_LABELS = {
    "document.number": "document_number",
    "document.issued": "issued",
    "document.expires": "expires",
    "document.office": "office",
    "document.issued_by": "issued_by",
    "document.replaces": "replaces",
    "document.serial": "serial",
    "document.copy": "copy",
    "holder.number": "person_number",
    "holder.permanent": "permanent_number",
    "holder.sex": "sex",
    "holder.birth": "birth",
    "holder.nationality": "nationality",
    "holder.birth_place": "birth_place",
    "holder.father_name": "father_name",
    "holder.mother_name": "mother_name",
    "household.number": "household_number",
    "household.members": "members",
}
_BOLD = frozenset(
    {
        "document.number",
        "document.expires",
        "holder.number",
        "household.number",
        "household.members",
    }
)
_IF_ANY = frozenset({"holder.permanent", "document.replaces", "document.serial", "document.copy"})
"""Facts that are left out where there are none: nobody expects them."""
ALL = frozenset(
    {"holder.sex", "holder.birth", "holder.nationality", "document.issued", "document.expires"}
)
"""Facts that differ with the language, said in the authority's too."""
NEEDED = frozenset({"holder.sex", "holder.birth", "holder.nationality"})
"""Those that come first where there is no room for all."""
_SAYS_MUCH = 44
"""Characters from which an answer has a row of its own."""


def rows(
    words: Words,
    page: PageData,
    refs: Sequence[Sequence[str]],
    *,
    beside: Collection[str] = ALL,
    also: bool = False,
) -> list[list[Fact]]:
    """The rows of a block; those of `beside` in the authority's language too. What is not there
    and not expected leaves its row; of what is only printed beside the code, nothing that is not
    recorded is said."""
    found = []
    for row in refs:
        facts = [(ref, one) for ref in row if (one := _fact(words, page, ref, beside)) is not None]
        if also:
            facts = [(ref, one) for ref, one in facts if value_of(words, page, ref)]
        found.append([one for _, one in facts])
    return [part for row in found for part in _parted(row) if part]


def _parted(row: list[Fact]) -> list[list[Fact]]:
    """A row whose answers are long: one below the other."""
    if len(row) > 1 and any(len(one.value) > _SAYS_MUCH * 4 // len(row) for one in row):
        return [[one] for one in row]
    return [row]


def _fact(words: Words, page: PageData, ref: str, beside: Collection[str]) -> Fact | None:
    source, _, name = ref.partition(".")
    if source in ("event", "asked"):
        wanted = name if source == "event" else ref
        said = next((one for one in page.answers if one.name == wanted), None)
        if said is None:
            return None
        return Fact(said.label, said.label_beside, said.value, value_beside=said.value_beside)
    value = value_of(words, page, ref)
    if not value and ref in _IF_ANY:
        return None
    made = fact(words, _LABELS[ref], value, bold=ref in _BOLD)
    return replace(made, value_beside=value_beside(words, page, ref)) if ref in beside else made


def value_beside(words: Words, page: PageData, ref: str) -> str:
    """The words of a reference of `ALL` in the authority's language, where they differ."""
    who = page.subject
    match ref:
        case "holder.sex":
            return words.code_beside("sex", who.sex)
        case "holder.nationality":
            return words.code_beside("countries", who.nationality)
        case "holder.birth":
            return words.birth_beside(who.birth) if who.birth else ""
        case "document.issued":
            return words.day_beside(page.issued)
        case _:
            return words.day_beside(page.expires)


def value_of(words: Words, page: PageData, ref: str) -> str:
    """The words of a reference; empty for what is not known."""
    who = page.subject
    match ref:
        case "document.number":
            return isolate(page.number) if page.number else words.say("number_later")
        case "document.issued":
            return words.day(page.issued)
        case "document.expires":
            return words.day(page.expires)
        case "document.office":
            return page.issuer.office
        case "document.issued_by":
            return page.issued_by
        case "document.replaces":
            return isolate(page.replaces) if page.replaces else ""
        case "document.serial":
            return isolate(page.serial) if page.serial else ""
        case "document.copy":
            return words.copy(page.copy)
        case "holder.number":
            return isolate(who.number)
        case "holder.permanent":
            return isolate(page.permanent_number) if page.permanent_number else ""
        case "holder.sex":
            return words.code("sex", who.sex)
        case "holder.birth":
            return words.birth(who.birth) if who.birth else ""
        case "holder.nationality":
            return words.code("countries", who.nationality)
        case "holder.birth_place":
            return who.birth_place
        case "holder.father_name":
            return who.father_name
        case "holder.mother_name":
            return who.mother_name
        case "household.number":
            return isolate(page.household_number) if page.household_number else ""
        case "household.members":
            count = len(page.members) or page.household_size
            return words.member_count(count) if count else ""
        case _:
            name = ref.removeprefix("event.")
            return next((one.value for one in page.answers if one.name == name), "")
