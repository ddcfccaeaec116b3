"""Names of many scripts as Latin parts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.romanise import NAME_LIMIT, words
from matching.search_keys import search_tokens


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        # Latin
        ("Amina Yusuf", ["amina", "yusuf"]),
        ("Đặng Thị Ngọc Diệp", ["dang", "thi", "ngoc", "diep"]),
        ("Bokɔ́mbɛ Ndjoli", ["bokombe", "ndjoli"]),
        ("Ga̱tluak Riɛk", ["gatluak", "riek"]),
        ("Jean-d'Amour", ["jean", "damour"]),
        ("Dang T. Ngoc", ["dang", "t", "ngoc"]),
        ('Anastacio "Boyet" Jr.', ["anastacio", "boyet", "jr"]),
        ("Abdelmoneim", ["abd", "moneim"]),
        ("Cabdiraxmaan", ["abd", "raxmaan"]),
        ("Abdullah", ["abdullah"]),
        # Arabic: article, Abd al-, diacritics, tatweel, teh marbuta, alef and ye in every form
        ("مُحَمَّد", ["mhmd"]),
        ("محـمد", ["mhmd"]),
        ("الدرويش", ["drwish"]),
        ("عبد الغفور", ["abd", "ghfur"]),
        ("عبدالغفور", ["abd", "ghfur"]),
        ("عبدالله", ["abdalla"]),
        ("فاطمة", ["fatma"]),
        ("فاطمه", ["fatma"]),
        ("علي", ["ali"]),
        ("علی", ["ali"]),
        ("على", ["ala"]),
        ("أحمد", ["ahmd"]),
        ("احمد", ["ahmd"]),
        ("كريم", ["krim"]),
        ("کریم", ["krim"]),
        ("صالح", ["salh"]),
        ("حسين", ["hasin"]),
        ("گل\u200cآقا", ["gl", "aqa"]),
        ("هێمن جەلال", ["hemn", "jelal"]),
        # Cyrillic, the Ukrainian reading first
        ("Галина Ковтун", ["halyna", "kovtun"]),
        ("Мар'яна", ["mariana"]),
        ("Мар\u02bcяна", ["mariana"]),
        ("Гриценюк-Заяць", ["hrytseniuk", "zaiats"]),
        ("Єва", ["yeva"]),
        # Burmese: syllables, though written without spaces
        ("စိုးနိုင်", ["so", "naing"]),
        ("ခင်မာချို", ["khin", "mar", "cho"]),
        ("အောင်ကျော်", ["aung", "kyaw"]),
        ("ရှင်း", ["shin"]),
        ("ဦးဘတင်", ["u", "ba", "tin"]),
        ("စန္ဒာ", ["san", "dar"]),
        ("ကျဲရ်", ["kye"]),
        # Hanifi Rohingya, right to left and beyond the first plane
        ("𐴕𐴟𐴌𐴟𐴓𐴢 𐴇𐴡𐴑𐴢", ["nurul", "hok"]),
        ("𐴔𐴡𐴇𐴝𐴔𐴧𐴠𐴊𐴢", ["mohamed"]),
        # Ethiopic
        ("ተኽለ ብርሃነ", ["tekle", "brhane"]),
        ("ፀሐይ", ["tsehay"]),
        # Khmer, Lao, Thai
        ("ចាន់", ["chan"]),
        ("វិចិត្រ", ["vechet"]),
        ("ສີວົງໄຊ", ["sivongxai"]),
        ("ບົວ", ["bua"]),
        ("ຫຼວງ", ["lvng"]),
        ("วงศ์", ["wng"]),
        ("ประเสริฐ", ["praserit"]),
        ("พิทักษ์", ["phithak"]),
        ("สมพร", ["smphn"]),
        # Bengali, Devanagari
        ("রহিমা বেগম", ["rahima", "begam"]),
        ("শিউলি", ["shiuli"]),
        ("মোড়ল", ["moral"]),
        ("रमेश", ["ramesh"]),
        # Chinese, Korean: syllables
        ("段启荣", ["duan", "qi", "rong"]),
        ("김민수", ["gim", "min", "su"]),
        # Hebrew, Greek, Georgian
        ("דוד", ["dwd"]),
        ("Αλέξανδρος", ["alexandros"]),
        ("გიორგი", ["giorgi"]),
        # no letters
        ("", []),
        ("12-34 !?", []),
        ("𐴰𐴱", []),
    ],
)
def test_tokens(name: str, tokens: list[str]) -> None:
    assert search_tokens(name) == tokens


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("رضا", {"rda", "rza"}),
        ("عثمان", {"athman", "asman"}),
        ("موسوی", {"muswi", "musvi"}),
        ("إسحاق", {"isaq", "ishaq"}),
        ("Галина", {"halyna", "galina"}),
        ("ရာ", {"yar", "rar", "ya"}),
    ],
)
def test_names_that_languages_read_differently(name: str, readings: set[str]) -> None:
    assert readings <= set(words(name)[0].parts[0])


def test_a_word_of_several_parts_is_also_one_word() -> None:
    assert words("Gul-Agha")[0].whole == ("gulagha",)
    assert words("段启荣")[0].whole == ("duanqirong",)
    assert words("Abdelmoneim")[0].whole == ("abdelmoneim",)
    assert words("Amina")[0].whole == ()


def test_bidi_controls_say_nothing() -> None:
    assert search_tokens("\u202bمحمد\u202c \u200fعلي") == search_tokens("محمد علي")


def test_composed_and_decomposed_are_one() -> None:
    assert words("Ange\u0301la") == words("Angéla")


def test_only_the_beginning_of_an_endless_name_is_read() -> None:
    assert words("a" * 100_000)[0].parts == (("a" * NAME_LIMIT,),)


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_every_part_of_any_text_is_lowercase_latin(text: str) -> None:
    for word in words(text):
        assert word.parts
        for part in word.parts:
            assert part
            assert all(re.fullmatch("[a-z]+", token) for token in part)
        assert all(re.fullmatch("[a-z]+", token) for token in word.whole)
