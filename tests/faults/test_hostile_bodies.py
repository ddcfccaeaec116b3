"""Whatever a body holds, folding never fails and the view can be stored and read.

Bodies fit the table of kinds, as an admitted one does, or do not; beside the fields of their kind
they hold fields of other kinds, with anything in them.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.viewrows import read_view, subject_type, view_row
from ledger import kinds
from ledger.authority import FOUNDING
from ledger.certificate import OfficeType
from ledger.conflicts import ConflictSets, SetRule
from ledger.entry import Entry, FormRef, Subject
from ledger.facts import writes_of
from ledger.fold import fold_subject
from ledger.history import field_history
from tests.ledger.builders import make_world, uuid
from tests.ledger.test_ledger_kinds import GOOD

WORLD = make_world()
SETS = ConflictSets({"person": {"name": SetRule(frozenset({"name"}), identity=True)}})
VIEWED = {
    kind: sorted(rule.subjects & set(FOUNDING))[0]
    for kind, rule in kinds.RULES.items()
    if rule.subjects & set(FOUNDING)
}
NAMES = sorted({name for rule in kinds.RULES.values() for name in rule.body} | {"name", "type"})

_ids = st.sampled_from([uuid("one").bytes, uuid("two").bytes, b"", bytes(3)])
_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["head", "child", "\0", "\u202e", "@member:", "@link:zz"]),
    st.binary(max_size=4),
    _ids,
)
_anything = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*NAMES, "@number", "edtf"]), inner, max_size=3),
    ),
    max_leaves=6,
)
_OF = {
    about: sorted(
        {"name", "type", "reason"}
        | {
            name
            for kind, type_ in VIEWED.items()
            if type_ == about
            for name in kinds.RULES[kind].body
        }
    )
    for about in FOUNDING
}


def _extra(about: str) -> st.SearchStrategy[dict[str, Any]]:
    """Fields that kinds about this type of subject have, with anything in them."""
    return st.dictionaries(st.sampled_from(_OF[about]), _anything, max_size=4)


_forms = st.sampled_from(
    [None, FormRef("person", "1.0.0", bytes(32)), FormRef("\0", "x", bytes(32))]
)


@st.composite
def _told(draw: st.DrawFn) -> list[tuple[str, dict[str, Any], FormRef | None]]:
    """The entries about one subject: one that makes it, and others that fit the table or not."""
    about = draw(st.sampled_from(sorted(FOUNDING)))
    kinds_ = st.sampled_from([kind for kind, type_ in VIEWED.items() if about == type_])
    told = [(FOUNDING[about], {**draw(_extra(about)), **GOOD[FOUNDING[about]]}, None)]
    for kind in draw(st.lists(kinds_, min_size=1, max_size=4)):
        good, extra = GOOD[kind], draw(_extra(about))
        body = {**extra, **good} if draw(st.booleans()) else {**good, **extra}
        for name in ("changes", "values"):
            if isinstance(body.get(name), dict):
                body[name] = {**body[name], **draw(_extra(about))}
        if "person" in good:
            body["person"] = draw(st.sampled_from([uuid("one").bytes, uuid("two").bytes]))
        told.append((kind, body, draw(_forms)))
    return told


@settings(max_examples=100, deadline=None)
@given(_told(), st.booleans())
def test_no_body_stops_the_fold(
    told: list[tuple[str, dict[str, Any], FormRef | None]], aware: bool
) -> None:
    entries = written(told, aware=aware)
    subject = entries[0].header.subject
    for entry in entries:
        writes_of(entry)
    view = fold_subject(subject.type, entries, SETS)
    field_history(entries, SETS)
    assert view is not None
    kind = subject_type(view)
    row = view_row(view)
    assert view_row(read_view(kind, row["view"])) == row


def written(told: list[tuple[str, dict[str, Any], FormRef | None]], *, aware: bool) -> list[Entry]:
    """These entries about one subject, each aware of the one before, or none of any."""
    subject = Subject(VIEWED[told[0][0]], uuid("subject"))
    entries: list[Entry] = []
    for kind, body, form in told:
        at_registry = OfficeType.STATION not in kinds.RULES[kind].offices
        office = WORLD.registry if at_registry else WORLD.stations[0]
        entries.append(
            office.write(
                kind,
                subject,
                body,
                by="registrar" if at_registry else "officer",
                base=entries[-1:] if aware else [],
                form=form,
            )
        )
    return entries


@pytest.mark.parametrize("members", [5, [1], [{}], [{"person": 5}], "head"])
def test_members_are_read_of_the_kinds_that_list_them(members: object) -> None:
    person = UUID(int=7)
    joined = {"person": person.bytes, "relation": "child", "members": members}
    household = (kinds.HOUSEHOLD_REGISTERED, GOOD[kinds.HOUSEHOLD_REGISTERED], None)
    entries = written([household, (kinds.HOUSEHOLD_MEMBER_JOINED, joined, None)], aware=True)
    view = fold_subject(kinds.HOUSEHOLD, entries)
    assert view is not None
    assert [one.relation for one in view.present()] == ["head", "child"]  # type: ignore[attr-defined]  # a household
