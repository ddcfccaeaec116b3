"""Which kept values are answers to their questions; the others are never computed with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import Form, Kind
from forms.kept import date_of, fits, misfits
from forms.library import catalogue
from forms.raw import raw_of, read_raw

FORMS = catalogue().all()
FIELDS = [field for form in FORMS for field in form.fields()]
TODAY = date(2026, 11, 15)

_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.binary(max_size=40),
)
_values = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["edtf", "calendar", "entered", "missing", "person", "name", "text", "code", "type",
                 "number", "sealed", "registration"]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(FIELDS), _values)
def test_any_value_can_be_asked_again(field: Any, value: Any) -> None:
    raw = raw_of(field, value)
    read_raw(field, raw, TODAY)
    if value is not None and field.kind is not Kind.GROUP and not fits(field, value):
        assert raw == (value if _reason_of_a_newer_program(value) else "")


def _reason_of_a_newer_program(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"missing"} and type(value["missing"]) is str


@pytest.mark.parametrize("reason", [None, 1, b"x", [], {}])
def test_a_reason_that_is_no_word_is_asked_again(reason: Any) -> None:
    for field in FIELDS:
        if field.kind is not Kind.GROUP:
            assert raw_of(field, {"missing": reason}) == ""


def person() -> Form:
    return catalogue().form("person")


@pytest.mark.parametrize(
    "value",
    [
        {"edtf": "garbage", "calendar": "gregorian", "entered": "x"},
        {"edtf": "2020-01-01"},
        {"edtf": 5, "calendar": 7, "entered": []},
        {"edtf": "2020-01-01", "calendar": ["x"], "entered": ""},
        "2020",
        [],
    ],
)
def test_a_date_that_is_none(value: Any) -> None:
    assert date_of(value) is None
    assert misfits(person(), {"birth": value, "of_later": value}) == ["birth"]


@pytest.mark.parametrize("value", [10**15, 32, "zz", b"short", [1], {"a": 1}])
def test_a_photo_that_is_none(value: Any) -> None:
    field = person().field("photo")
    assert not fits(field, value)
    assert raw_of(field, value) == ""


def test_what_was_sealed_or_not_told_fits() -> None:
    for field in FIELDS:
        assert fits(field, None)
        assert fits(field, {"sealed": b"x"})
        assert fits(field, {"missing": "unknown"})
        assert field.kind is Kind.CONSENT or not fits(field, {"missing": "perhaps", "x": 1})
