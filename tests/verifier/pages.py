"""What is put before the page for verifiers, and what is read off it."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from documents import raster
from documents.pages import PageData, render
from tests.documents import builders
from tests.documents.builders import NOW
from tests.verifier.chromium import Tab

FRAME = (1280, 720)


@cache
def paper() -> PageData:
    """A provisional document with a portrait in its code."""
    return builders.page(photo=builders.portrait())


def drawn(*pages: PageData, dpi: int = 150) -> Image.Image:
    """The first page of a PDF, as a printer would put it on paper."""
    return raster.page(render(pages, created=NOW), 0, dpi=dpi, grey=True)


def framed(page: PageData, *, dpi: int = 220) -> Image.Image:
    """The part of a page that a camera sees which looks at its code."""
    whole = drawn(page, dpi=dpi)
    (code,) = _positions(whole)
    left = min(max(0, code[0] - FRAME[0] // 2), max(0, whole.width - FRAME[0]))
    top = min(max(0, code[1] - FRAME[1] // 2), max(0, whole.height - FRAME[1]))
    return whole.crop((left, top, left + FRAME[0], top + FRAME[1]))


def _positions(picture: Image.Image) -> list[tuple[int, int]]:
    import zxingcpp

    found = zxingcpp.read_barcodes(picture)
    return [
        (
            (code.position.top_left.x + code.position.bottom_right.x) // 2,
            (code.position.top_left.y + code.position.bottom_right.y) // 2,
        )
        for code in found
    ]


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def film(page: PageData) -> bytes:
    """A film of one still frame in YUV4MPEG2, which Chromium takes for a camera."""
    grey = framed(page).tobytes()
    width, height = FRAME
    flat = bytes([128]) * (width * height // 2)
    return f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420\nFRAME\n".encode() + grey + flat


class Shown:
    """The page in a tab."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    def open(self, file: Path, *, at: float) -> None:
        """Open it, with its clock at a time in seconds."""
        self.tab.call(
            "Page.addScriptToEvaluateOnNewDocument",
            {"source": f"globalThis.testedNow = {at * 1000};"},
        )
        either = "!by('desk').hidden || !by('damaged').hidden"
        self.tab.open(file, ready=either.replace("by(", "document.getElementById("))

    def begin_again(self) -> None:
        """Back to how it was when it was opened."""
        self.tab.forget_events()
        self.tab.resize(1280, 900)
        self.tab.call("Emulation.setEmulatedMedia", {"media": ""})
        self.tab.evaluate(
            "document.getElementById('again').click(); document.activeElement.blur(); 0"
        )
        self.tab.at(NOW.timestamp())
        self.speak("en")

    def check_text(self, text: str) -> None:
        """Put a text into the field and press Check. The verdict is there when this returns."""
        self.tab.evaluate(
            f"document.getElementById('text').value = {json.dumps(text)};"
            "document.getElementById('typed').requestSubmit(); 0"
        )

    def check_file(self, file: Path) -> None:
        """Choose a file and wait for the verdict."""
        self.tab.choose("#file", file)
        self.wait()

    def wait(self) -> None:
        """Until there is a verdict."""
        self.tab.wait_for("document.querySelector('.verdict')")

    def speak(self, language: str) -> None:
        """Choose a language."""
        self.tab.evaluate(
            f"document.getElementById('language').value = {json.dumps(language)};"
            "document.getElementById('language').dispatchEvent(new Event('change')); 0"
        )

    @property
    def results(self) -> list[dict[str, Any]]:
        """What is shown of each code."""
        found: list[dict[str, Any]] = self.tab.evaluate(
            """[...document.querySelectorAll('.verdict')].map((card) => ({
                verdict: card.dataset.verdict,
                reason: card.dataset.reason,
                revocation: card.dataset.revocation,
                tone: card.classList[2],
                word: card.querySelector('h2').textContent,
                sentence: card.querySelector('h2').nextElementSibling.textContent,
                icon: card.querySelector('use').getAttribute('href'),
                photo: card.querySelector('img')?.naturalWidth ?? 0,
                known: card.querySelector('.known')?.textContent ?? '',
                facts: [...card.querySelectorAll('dt')].map((label) =>
                    [label.textContent, label.nextElementSibling.textContent]),
            }))"""
        )
        return found

    @property
    def result(self) -> dict[str, Any]:
        """What is shown of the only code."""
        (found,) = self.results
        return found

    def text(self, selector: str) -> str:
        """What stands in an element that is in sight; empty when it is not."""
        found: str = self.tab.evaluate(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
            " return one && one.checkVisibility() ? one.textContent : ''; })()"
        )
        return found
