"""Raw answers as a person, a damaged draft or another program may give them, for laws."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forms.definition import Form
from values.dates import Calendar

_PIECES = st.sampled_from(
    [
        *("", " ", "x", "12", "-1", "²", "१२", "yes", "no", "unknown", "1987", "1990-02-30", "/"),
        *("2020-01-01/2021-01-01", "x/y", "age:34", "age:-1", "198X", "9999-12-31", "0000", "7:30"),
        *(
            "+999550100011",
            "00",
            "0" * 32,
            "a" * 64,
            "\x00",
            "\ud800",
            "\u202e",
            "\u3164",
            "\u1039",
        ),
        *("registration", "passport", "disaster", *(one.value for one in Calendar)),
        *("1" * 5000, "a\u0301\u0316" * 300, " \u200b" * 300, "ေျ" * 100),
    ]
)
texts = st.one_of(_PIECES, st.text(max_size=20), st.tuples(_PIECES, _PIECES).map("".join))
_plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**18, -(10**30), 10**4000]),
    st.floats(),
    texts,
)
_keys = st.one_of(
    st.sampled_from(
        [
            "text",
            "calendar",
            "code",
            "person",
            "name",
            "missing",
            "type",
            "number",
            "edtf",
            "entered",
        ]
    ),
    texts,
)
anything = st.recursive(
    _plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)
"""Any JSON value, more often than not in the shape of some answer."""

kept = st.one_of(anything, st.binary(max_size=40), st.lists(st.binary(max_size=4), max_size=2))
"""What an entry may hold where a value should be."""


def raws(form: Form) -> st.SearchStrategy[dict[str, Any]]:
    """Answers to some of the form's questions, rows of groups among them."""
    choices = {}
    for field in form.fields():
        row = st.dictionaries(
            st.sampled_from([one.name for one in field.fields] or ["x"]), anything
        )
        choices[field.name] = anything | st.lists(row, max_size=3)
    return st.fixed_dictionaries({}, optional=choices)
