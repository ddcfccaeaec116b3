"""Looking for codes in what other people send: in bounded time, and nothing passed over."""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest
from PIL import Image

from documents import codes
from documents.pages import render
from documents.trust import Trust, load_trust
from documents.verdict import Verdict, json_claims
from documents.verify import verify_bytes
from tests.documents import builders
from tests.documents.builders import NOW, page

GENUINE = page()


def pdf(*sizes: tuple[float, float]) -> bytes:
    """A PDF of blank pages of these sizes, in points."""
    document = pdfium.PdfDocument.new()
    for width, height in sizes:
        document.new_page(width, height)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def joined(*parts: bytes) -> bytes:
    """Several PDFs as one."""
    document = pdfium.PdfDocument.new()
    for part in parts:
        document.import_pages(pdfium.PdfDocument(part))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


PAPER = render([GENUINE], created=NOW)
A4 = (595.0, 842.0)


def told(data: bytes, trust: Trust) -> list[tuple[str, int | None]]:
    """Reason and page of every result."""
    return [
        (one.reason, one.page)
        for one in verify_bytes(data, trust, at=NOW, look=codes.search).results
    ]


def test_nothing_is_searched_on_a_page_with_nothing_on_it(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(picture: Image.Image) -> list[str]:
        raise AssertionError("a blank page was searched")

    monkeypatch.setattr(codes, "read_picture", never)
    assert told(pdf(*[A4] * 20), trust) == [("no_code", None)]
    assert told(saved(Image.new("L", (900, 900), 230), "PNG"), trust) == [("no_code", None)]


def test_pages_beyond_the_limit_are_said_not_passed_over(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "MAX_PAGES", 2)
    found = verify_bytes(joined(PAPER, pdf(A4, A4), PAPER), trust, at=NOW, look=codes.search)
    assert [(one.reason, one.page) for one in found.results] == [
        ("valid", 1),
        ("not_looked_at", 3),
    ]
    assert found.verdict is Verdict.UNREADABLE


def test_time_without_a_code_runs_out(trust: Trust) -> None:
    """Ten seconds a page on this clock: those with a code cost nothing."""
    seconds = iter(range(0, 10_000, 10))
    data = joined(*[PAPER] * 15, pdf(*[A4] * 20))
    seen = codes.search(data, clock=lambda: float(next(seconds)))
    assert len(seen.found) == 15
    assert seen.unseen is not None
    assert seen.unseen.reason == "not_looked_at"
    assert seen.unseen.page == 15 + 13 + 1


def test_frames_beyond_the_limit_are_said(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "MAX_FRAMES", 2)
    blank = Image.new("L", (50, 50), 255)
    data = saved(blank, "TIFF", save_all=True, append_images=[blank, blank])
    assert told(data, trust) == [("not_looked_at", 3)]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_what_moves_is_refused_and_not_half_looked_at(form: str, trust: Trust) -> None:
    first, second = Image.new("RGB", (60, 60), "grey"), Image.new("RGB", (60, 60), "white")
    data = saved(first, form, save_all=True, append_images=[second], duration=100)
    assert told(data, trust) == [("moving_picture", None)]


def test_a_second_picture_of_a_telephone_is_not_looked_at(trust: Trust) -> None:
    first, second = Image.new("RGB", (60, 60), "grey"), Image.new("RGB", (60, 60), "white")
    data = saved(first, "MPO", save_all=True, append_images=[second])
    assert told(data, trust) == [("no_code", None)]


def test_how_far_it_is_is_told() -> None:
    steps: list[tuple[int, int]] = []
    codes.search(pdf(A4, A4), progress=lambda done, total: steps.append((done, total)))
    assert steps == [(0, 2), (1, 2), (2, 2)]


def _later_frame_is_huge() -> bytes:
    frames = [Image.effect_noise((64, 64), 50).convert("P") for _ in range(3)]
    data = bytearray(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    second = data.index(b"\x2c\0\0\0\0\x40\0\x40\0", data.index(b"\x2c\0\0\0\0\x40\0\x40\0") + 1)
    data[second + 5 : second + 9] = b"\xff\xff\xff\xff"
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_later_frame_is_huge, "moving_picture"),
        (lambda: saved(Image.new("L", (70_000, 90), 255), "PNG"), "too_long_picture"),
        (lambda: saved(Image.new("L", (90, 70_000), 255), "PNG"), "too_long_picture"),
        (lambda: pdf((14_400, 0.5), (0.5, 14_400), (14_400, 14_400)), "no_code"),
    ],
    ids=["frame", "wide", "tall", "thin"],
)
def test_strange_shapes_end_with_a_verdict(
    make: Callable[[], bytes], reason: str, trust: Trust
) -> None:
    found = told(make(), trust)
    assert [one for one, _ in found] == [reason]


def test_a_damaged_page_does_not_hide_those_before_it(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = codes._draw

    def fails(document: object, index: int, dpi: int = 200) -> Image.Image:
        if index == 1:
            raise codes.CodesError("damaged_file")
        return draw(document, index, dpi)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(codes, "_draw", fails)
    assert told(joined(PAPER, PAPER), trust) == [("valid", 1), ("damaged_file", 2)]


# What is printed as JSON


def test_numbers_that_json_has_not_are_text() -> None:
    claims = {"4": math.nan, "169": {"75": [math.inf, {"x": -math.inf}], "76": 1.5}}
    plain = json_claims(claims)
    assert plain == {"4": "nan", "169": {"75": ["inf", {"x": "-inf"}], "76": 1.5}}
    json.dumps(plain, allow_nan=False)


def test_claims_that_are_no_numbers_are_told(trust: Trust) -> None:
    text = builders.text_of(builders.envelope(b"\xa1\x04\xfb\x7f\xf8\0\0\0\0\0\0"))
    found = verify_bytes(text.encode("ascii"), trust, at=NOW)
    assert found.results[0].reason == "bad_times"
    json.dumps(found.to_json(), allow_nan=False)


# Key sets


def test_a_name_that_is_no_text_harms_nobody(trust: Trust) -> None:
    keys = json.loads(builders.key_set(builders.DOCUMENT_KEY))
    keys["keys"][0]["kid"] = "\ud800"
    known = load_trust(json.dumps(keys).encode("ascii"))
    found = verify_bytes(GENUINE.credential.encode("ascii"), known, at=NOW)
    assert found.verdict is Verdict.UNKNOWN_KEY


@pytest.mark.parametrize(
    "raw",
    [
        bytes(32),
        bytes(31) + b"\x80",
        b"\1" + bytes(31),
        b"\1" + bytes(30) + b"\x80",
        b"\xec" + b"\xff" * 30 + b"\x7f",
        b"\xed" + b"\xff" * 31,
        b"\xee" + b"\xff" * 30 + b"\x7f",
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
    ],
)
def test_a_key_under_which_anybody_signs_signs_nothing(raw: bytes) -> None:
    keys = json.loads(builders.key_set(builders.DOCUMENT_KEY))
    keys["keys"][0]["x"] = base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
    known = load_trust(json.dumps(keys).encode("ascii"))
    for signature in (b"\1" + bytes(63), bytes(64), raw + bytes(32)):
        for key in known.keys:
            assert not key.signed(signature, b"anything")


@pytest.mark.parametrize("kin", ["MicroQRCode", "RMQRCode"])
def test_the_small_kin_of_a_code_are_not_read_as_codes(kin: str) -> None:
    """The corner of a genuine code can look like one: its paper seemed to bear two codes."""
    import zxingcpp

    sheet = Image.new("L", (900, 500), 255)
    for left, form in ((60, "QRCode"), (620, kin)):
        made = zxingcpp.create_barcode("393131", getattr(zxingcpp.BarcodeFormat, form))
        sheet.paste(Image.fromarray(made.to_image(scale=8)), (left, 120))
    assert codes.read_picture(sheet) == ["393131"]
