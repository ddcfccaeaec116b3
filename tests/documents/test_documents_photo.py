"""Photographs: what is taken in, what is refused, and what is left of them in a QR code."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from documents import photo
from documents.errors import PhotoError
from tests.documents import builders


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def grey_at(picture: Image.Image, x: int, y: int) -> int:
    return picture.convert("L").tobytes()[y * picture.width + x]


class TestTakenIn:
    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
    def test_three_formats_become_one(self, form: str) -> None:
        picture = Image.open(io.BytesIO(builders.portrait((900, 1200))))
        taken = photo.take_in(encoded(picture, form))
        with Image.open(io.BytesIO(taken.jpeg)) as stored:
            assert stored.format == "JPEG"
            assert stored.size == (taken.width, taken.height)
            assert stored.mode == "RGB"
        assert len(taken.jpeg) <= photo.STORED_BYTES
        assert len(taken.digest) == 32

    def test_a_large_photograph_becomes_a_small_one(self) -> None:
        noise = Image.effect_noise((3000, 4000), 90).convert("RGB")
        taken = photo.take_in(encoded(noise, "JPEG", quality=92))
        assert len(taken.jpeg) <= photo.STORED_BYTES
        assert max(taken.width, taken.height) <= 926

    def test_a_small_one_is_not_enlarged(self) -> None:
        taken = photo.take_in(builders.portrait((200, 260)))
        assert (taken.width, taken.height) == (200, 260)

    def test_metadata_is_gone(self) -> None:
        picture = Image.open(io.BytesIO(builders.portrait((400, 520))))
        exif = Image.Exif()
        exif[0x010E] = "Amina at the well"
        exif[0x8825] = {1: "N", 2: (1.0, 2.0, 3.0)}
        exif[0x0112] = 1
        data = encoded(picture, "JPEG", exif=exif, comment=b"secret", icc_profile=b"x" * 200)
        assert b"Amina" in data
        taken = photo.take_in(data).jpeg
        for trace in (b"Amina", b"secret", b"Exif", b"ICC_PROFILE", b"GPS"):
            assert trace not in taken
        with Image.open(io.BytesIO(taken)) as stored:
            assert not stored.getexif()

    def test_text_chunks_and_trailing_bytes_are_gone(self) -> None:
        from PIL.PngImagePlugin import PngInfo

        notes = PngInfo()
        notes.add_text("Author", "Amina")
        picture = Image.open(io.BytesIO(builders.portrait((300, 390))))
        taken = photo.take_in(encoded(picture, "PNG", pnginfo=notes) + b"hidden").jpeg
        assert b"Amina" not in taken
        assert b"hidden" not in taken

    def test_a_picture_on_its_side_is_put_upright(self) -> None:
        picture = Image.new("RGB", (300, 200), "white")
        picture.paste("black", (0, 0, 100, 200))
        exif = Image.Exif()
        exif[0x0112] = 6  # turn a quarter clockwise
        taken = photo.take_in(encoded(picture, "JPEG", exif=exif, quality=95))
        with Image.open(io.BytesIO(taken.jpeg)) as stored:
            assert stored.size == (200, 300)
            assert grey_at(stored, 100, 20) < 60
            assert grey_at(stored, 100, 280) > 200

    def test_transparency_becomes_paper(self) -> None:
        taken = photo.take_in(encoded(Image.new("RGBA", (200, 200), (0, 0, 0, 0)), "PNG"))
        with Image.open(io.BytesIO(taken.jpeg)) as stored:
            assert grey_at(stored, 100, 100) > 250

    def test_taking_in_again_gives_the_same_kind_of_picture(self) -> None:
        once = photo.take_in(builders.portrait())
        again = photo.take_in(once.jpeg)
        assert (again.width, again.height) == (once.width, once.height)


class TestRefused:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "not_a_picture"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
            (b"%PDF-1.4", "not_a_picture"),
            (b"GIF89a" + bytes(20), "not_a_picture"),
            (b"BM" + bytes(60), "not_a_picture"),
            (b"\xff\xd8\xff\xe0" + bytes(10), "not_a_picture"),
            (builders.png_of(8_000, 8_000), "too_many_pixels"),
            (builders.png_of(60_000, 60_000), "too_many_pixels"),
            (builders.png_of(2**31 - 1, 2**31 - 1), "too_many_pixels"),
            (builders.png_of(1_000, 1_000), "damaged"),
            (bytes(photo.MAX_FILE_BYTES + 1), "too_large"),
        ],
        ids=["empty", "svg", "pdf", "gif", "bmp", "stub", "64MP", "bomb", "huge", "cut", "file"],
    )
    def test_refused(self, data: bytes, code: str) -> None:
        with pytest.raises(PhotoError) as refused:
            photo.take_in(data)
        assert refused.value.code == code
        assert refused.value.sentence.endswith(".")

    def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked(self) -> None:
        # 7,100 x 7,100 white pixels pack into 55 kB; the limit is 50 megapixels.
        bomb = encoded(Image.new("1", (7_100, 7_100), 1), "PNG")
        with pytest.raises(PhotoError) as refused:
            photo.take_in(bomb)
        assert refused.value.code == "too_many_pixels"

    def test_a_stamp_is_too_small(self) -> None:
        with pytest.raises(PhotoError) as refused:
            photo.take_in(builders.portrait((90, 110)))
        assert refused.value.code == "too_small"

    def test_a_strip_would_be_stored_too_small(self) -> None:
        with pytest.raises(PhotoError) as refused:
            photo.take_in(encoded(Image.new("RGB", (5_000, 100)), "PNG"))
        assert refused.value.code == "too_small"

    @pytest.mark.parametrize("grey", [0, 60, 156, 255])
    def test_sixteen_bits_of_grey_keep_their_light(self, grey: int) -> None:
        deep = Image.new("I;16", (400, 500), grey * 257)
        stored = Image.open(io.BytesIO(photo.take_in(encoded(deep, "PNG")).jpeg))
        assert stored.getpixel((200, 250)) == pytest.approx((grey, grey, grey), abs=2)

    def test_every_cut_of_a_jpeg_is_a_picture_or_a_refusal(self) -> None:
        whole = builders.portrait((300, 390))
        for length in range(0, len(whole), max(1, len(whole) // 40)):
            try:
                photo.take_in(whole[:length])
            except PhotoError as refused:
                assert refused.code in {"not_a_picture", "damaged"}


class TestThumbnail:
    @pytest.mark.parametrize("budget", [300, 380, 450])
    def test_it_keeps_its_budget(self, budget: int) -> None:
        small = photo.thumbnail(builders.portrait(), budget=budget)
        assert small is not None
        assert len(small) <= budget
        assert photo.is_webp(small)
        with Image.open(io.BytesIO(small)) as picture:
            assert 40 <= picture.width <= 64
            assert abs(picture.width / picture.height - 35 / 45) < 0.03

    def test_a_harder_picture_gets_fewer_pixels_not_a_larger_code(self) -> None:
        noise = encoded(Image.effect_noise((700, 900), 120).convert("RGB"), "JPEG")
        small = photo.thumbnail(noise, budget=450)
        assert small is None or len(small) <= 450

    def test_more_room_gives_a_better_picture(self) -> None:
        sizes = [
            len(photo.thumbnail(builders.portrait(), budget=b) or b"") for b in (300, 375, 450)
        ]
        assert sizes == sorted(sizes)

    def test_nothing_fits_into_nothing(self) -> None:
        assert photo.thumbnail(builders.portrait(), budget=60) is None

    @pytest.mark.parametrize("skin", [(60, 40, 30), (120, 80, 60), (240, 210, 190)])
    def test_every_skin_keeps_its_contrast(self, skin: tuple[int, int, int]) -> None:
        small = photo.thumbnail(builders.portrait(skin=skin), budget=450)
        assert small is not None
        with Image.open(io.BytesIO(small)) as picture:
            used = [value for value, count in enumerate(picture.convert("L").histogram()) if count]
        assert used[-1] - used[0] > 150

    @pytest.mark.parametrize("size", [(900, 300), (300, 900), (350, 450)])
    def test_any_shape_is_cut_to_a_portrait(self, size: tuple[int, int]) -> None:
        cut = photo.crop_to_portrait(Image.new("L", size))
        assert abs(cut.width / cut.height - 35 / 45) < 0.02
