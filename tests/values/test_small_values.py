"""Clocks, identifiers, secrets and telephone numbers."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from values.clock import FixedClock, SystemClock, TimeError, in_utc, parse_rfc3339, rfc3339
from values.identifiers import PersonId, uuid7
from values.secret import Secret

MORNING = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "values" / "numbers.json").read_text(encoding="utf-8")
)


class TestTime:
    def test_whole_seconds_have_no_fraction(self) -> None:
        assert rfc3339(MORNING) == "2026-11-15T10:00:00Z"
        assert rfc3339(MORNING + timedelta(milliseconds=7)) == "2026-11-15T10:00:00.007Z"

    def test_other_zones_are_written_in_utc(self) -> None:
        kabul = timezone(timedelta(hours=4, minutes=30))
        assert rfc3339(datetime(2026, 11, 15, 14, 30, tzinfo=kabul)) == "2026-11-15T10:00:00Z"

    def test_a_time_without_a_zone_is_refused(self) -> None:
        naive = MORNING.replace(tzinfo=None)
        with pytest.raises(TimeError):
            rfc3339(naive)
        with pytest.raises(TimeError):
            in_utc(naive)

    @pytest.mark.parametrize(
        "text",
        [
            "2026-11-15T10:00:00Z",
            "2026-11-15t10:00:00z",
            "2026-11-15 10:00:00Z",
            "2026-11-15T14:30:00+04:30",
            "2026-11-15T10:00:00.000000000Z",
        ],
    )
    def test_reads(self, text: str) -> None:
        assert parse_rfc3339(text) == MORNING
        assert parse_rfc3339(text).tzinfo is UTC

    @pytest.mark.parametrize(
        "text",
        ["", "2026-11-15", "2026-11-15T10:00:00", "2026-11-15T10:00Z", "2026-02-30T10:00:00Z",
         "2026-11-15T10:00:60Z", "2026-11-15T25:00:00Z", "0001-01-01T00:00:00+01:00",
         "٢٠٢٦-11-15T10:00:00Z", "2026-11-15T10:00:00Z\n"],
    )  # fmt: skip
    def test_refuses(self, text: str) -> None:
        with pytest.raises(TimeError):
            parse_rfc3339(text)

    @given(st.datetimes(timezones=st.just(UTC)))
    @settings(max_examples=50, deadline=None)
    def test_round_trip_to_the_millisecond(self, moment: datetime) -> None:
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        assert parse_rfc3339(rfc3339(moment)) == moment


class TestClocks:
    def test_the_systems_clock_is_aware_and_moves(self) -> None:
        clock = SystemClock()
        assert clock.now().tzinfo is UTC
        assert clock.monotonic() <= clock.monotonic()

    def test_a_fixed_clock_stands_still(self) -> None:
        clock = FixedClock(MORNING)
        assert clock.now() == clock.now() == MORNING
        assert clock.monotonic() == 0

    def test_or_moves_by_steps(self) -> None:
        clock = FixedClock(MORNING, step=timedelta(seconds=2))
        assert [clock.now(), clock.now()] == [MORNING, MORNING + timedelta(seconds=2)]
        assert clock.monotonic() == 4

    def test_or_is_advanced(self) -> None:
        clock = FixedClock(MORNING)
        clock.advance(timedelta(days=1))
        assert clock.now() == MORNING + timedelta(days=1)

    def test_it_needs_a_zone(self) -> None:
        with pytest.raises(TimeError):
            FixedClock(MORNING.replace(tzinfo=None))


class TestIdentifiers:
    def test_the_example_of_the_rfc(self) -> None:
        # RFC 9562, appendix A.6: its time, its rand_a and its rand_b.
        random = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
        at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
        assert uuid7(at, lambda n: random) == UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")

    @given(st.binary(min_size=10, max_size=10), st.integers(0, 4_000_000_000_000))
    @settings(max_examples=50, deadline=None)
    def test_version_variant_and_time(self, random: bytes, milliseconds: int) -> None:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
        made = uuid7(at, lambda n: random[:n])
        assert made.version == 7
        assert made.variant == "specified in RFC 4122"
        assert made.int >> 80 == milliseconds

    def test_a_clock_before_1970_is_refused(self) -> None:
        with pytest.raises(ValueError, match="1970"):
            uuid7(datetime(1969, 12, 31, tzinfo=UTC), lambda n: bytes(n))

    def test_the_types_are_plain_uuids(self) -> None:
        made = uuid7(MORNING, lambda n: bytes(n))
        assert PersonId(made) is made


class TestSecret:
    secret = Secret(b"correct horse")

    def test_it_shows_nothing(self) -> None:
        shown = f"{self.secret} {self.secret!r} {self.secret:>20} {[self.secret]}"
        assert "horse" not in shown
        assert shown.count("***") == 4

    def test_it_is_given_out_on_request(self) -> None:
        assert self.secret.reveal() == b"correct horse"
        assert len(self.secret) == 13

    def test_equality(self) -> None:
        assert self.secret == Secret(b"correct horse")
        assert self.secret != Secret(b"correct horsf")
        assert self.secret != b"correct horse"

    def test_it_is_no_key_of_a_mapping(self) -> None:
        with pytest.raises(TypeError):
            hash(self.secret)

    def test_it_is_not_pickled_or_copied(self) -> None:
        with pytest.raises(TypeError, match="not written"):
            pickle.dumps(self.secret)
        with pytest.raises(TypeError, match="not written"):
            copy.deepcopy(self.secret)

    def test_it_has_no_dict_to_leak_from(self) -> None:
        assert not hasattr(self.secret, "__dict__")


def test_the_day_of_the_vectors_is_a_day() -> None:
    assert date.fromisoformat("2026-11-15") == MORNING.date()
