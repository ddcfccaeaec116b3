"""Base45 against RFC 9285 and its own law."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import base45
from documents.base45 import Base45Error


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
    ],
)
def test_examples_of_the_rfc(data: bytes, text: str) -> None:
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@given(st.binary(max_size=300))
@settings(max_examples=80)
def test_what_is_written_is_read(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@pytest.mark.parametrize(
    "text",
    ["a", "GGW", ":::", "::", "A", "AAAA", "BB8é", "BB8_"],
    ids=["lower", "65536", "largest", "two", "one", "four", "accent", "underscore"],
)
def test_what_no_encoder_writes_is_refused(text: str) -> None:
    with pytest.raises(Base45Error):
        base45.decode(text)


@given(st.text(alphabet=base45.ALPHABET, max_size=60))
@settings(max_examples=80)
def test_one_text_stands_for_one_sequence_of_bytes(text: str) -> None:
    try:
        data = base45.decode(text)
    except Base45Error:
        return
    assert base45.encode(data) == text
