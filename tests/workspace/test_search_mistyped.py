"""A number that was copied wrongly is nobody's: its letters are no name."""

from __future__ import annotations

from tests.places import Site
from workspace.search import mistyped, search


def test_wrong_check_digits_find_nobody_and_say_so(busy_site: Site) -> None:
    """OpenCRVS numbers: short numbers by chance, without a check character, read as one another."""
    with busy_site.at_station("officer") as session:
        with session.store.read() as reader:
            number = next(reader.views("person")).number
        assert [hit.number for hit in search(session, number)] == [number]
        wrong = number[:-2] + f"{(int(number[-2:]) + 1) % 97:02d}"
        assert search(session, wrong) == []
        assert "check digits" in mistyped(wrong)
        assert mistyped(number) == mistyped("Amina") == ""
