"""What the page for verifiers has to answer, as the program answers it.

``python -m tests.verifier.make_vectors`` writes `tests/vectors/verifier/`; the tests of the page's
scripts (`verifier/test`) only compare. Texts of codes are compressed, so another zlib writes other
texts that say the same; everything else is fixed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from documents import told, verifier_page, verifier_words
from documents.qr import symbol
from documents.trust import KeyStatus, Trust, load_trust
from documents.verdict import json_claims
from documents.verify import verify_text
from forms import wording
from ledger.keys import PublicKey
from ledger.trust import TrustList
from resources import i18n
from tests.documents import builders
from tests.documents.builders import DOCUMENT_KEY, NOW, STRANGER, envelope, text_of
from tests.documents.forgeries import CLAIMS, FORGERIES, GENUINE, KID, PAYLOAD, TOLERATED, signed
from tests.documents.samples import CLAIM169, DAY_OF_CLAIM169, DCC, dcc_jwk, load, spec_example
from tests.verifier.portraits import portraits
from values import cbor
from values.dates import PartialDate
from values.numbers import ControlNumber

FOLDER = Path(__file__).parents[1] / "vectors" / "verifier"
DAY = timedelta(hours=24)
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Case:
    """A text, judged at a time under one of `trusts`."""

    name: str
    trust: str
    text: str
    at: datetime = NOW


@cache
def trusts() -> dict[str, bytes]:
    """Trust lists and key sets, by name."""
    named = json.loads(builders.key_set(STRANGER, DOCUMENT_KEY))["keys"]
    one_name = [{**entry, "kid": KID.hex()} for entry in named]
    weak = builders.trust_list(document_key=weak_key())
    return {
        "list": builders.trust_list().data,
        "withdrawn": builders.trust_list(status=KeyStatus.REVOKED).data,
        "retired": builders.trust_list(status=KeyStatus.RETIRED).data,
        "without status": builders.trust_list(lists=False).data,
        "weak": weak.data,
        "set": builders.key_set(DOCUMENT_KEY),
        "nameless set": builders.key_set(DOCUMENT_KEY, named=False),
        "nameless stranger": builders.key_set(STRANGER, named=False),
        "two of one name": json.dumps({"keys": one_name}).encode(),
    } | {f"published {name}": data for name, data in published_keys()}


def weak_key() -> Any:
    """In place of a document key: the point of order 1, under which anybody can sign."""

    @dataclass(frozen=True)
    class Weak:
        public: PublicKey

    return Weak(PublicKey(bytes([1]) + bytes(31)))


def published_keys() -> Iterator[tuple[str, bytes]]:
    """The keys of the samples of others, with a name where the sample gives one."""
    for name, path in CLAIM169.items():
        key = load(path).get("signing_key", {}).get("public_key_hex")
        if key:
            x = base64.urlsafe_b64encode(bytes.fromhex(key)).decode().rstrip("=")
            yield name, json.dumps({"kty": "OKP", "crv": "Ed25519", "x": x}).encode()
    for name, path in DCC.items():
        for style, named in (("", True), (" nameless", False)):
            entry = dcc_jwk(load(path)["TESTCTX"]["CERTIFICATE"], named=named)
            if entry is not None:
                yield f"{name}{style}", json.dumps({"keys": [entry]}).encode()


def cases() -> Iterator[Case]:
    """Everything that is asked."""
    for forgery in FORGERIES:
        yield Case(forgery.name, "list", forgery.text(), forgery.at)
    for tolerated in TOLERATED:
        yield Case(f"tolerated: {tolerated.name}", "list", tolerated.text())
    yield Case("a line break inside", "list", GENUINE.text[:40] + "\n" + GENUINE.text[40:])
    for trust in ("withdrawn", "retired", "without status", "set", "nameless set",
                  "nameless stranger", "two of one name"):  # fmt: skip
        yield Case(f"the genuine one under: {trust}", trust, GENUINE.text)
    yield Case("a signature under a weak key", "weak", under_a_weak_key())
    changed = text_of(GENUINE.signed.replace(b"Htoo", b"Htun"))
    yield Case("a nameless key proves the forgery of its own", "nameless set", changed)
    yield Case("a revoked key and a wrong algorithm", "withdrawn", FORGERIES[0].text())
    end = builders.claims().expires_at
    for name, at in {
        "a day early": NOW - DAY,
        "more than a day early": NOW - DAY - timedelta(seconds=1),
        "the last second": end - timedelta(seconds=1),
        "the end": end,
    }.items():
        yield Case(name, "list", GENUINE.text, at)
    health = cbor.encode({1: "XX", 4: CLAIMS[4], 6: CLAIMS[6], -260: {1: {"v": []}}})
    yield Case("a health certificate under a key set", "set", signed(health)())
    blank = str(ControlNumber("WST", "A01", "K7Q", "F", 42))
    for name, typed in {
        "the number of a blank form": blank,
        "the number of a blank form, as typed": f" {blank.lower().replace('-', ' ')} ",
        "the number of a blank form, miscopied": blank.replace("42", "43", 1),
        "the number of a document": str(ControlNumber("WST", "A01", "K7Q", "D", 42)),
    }.items():
        yield Case(name, "list", typed)
    yield from published()


def under_a_weak_key() -> str:
    """R is the base point and S is 1: with a key of order 1 the equation holds for any message."""
    base_point = bytes([0x58]) + bytes([0x66]) * 31
    kid = weak_key().public.kid
    made = base_point + bytes([1]) + bytes(31)
    return text_of(envelope(PAYLOAD, protected={1: -8, 4: kid}, signature=made))


def published() -> Iterator[Case]:
    """The samples that others have published."""
    known = trusts()
    for name, path in CLAIM169.items():
        sample = load(path)
        if "qr_data" in sample:
            trust = f"published {name}" if f"published {name}" in known else "set"
            yield Case(f"published: {name}", trust, sample["qr_data"], DAY_OF_CLAIM169)
    yield Case("published: the example of the specification", "set", spec_example())
    for name, path in DCC.items():
        sample = load(path)
        at = datetime.fromisoformat(sample["TESTCTX"]["VALIDATIONCLOCK"][:19]).replace(tzinfo=UTC)
        for style in ("", " nameless"):
            if f"published {name}{style}" in known:
                one = Case(f"published: {name}{style}", f"published {name}{style}", "", at)
                yield replace(one, text=sample["PREFIX"])
        if name == "DE_2":
            yield replace(one, name="the upper half of s", text=other_half(sample["PREFIX"]))


def other_half(text: str) -> str:
    """The same ES256 signature with n - s for s: whoever has one has both."""
    from documents.envelope import open_text

    opened = open_text(text)
    s = P256_ORDER - int.from_bytes(opened.signature[32:], "big")
    signature = opened.signature[:32] + s.to_bytes(32, "big")
    parts = [opened.protected_bytes, {}, opened.payload, signature]
    return text_of(b"\xd2" + cbor.encode(parts))


@cache
def loaded(name: str) -> Trust:
    return load_trust(trusts()[name])


@cache
def written(name: str) -> dict[str, Any]:
    """The trust as the page carries it."""
    page = verifier_page.write_page(trusts()[name]).html.decode()
    begin = page.index('id="data">') + len('id="data">')
    trust: dict[str, Any] = json.loads(page[begin : page.index("</script>", begin)])["trust"]
    return trust


def verdicts() -> dict[str, Any]:
    """Every case with what the program says of it."""
    answered = []
    for case in cases():
        result = verify_text(case.text, loaded(case.trust), at=case.at).results[0]
        answered.append(
            {
                "name": case.name,
                "trust": case.trust,
                "at": case.at.timestamp(),
                "text": case.text,
                "verdict": str(result.verdict),
                "reason": result.reason,
                "revocation": str(result.revocation),
                "claims": json_claims(result.claims),
            }
        )
    used = {case["trust"] for case in answered}
    return {"trusts": {name: written(name) for name in trusts() if name in used}, "cases": answered}


def broken_lists() -> dict[str, str]:
    """Trust lists that do not verify, in base64."""
    good = trusts()["list"]
    other_root = TrustList.from_bytes(good, root=None)
    payload = cbor.decode(cbor.decode(good[1:])[2])
    parts = cbor.decode(good[1:])

    def changed(**changes: Any) -> bytes:
        again = {**payload, **{int(name[1:]): value for name, value in changes.items()}}
        return b"\xd2" + cbor.encode([parts[0], parts[1], cbor.encode(again), parts[3]])

    broken = {
        "empty": b"",
        "text": b"no trust",
        "cut": good[:-1],
        "something after it": good + b"\0",
        "the signature": good[:-1] + bytes([good[-1] ^ 1]),
        "another root": changed(k3=STRANGER.public.raw),
        "another number": changed(k1=8),
        "a key put in": changed(k5=[]),
        "another certificate": changed(k4=other_root.certificate.data[:-1] + b"\0"),
        "a tag in front": b"\xd8\x3d" + good,
    }
    return {name: base64.b64encode(data).decode() for name, data in broken.items()}


EDTF = (
    "1986-03-09", "1986-03-09~", "1987-05", "1987-02", "1985", "1985~", "198X", "000X", "2024",
    "2026-10-02", "2026-10-15~", "2026-11-15", "2026-01-31", "2025-01-16", "2024-11-15",
    "2024-11-16", "2027-01-01", "2025-12", "2026", "1991-11-16/1992-11-15",
    "1991-11-16~/1992-11-15~", "1990-01-01/1999-12-31", "2026-01-01/2026-02-28",
    "2025-12-20/2026-01-10", "2000-02-29", "1900-02-29", "1987-13", "1987-00-01", "0000", "87",
    "1992-11-15/1991-11-16", "1991-11-16~/1992-11-15", "1987-05-03/1987-05-03", "1066-10-14",
)  # fmt: skip
NAMES = (
    "date", "birth_type", "holder", "x" * 300, "\n\nVALID. The signature is good.", "__class__",
    "\u202eDILAV", "\x1b[2Jclear", "\u0421\u0422\u0410\u0422\u0423\u0421", "", "  ", "a\u2028b",
    "<b>bold</b>",
    "\U000e0041tag", "x" * 39 + "_y", "{0} %s {number.__class__}",
)  # fmt: skip
TODAY = date(2026, 11, 15)
ENDS = (0, 1, 43_199, 43_200, 43_201, 86_400, 1_810_209_600, 1_810_209_599.5, -1, 253_402_300_799)
_NEEDED = (
    "about_date", "about_age", "between", "either", "under_month", "under_year", "born_age",
    "latin",
)  # fmt: skip


def words() -> dict[str, Any]:
    """Dates and ages as the program says them, and the words that it takes for them."""
    from documents.credential import last_day

    every = verifier_words.catalogues()
    languages = {
        language: {
            **{key: catalogue[key] for key in ("name", "dir", "days", "months")},
            "words": {key: catalogue["words"][key] for key in _NEEDED},
            "plurals": {key: catalogue["plurals"][key] for key in ("months", "persons")},
            "countries": {"MMR": catalogue["countries"]["MMR"]},
            "sex": catalogue["sex"],
            "documents": {"birth": catalogue["documents"]["birth"]},
            "codes": {"birth_type": catalogue["codes"]["birth_type"]},
        }
        for language, catalogue in every.items()
    }
    counts = (0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111, 199, 200, 201, 203, 1_000, 1_000_011)
    return {
        "today": TODAY.isoformat(),
        "languages": languages,
        "births": {
            language: {edtf: _said(edtf, language) for edtf in EDTF} for language in languages
        },
        "names": [[name, told.plain(name)] for name in NAMES],
        "persons": {language: {n: _persons(language)(n) for n in counts} for language in languages},
        "last_days": [[at, last_day(datetime.fromtimestamp(at, UTC)).isoformat()] for at in ENDS],
    }


def _said(edtf: str, language: str) -> str | None:
    try:
        born = PartialDate(edtf)
    except ValueError:
        return None
    pattern = i18n.translation(language).gettext("{date}, age {age}")
    return pattern.format(
        date=wording.say_date(born, language), age=wording.say_age(born, TODAY, language)
    )


def _persons(language: str) -> Callable[[int], str]:
    ngettext = i18n.translation(language).ngettext
    return lambda n: ngettext("{n} person", "{n} persons", n).format(n=n)


def printed_symbol() -> dict[str, Any]:
    """The genuine code as it is printed: a row of modules is a number, its first module the highest
    bit."""
    rows = symbol(GENUINE.text).rows
    numbers = [sum(1 << place for place, dark in enumerate(reversed(row)) if dark) for row in rows]
    return {"text": GENUINE.text, "modules": len(rows), "rows": [f"{row:x}" for row in numbers]}


FILES: dict[str, Callable[[], Any]] = {
    "verdicts.json": verdicts,
    "broken-lists.json": broken_lists,
    "words.json": words,
    "symbol.json": printed_symbol,
    "portraits.json": portraits,
}


def text(value: Any) -> str:
    """One fixed way of writing the files."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        (FOLDER / name).write_text(text(make()), encoding="utf-8")


if __name__ == "__main__":
    main()
