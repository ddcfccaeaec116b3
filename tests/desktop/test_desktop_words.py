"""What is said, and in which language."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from desktop import words
from desktop.prefs import Preferences


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    words.use("en")
    yield
    words.use("en")


def test_a_sentence_with_its_placeholders() -> None:
    assert words.tr("Saved {time}", time="10:42") == "Saved 10:42"
    assert words.tr("") == ""  # gettext would give the catalogue's header


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 persons"), (1, "1 person"), (12000, "12\u202f000 persons")]
)
def test_plurals(n: int, said: str) -> None:
    assert words.ntr("{n} person", "{n} persons", n) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=3), "3 d"),
    ],
)
def test_how_long_ago(span: timedelta, said: str) -> None:
    assert words.ago(span) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(900, "900 B"), (60_000, "60 kB"), (8_400_000, "8.4 MB"), (64_000_000_000, "64.0 GB")],
)
def test_sizes(count: int, said: str) -> None:
    assert words.size(count) == said


def test_days_and_times() -> None:
    assert words.day(date(2026, 5, 3)) == "3 May 2026"
    moment = datetime(2026, 5, 3, 10, 42, tzinfo=UTC)
    assert words.clock_time(moment) == moment.astimezone().strftime("%H:%M")
    assert "2026" in words.moment(moment)


def test_a_number_is_kept_in_one_piece() -> None:
    assert words.isolate("12-34") == "\u206812-34\u2069"
    assert words.isolate("") == ""


class RefusalError(Exception):
    code = "x"
    sentence = "Ask the supervisor to do it."


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (RefusalError(), "Ask the supervisor"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (KeyError("Amina Yusuf"), "inside Waystation (KeyError)"),
    ],
)
def test_failures_say_what_to_do_and_name_nobody(error: Exception, part: str) -> None:
    said = words.failure(error)
    assert part in said
    assert "Amina" not in said


def test_languages_and_their_direction() -> None:
    for code in words.NATIVE_NAMES:
        words.use(code)
        assert words.language() == code
        assert words.rtl() is (code == "ar")
    words.use("xx")
    assert words.language() == "en"
    assert words.system_language() in words.NATIVE_NAMES


def test_roles_have_names() -> None:
    assert words.role("officer") == "Officer"
    assert words.role("something-new") == "something-new"


def test_preferences_survive_and_refuse_nonsense(tmp_path: Path) -> None:
    file = tmp_path / "prefs.ini"
    prefs = Preferences(file)
    assert not prefs.chosen_language
    assert (prefs.theme, prefs.text_scale, prefs.idle_minutes) == ("system", 100, 5)
    assert prefs.workspace is None
    prefs.language = "ar"
    prefs.theme = "dark"
    prefs.text_scale = 115
    prefs.idle_minutes = 10
    prefs.workspace = tmp_path
    prefs.last_user = "Amal K."
    prefs.set_widths("people", {"name": 200})
    again = Preferences(file)
    assert again.chosen_language
    assert (again.language, again.theme, again.text_scale) == ("ar", "dark", 115)
    assert (again.idle_minutes, again.workspace, again.last_user) == (10, tmp_path, "Amal K.")
    assert again.widths("people") == {"name": 200}
    again.theme = "pink"
    again.text_scale = 400
    again.idle_minutes = 9999
    again.workspace = None
    assert (again.theme, again.text_scale, again.idle_minutes) == ("system", 100, 5)
    assert again.workspace is None


def test_catalogues_are_gettext() -> None:
    from resources import i18n

    assert isinstance(i18n.translation("en"), gettext.NullTranslations)


@pytest.mark.parametrize(
    ("language", "text", "mark"),
    [
        ("en", "گل‌آقا is the head", "\u200e"),
        ("en", "\u2068گل‌آقا\u2069 is the head", "\u200e"),
        ("en", "The head is گل‌آقا", ""),
        ("en", "گل‌آقا رضایی", ""),
        ("en", "1985–1990", ""),
        ("ar", "Amina هي رب الأسرة", "\u200f"),
        ("ar", "رب الأسرة Amina", ""),
        ("ar", "Amina", ""),
    ],
)
def test_a_sentence_keeps_its_order_whatever_it_begins_with(
    language: str, text: str, mark: str
) -> None:
    words.use(language)
    assert words.led(text) == mark + text


def test_a_date_is_shown_as_it_is_typed_in_a_sentence_from_right_to_left() -> None:
    words.use("ar")
    help_ = words.tr("A day, a month or a year: 2026-04-18, 2026-04 or 2026.")
    for typed in ("2026-04-18", "2026-04"):
        assert words.isolate(typed) in help_
    known = words.tr(
        "What is known is enough: 1987-05-03, 1987-05, 1987, 1985~ (about), 198X (decade) or "
        "age:34."
    )
    for typed in ("1987-05-03", "1987-05", "1985~", "198X", "age:34"):
        assert words.isolate(typed) in known
    assert words.led(known) == known, "once is enough"
    words.use("en")
    assert words.tr("A day: 2026-04-18.") == "A day: 2026-04-18."


def test_a_number_of_a_paper_is_no_date() -> None:
    words.use("ar")
    assert "\u2068" not in words.led("رقم P00062-0001-7 و A-12")


def test_what_stands_beside_a_foreign_word_keeps_its_place() -> None:
    words.use("ar")
    assert words.beside("1", "", "he is alive", "1 سبتمبر") == (
        "\u200f\u20681\u2069 · \u2068he is alive\u2069 · \u20681 سبتمبر\u2069"
    )
    assert words.beside("آمنة", "ابنة").startswith("\u200f"), "no letter outside says the way"
    words.use("en")
    assert words.beside("34", "", "Mother") == "34 · Mother"
