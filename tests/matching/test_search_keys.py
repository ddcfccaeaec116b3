"""Finding people by name: the keys meet, the score orders, and a search stays cheap."""

from __future__ import annotations

import math
import re
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.folding import bones, deletions, fold, skeleton, variants
from matching.names import shape
from matching.romanise import word, words
from matching.search_keys import (
    QUERY_KEYS,
    forget,
    keys_for,
    query_keys,
    score,
    scorer,
    worth_scoring,
)

# One person as two people write the name. All are invented.
SAME = [
    ("Mohammad Ali Rezai", "محمدعلی رضایی"),
    ("Gul Agha Rezai", "گل\u200cآقا رضایی"),
    ("Zohra Gulagha", "زهره گل آقا"),
    ("Noorzai", "نورزی"),
    ("Khaled al-Darwish", "خالد الدرويش"),
    ("Khalid Darweesh", "خالد درويش"),
    ("Abdul Ghafur", "عبدالغفور"),
    ("Abdelmoneim", "عبد المنعم"),
    ("Abdurrahman", "عبد الرحمن"),
    ("Saleh Musaad", "صالح مسعد"),
    ("Hemin Jalal", "هێمن جەلال"),
    ("Gulalai", "ګلالۍ"),
    ("فاطمة علي", "فاطمه علی"),
    ("أحمد", "احمد"),
    ("Osman", "عثمان"),
    ("Hussein", "حسين"),
    ("Ishaq", "إسحاق"),
    ("Nurul Hoque", "𐴕𐴟𐴌𐴟𐴓𐴢 𐴇𐴡𐴑𐴢"),
    ("Senuara", "𐴏𐴠𐴕𐴡𐴖𐴝𐴌𐴝"),
    ("Soe Naing", "စိုးနိုင်"),
    ("Khine Htoon", "ခိုင်ထွန်း"),
    ("Zeyar Phyo", "ဇေယျာဖြိုး"),
    ("Saw Htoo Wah", "စောထူးဝါး"),
    ("Halyna Kovtun", "Галина Ковтун"),
    ("Galina Kovtun", "Галина Ковтун"),
    ("Hrytseniuk-Zaiats", "Гриценюк-Заяць"),
    ("Tsehay Tesfaye", "ፀሐይ ተስፋዬ"),
    ("Tekle Birhane", "ተኽለ ብርሃነ"),
    ("Workinesh", "ወርቅነሽ"),
    ("Sok Vichet", "សុខ វិចិត្រ"),
    ("Chan Sreymom", "ចាន់ ស្រីមុំ"),
    ("Sivongxay", "ສີວົງໄຊ"),
    ("Prasoet Wongsuriyaphithak", "ประเสริฐ วงศ์สุริยะพิทักษ์"),
    ("Rahima Begum", "রহিমা বেগম"),
    ("Shiuli Khatun", "শিউলি খাতুন"),
    ("Duan Qirong", "段启荣"),
    ("Qirong Duan", "段启荣"),
    ("Dang Thi Ngoc Diep", "Đặng Thị Ngọc Diệp"),
    ("Dang T. Ngoc Diep", "Đặng Thị Ngọc Diệp"),
    ("Jonas Ghebremedhin", "ዮናስ ገብረመድህን"),
    ("Abdi Nur Hassan", "Cabdi Nuur Xasan"),
    ("Halimo", "Xaliimo"),
    ("Abdirahman", "Cabdiraxmaan"),
    ("Yusuf", "Youssef"),
    ("Muhammed", "Mohamad"),
    ("Md. Rofik", "Mohammed Rofiq"),
    ("Jean Damour", "Jean-d'Amour"),
    ("delos Santos", "de los Santos"),
    ("Garcia Maria", "María García"),
    ("Desire", "Désiré"),
]

MISSPELT = [
    ("Rezia", "Rezai"),
    ("Noozrai", "Noorzai"),
    ("Fatmia", "Fatima"),
    ("Gebremehdin", "Gebremedhin"),
    ("Macarag", "Macaraeg"),
    ("Hrytsemiuk", "Hrytseniuk"),
    ("Simatupanng", "Simatupang"),
    ("Wongsuriyapithak", "Wongsuriyaphithak"),
    ("Urdanetta Ferebus", "Urdaneta Ferrebús"),
]

OTHERS = [
    ("Amina", "Mustafa"),
    ("Rezai", "Rahimi"),
    ("Soe Naing", "Khin Mar Cho"),
    ("محمد", "مريم"),
    ("Галина", "Андрій"),
    ("Ali Rezai", "Hassan Mousavi"),
    ("段启荣", "尹秀莲"),
]


def meet(query: str, name: str) -> set[str]:
    """The query's keys under which the name is found."""
    stored = keys_for([name])
    return {
        key
        for key in query_keys(query)
        if key in stored or (key[-1] == "*" and any(k.startswith(key[:-1]) for k in stored))
    }


class Index:
    """An in-memory twin of the store's search: postings, rarest keys first."""

    def __init__(self, people: list[list[str]]) -> None:
        self.people = people
        self.postings: dict[str, set[int]] = defaultdict(set)
        for number, names in enumerate(people):
            for key in keys_for(names):
                self.postings[key].add(number)

    def search(self, query: str) -> list[tuple[float, int]]:
        weights: dict[int, float] = defaultdict(float)
        for key in query_keys(query):
            found = self.postings.get(key, set())
            if key.endswith("*"):
                found = {
                    one
                    for other, some in self.postings.items()
                    if other.startswith(key[:-1])
                    for one in some
                }
            for one in found:
                weights[one] += 1 / math.log2(len(found) + 2)
        best = sorted(weights, key=lambda one: (-weights[one], one))
        best = best[: worth_scoring([weights[one] for one in best])]
        points = scorer(query)
        return sorted(((points(self.people[one]), one) for one in best), reverse=True)


@pytest.mark.parametrize(("query", "name"), SAME)
def test_the_same_name_meets_itself_in_every_script(query: str, name: str) -> None:
    """OpenCRVS matching 3: names are compared without folding, sound or script."""
    assert meet(query, name)
    assert meet(name, query)
    assert score(query, [name]) > 0.8
    assert score(name, [query]) > 0.7


@pytest.mark.parametrize(("query", "name"), MISSPELT)
def test_a_misspelt_name_is_found(query: str, name: str) -> None:
    assert meet(query, name)
    assert score(query, [name]) > 0.7


@pytest.mark.parametrize(("query", "name"), OTHERS)
def test_another_name_is_not(query: str, name: str) -> None:
    assert score(query, [name]) < 0.5


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Moh", "Mohammad Rezai"),
        ("Mohammad Re", "Mohammad Rezai"),
        ("محم", "محمد رضایی"),
        ("Абд", "Абдула"),
        ("စိုး", "စိုးနိုင်"),
        ("Gulag", "Gul-Agha"),
        ("Abdelm", "Abdelmoneim"),
        ("段", "段启荣"),
        ("Cabdira", "Cabdiraxmaan"),
    ],
)
def test_the_beginning_of_a_name_finds_it(typed: str, name: str) -> None:
    assert meet(typed, name)
    assert score(typed, [name]) > 0.55


def test_everyone_of_a_small_camp_is_found_by_the_other_spelling() -> None:
    index = Index([[name] for _, name in SAME])
    for query, name in SAME:
        best, *_ = index.search(query)
        ties = {SAME[one][1] for points, one in index.search(query) if points >= best[0] - 0.1}
        assert name in ties, query


def test_either_name_of_a_person_finds_her() -> None:
    names = ["معصومه حیدری", "Masuma Haidari"]
    assert score("Masuma Haidari", names) == score("معصومه حیدری", names) == 1
    assert keys_for(names) == keys_for(names[:1]) | keys_for(names[1:])


def test_order_counts_for_nothing_and_completeness_for_little() -> None:
    name = "Khaled Mustafa al-Darwish"
    whole, part = score("Darwish Mustafa Khaled", [name]), score("Khaled Darwish", [name])
    assert whole == 1
    assert 0.9 < part < whole


def test_nearer_spellings_score_higher() -> None:
    names = ["Mohammad Rezai", "Mohamed Rezaie", "Mohammad Haidari", "Zahra Haidari"]
    points = [score("Mohammad Rezai", [name]) for name in names]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == len(points)


def test_two_common_names_meet_in_one_rare_key() -> None:
    assert {"p:mmt+al", "p:al+mmt"} <= keys_for(["Mohammad Ali"])
    assert "p:mmt+al" in query_keys("Muhammed Aly")


def test_particles_are_not_asked_for() -> None:
    assert "t:de" not in keys_for(["Maria de los Santos"])
    assert meet("Maria Santos", "Maria de los Santos")
    assert query_keys("de la") != []


@pytest.mark.parametrize("nothing", ["", "  ", "12-34", "!?", "\u202e"])
def test_nothing_finds_nobody(nothing: str) -> None:
    assert query_keys(nothing) == []
    assert keys_for([nothing]) == frozenset()
    assert score(nothing, ["Amina"]) == 0
    assert score("Amina", [nothing]) == 0


def test_nobody_has_no_keys() -> None:
    assert keys_for([]) == frozenset()
    assert score("Amina", []) == 0


def test_a_query_is_never_more_than_a_few_dozen_lookups() -> None:
    longest = "Maria Consolación Esperanza Remedios de los Santos-Macaraeg y Villavicencio " * 3
    assert len(query_keys(longest)) == QUERY_KEYS
    assert query_keys(longest)[0] == "t:maria"


def test_a_person_takes_a_bounded_number_of_keys() -> None:
    ordinary = keys_for(["خالد مصطفى الدرويش", "Khaled Mustafa al-Darwish"])
    assert len(ordinary) < 90
    longest = keys_for(["Maria Consolación Esperanza Remedios Santos-Macaraeg Villavicencio " * 3])
    assert len(longest) < 250


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_well_formed_keys_and_finds_itself(text: str) -> None:
    stored, asked = keys_for([text]), query_keys(text)
    assert all(re.fullmatch("[tfsd]:[a-z]+|p:[a-z]+[+][a-z]+", key) for key in stored)
    assert all(re.fullmatch("[tfsd]:[a-z]+[*]?|p:[a-z]+[+][a-z]+[*]?", key) for key in asked)
    assert len(asked) == len(set(asked)) <= QUERY_KEYS
    if asked:
        assert meet(text, text)
        assert score(text, [text]) == pytest.approx(1)


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3))
@settings(max_examples=100, deadline=None)
def test_a_score_lies_between_nothing_and_one(query: str, names: list[str]) -> None:
    assert 0 <= score(query, names) <= 1 + 1e-9
    assert score(query, names) == scorer(query)(names)


letters = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=12)


@given(letters)
@settings(max_examples=100, deadline=None)
def test_folding_leaves_something_and_settles(token: str) -> None:
    assert re.fullmatch("[abcehklmnorst]+", fold(token))
    assert skeleton(token) == bones(fold(token)) != ""
    assert variants(token)[0] == token


@given(letters, st.integers(0, 11), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
@settings(max_examples=100, deadline=None)
def test_one_wrong_letter_leaves_something_in_common(token: str, at: int, letter: str) -> None:
    at = min(at, len(token) - 1)
    for wrong in (token[:at] + token[at + 1 :], token[:at] + letter + token[at + 1 :],
                  token[:at] + letter + token[at:], token[: at - 1] + token[at : at + 1]
                  + token[at - 1 : at] + token[at + 1 :] if at else token):  # fmt: skip
        assert deletions(token) & deletions(wrong)


@pytest.mark.parametrize(
    "spellings",
    [
        ["mohammad", "muhammed", "mohamed", "mahmad", "mhmd"],
        ["hussein", "husayn", "hossein", "hasin"],
        ["khadija", "qadija"],
        ["gebremedhin", "ghebremedhn"],
        ["zeinab", "zaynab", "zainap"],
        ["senowara", "senuara"],
        ["kyaw", "kyo"],
        ["abd", "abdul", "abdel"],
    ],
    ids=lambda spellings: spellings[0],
)
def test_spellings_of_one_skeleton(spellings: list[str]) -> None:
    assert len({skeleton(token) for token in spellings}) == 1


def test_short_tokens_keep_their_vowels() -> None:
    assert skeleton("soe") == "so"
    assert skeleton("saw") == "so"
    assert skeleton("eh") == "e"


@pytest.mark.parametrize(
    ("weights", "worth"),
    [([], 0), ([1.0], 1), ([1.0] * 200, 200), ([5.0] + [0.9] * 199, 20), ([5.0] + [1.1] * 60, 61)],
    ids=str,
)
def test_light_candidates_are_not_worth_scoring(weights: list[float], worth: int) -> None:
    assert worth_scoring(weights) == worth


def test_names_can_be_forgotten() -> None:
    score("Amina Yusuf", ["آمنه یوسف"])
    keys_for(["Amina Yusuf"])
    forget()
    for cache in (words, word, shape, scorer, fold, skeleton, variants):
        assert cache.cache_info().currsize == 0


@pytest.mark.parametrize(("query", "name"), [("zzzzqq", "Sok Vichet"), ("pfbbv", "Bea")])
def test_one_skeleton_without_a_letter_in_common_is_no_likeness(query: str, name: str) -> None:
    assert score(query, [name]) < 0.55
