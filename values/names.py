"""What can be said of a name without knowing its language, and what must not be taken for one.

A single name is a whole name: nothing here fills a part that was not said, and nothing splits a
name into "first" and "last". What people write when there is no name (``FNU``, ``N/A``,
``unknown``) becomes someone's legal name if it is stored as one, so it is pointed out; only whole
matches are, and the officer decides.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from values.text import normalized

CODES: Final = frozenset({"name_placeholder", "name_holds_placeholder"})
"""Everything that :func:`doubt` may say."""

# Whole names, case folded. Words that are also names of people (Na, Nil, Baby) are left out.
_PLACEHOLDERS = frozenset(
    line.strip()
    for line in """
        fnu
        lnu
        fnu lnu
        mnu
        nfn
        nln
        nmn
        nn
        n.n.
        n/n
        n/a
        n.a.
        n.a
        none
        null
        tba
        tbd
        no name
        noname
        no-name
        no given name
        no first name
        no last name
        no surname
        no family name
        no middle name
        name unknown
        unknown
        unknown name
        unnamed
        not known
        not named
        not given
        not stated
        not available
        not applicable
        as above
        ditto
        baby boy
        baby girl
        newborn
        infant
        inconnu
        inconnue
        nom inconnu
        prénom inconnu
        sans nom
        sans prénom
        snp
        s.n.p.
        néant
        aucun
        anonyme
        idem
        non renseigné
        non communiqué
        non précisé
        desconocido
        desconocida
        sin nombre
        sin apellido
        no consta
        no tiene
        se ignora
        ninguno
        desconhecido
        desconhecida
        sem nome
        não informado
        مجهول
        مجهولة
        مجهول الاسم
        غير معروف
        غير معروفة
        غير معلوم
        غير مسمى
        بدون اسم
        بلا اسم
        لا يوجد
        لايوجد
        لا يوجد اسم
        نامعلوم
        نا معلوم
        نامشخص
        ناشناس
        بدون نام
        بی نام
        بی‌نام
        ندارد
        неизвестно
        неизвестен
        неизвестна
        неизвестный
        неизвестная
        без имени
        нет
        б/н
        невідомо
        невідомий
        невідома
        без імені
        немає
        အမည်မရှိ
        အမည် မရှိ
        အမည်မသိ
        မသိ
        မရှိ
        ያልታወቀ
        ስም የለም
        অজানা
        অজ্ঞাত
        নাম নেই
        अज्ञात
        नाम नहीं
        ไม่ทราบ
        ไม่มีชื่อ
        មិនស្គាល់
        គ្មានឈ្មោះ
        ບໍ່ຮູ້
        ບໍ່ມີຊື່
        không rõ
        không tên
        vô danh
        不详
        不詳
        未知
        无名
        無名
        无名氏
        tidak diketahui
        tanpa nama
        bilinmiyor
        bilinmeyen
        isimsiz
        hajulikani
        hana jina
        """.splitlines()
    if line.strip()
)
_PARTS = frozenset({"fnu", "lnu", "mnu", "nfn", "nln", "nmn"})
_CROSSES = re.compile(r"[xх]{2,}")  # of either alphabet
_CONNECTORS = frozenset(
    (
        *("bin", "ibn", "ben", "bint", "binte", "binti", "bte", "s/o", "d/o", "a/l", "a/p"),
        *("ould", "wuld", "walad", "mint", "ag", "ult", "بن", "ابن", "بنت", "ولد", "منت"),
    )
)


def words(name: str) -> tuple[str, ...]:
    """The parts that spaces part. What a joiner or a hyphen ties together stays one."""
    return tuple(name.split())


def is_single(name: str) -> bool:
    """Whether it is one word: a whole name for millions of people, not half of one."""
    return len(words(name)) == 1


def chain(name: str) -> tuple[str, ...]:
    """A person, the father, the father's father ..., where the name itself says so.

    ``Ahmad bin Ali bin Hasan`` gives three names, ``عمر بن الخطاب`` two. Without a word such as
    ``bin``, ``bint``, ``ould``, ``ag``, ``s/o`` or ``بن`` between two names nothing is known of
    fathers, and the name comes back whole.
    """
    names: list[list[str]] = [[]]
    for word in words(name):
        if word.casefold() in _CONNECTORS and names[-1]:
            names.append([])
        else:
            names[-1].append(word)
    if not all(names):
        return (" ".join(words(name)),)
    return tuple(" ".join(parts) for parts in names)


def doubt(name: str) -> str | None:
    """A warning code when what was entered as a name says that there is none: see
    one of :data:`CODES`. ``None`` for an empty text and for everything that may be a name."""
    folded = " ".join(normalized("NFC", name).casefold().split())
    if not folded:
        return None
    if _is_placeholder(folded):
        return "name_placeholder"
    parts = folded.split()
    if any(part in _PARTS or not _has_letter(part) for part in parts):
        return "name_holds_placeholder"
    return None


def _is_placeholder(folded: str) -> bool:
    bare = folded.strip("()[]<>\"'*. ")
    letters = [char for char in folded if char.isalpha()]
    return (
        folded in _PLACEHOLDERS
        or bare in _PLACEHOLDERS
        or not _has_letter(folded)
        or _CROSSES.fullmatch(bare) is not None
        or (len(letters) >= 3 and len(set(letters)) == 1 and len(folded.split()) == 1)
    )


def _has_letter(text: str) -> bool:
    return any(unicodedata.category(char)[0] == "L" for char in text)
