"""Verification of files: PDFs, pictures, texts; every code in them; and files that are none."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from documents import codes, raster
from documents.errors import RasterError
from documents.pages import render
from documents.trust import Revocation, Trust, load_trust
from documents.verdict import SENTENCES, Verdict, worst
from documents.verify import verify_bytes, verify_file, verify_text
from tests.documents import builders
from tests.documents.builders import NOW, identity, page

GENUINE = page(photo=builders.portrait())
OTHER = page(identity(name_latin="Naw Paw"), number="WST-A01-K7Q-D00043-05")


def picture_of(*pages: object, dpi: int = 200) -> Image.Image:
    pdf = render(pages, created=NOW)  # type: ignore[arg-type]  # pages
    return raster.page(pdf, 0, dpi=dpi, grey=True)


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def test_a_printed_file(tmp_path: Path, trust: Trust) -> None:
    file = tmp_path / "documents.pdf"
    file.write_bytes(render([GENUINE, OTHER], created=NOW))
    told = verify_file(file, trust, at=NOW)
    assert told.verdict is Verdict.VALID
    assert [result.page for result in told.results] == [1, 2]
    assert told.revocation is Revocation.CHECKED
    assert told.claims["169"]["4"] == "Saw Htoo Wah"


def test_the_worst_of_several_is_told(trust: Trust) -> None:
    stranger = replace(
        GENUINE,
        credential=builders.text_of(
            builders.envelope(b"\xa1\x04\x1a\x7f\xff\xff\xff", signer=builders.STRANGER)
        ),
    )
    told = verify_bytes(render([GENUINE, stranger], created=NOW), trust, at=NOW)
    assert [result.verdict for result in told.results] == [Verdict.VALID, Verdict.UNKNOWN_KEY]
    assert told.verdict is Verdict.UNKNOWN_KEY
    assert told.revocation is Revocation.UNKNOWN


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"])
def test_pictures(form: str, trust: Trust) -> None:
    told = verify_bytes(saved(picture_of(GENUINE), form), trust, at=NOW)
    assert told.verdict is Verdict.VALID


def test_several_pages_of_a_scan(trust: Trust) -> None:
    first, second = picture_of(GENUINE), picture_of(OTHER)
    data = saved(first, "TIFF", save_all=True, append_images=[second])
    told = verify_bytes(data, trust, at=NOW)
    assert len(told.results) == 2
    assert told.verdict is Verdict.VALID


def test_two_codes_in_one_picture(trust: Trust) -> None:
    first, second = picture_of(GENUINE), picture_of(OTHER)
    both = Image.new("L", (first.width * 2, first.height), 255)
    both.paste(first, (0, 0))
    both.paste(second, (first.width, 0))
    told = verify_bytes(saved(both, "PNG"), trust, at=NOW)
    assert [result.claims["169"]["4"] for result in told.results] == ["Saw Htoo Wah", "Naw Paw"]


@pytest.mark.parametrize(
    ("dpi", "blur", "turn", "contrast"),
    [(150, 0.6, 2.0, 0.8), (200, 0.9, -3.0, 0.7), (300, 1.2, 4.0, 0.6), (200, 0.5, 90.0, 0.9)],
)
def test_scans(dpi: int, blur: float, turn: float, contrast: float, trust: Trust) -> None:
    picture = picture_of(GENUINE, dpi=dpi)
    picture = picture.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    picture = ImageEnhance.Contrast(picture.filter(ImageFilter.GaussianBlur(blur))).enhance(
        contrast
    )
    assert verify_bytes(saved(picture, "JPEG", quality=60), trust, at=NOW).verdict is Verdict.VALID


def test_a_transparent_picture_stands_on_paper(trust: Trust) -> None:
    grey = picture_of(GENUINE)
    layered = Image.new("RGBA", grey.size, (0, 0, 0, 255))
    layered.putalpha(Image.eval(grey, lambda value: 255 - value))
    assert verify_bytes(saved(layered, "PNG"), trust, at=NOW).verdict is Verdict.VALID


def test_a_text_file_has_one_code_a_line(trust: Trust) -> None:
    data = f"{GENUINE.credential}\r\n\r\n{OTHER.credential}\n".encode()
    told = verify_bytes(data, trust, at=NOW)
    assert [result.verdict for result in told.results] == [Verdict.VALID, Verdict.VALID]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_a_file"),
        (b"\0\1\2", "not_a_file"),
        (b"%PDF-1.7 nothing more", "damaged_file"),
        (saved(Image.new("L", (300, 300), 255), "PNG"), "no_code"),
        (saved(Image.new("L", (300, 300), 255), "PNG")[:60], "damaged_file"),
        (builders.png_of(60_000, 60_000), "too_many_pixels"),
        (b"hello", "not_base45"),
    ],
    ids=["empty", "bytes", "pdf", "blank", "cut", "bomb", "text"],
)
def test_files_that_cannot_be_read(data: bytes, reason: str, trust: Trust) -> None:
    told = verify_bytes(data, trust, at=NOW)
    assert told.verdict is Verdict.UNREADABLE
    assert told.results[0].reason == reason
    assert reason in SENTENCES


def test_a_file_too_large_is_not_read(
    tmp_path: Path, trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "MAX_FILE_BYTES", 10)
    file = tmp_path / "large"
    file.write_bytes(bytes(11))
    assert verify_file(file, trust, at=NOW).results[0].reason == "too_large_file"


def test_a_page_of_a_square_kilometre_is_drawn_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "MAX_PAGE_PIXELS", 1_000_000)
    page_ = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]>>"
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj"
        + page_
        + b"endobj\ntrailer<</Root 1 0 R>>"
    )
    drawn = raster.page(pdf, 0, dpi=600)
    assert drawn.width * drawn.height <= 1_010_000


def test_a_page_that_is_not_there() -> None:
    pdf = render([GENUINE], created=NOW)
    assert raster.page_count(pdf) == 1
    with pytest.raises(RasterError) as refused:
        raster.page(pdf, 1)
    assert refused.value.code == "no_such_page"


class TestToldAsJson:
    def test_it_has_what_the_command_promises(self, trust: Trust) -> None:
        told = verify_text(GENUINE.credential, trust, at=NOW).to_json()
        assert set(told) == {
            "verdict",
            "claims",
            "results",
            "trust_age_days",
            "revocation",
            "root",
            "root_pinned",
        }
        again = json.loads(json.dumps(told))
        assert again["verdict"] == "valid"
        assert again["revocation"] == "checked"
        assert again["trust_age_days"] == 3
        claims = again["claims"]
        assert claims["7"] == "WST-A01-K7Q-D00042-31"
        assert claims["169"]["8"] == "19860309"
        assert claims["169"]["19"] == "စောထူးဝါး"
        assert isinstance(claims["169"]["16"], str), "base64url"

    def test_a_key_set_has_no_age_and_no_root(self) -> None:
        trust = load_trust(builders.key_set(builders.DOCUMENT_KEY))
        told = verify_text(GENUINE.credential, trust, at=NOW).to_json()
        assert told["trust_age_days"] is None
        assert told["root"] is None
        assert told["revocation"] == "unknown"


def test_severity_follows_the_order_of_the_verdicts() -> None:
    order = list(Verdict)
    for at, verdict in enumerate(order):
        assert worst([*order[: at + 1]]) is verdict


def test_every_reason_has_a_sentence() -> None:
    for sentence in SENTENCES.values():
        assert sentence.endswith(".")
