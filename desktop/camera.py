"""The computer's camera as a source of frames, and the search for a code in them.

Frames live in memory for as long as they are looked at and are written nowhere. Whoever reads them
here does so on a worker; the window is sent a small picture of each and, at last, a code's text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.drawn import as_image
from desktop.tasks import Lane, Task, Tasks
from desktop.words import N_

if TYPE_CHECKING:
    from PIL.Image import Image

SHOWN: Final = 640
"""Pixels on the longer side of what is shown: enough to aim by."""
PATIENCE: Final = 60
"""Frames in a row that may fail before the camera is taken for gone: two seconds."""


class CameraError(Exception):
    """There is no picture to be had; the sentence says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class Frames(Protocol):
    """A source of frames. Every method is called on a worker."""

    def read(self) -> Image | None:
        """The next frame, or None when there is none just now. Waits for it."""

    def close(self) -> None:
        """Give the camera back."""


def open_camera(index: int = 0) -> Frames:
    """The camera of this computer. On a worker: it takes a second. Raises `CameraError`."""
    try:
        import cv2  # the extra `camera`; with the first use, for it is large
    except ImportError:
        raise CameraError(
            "no_extra",
            N_(
                "The part that reads the camera is not installed. Ask the administrator to install "
                "waystation[camera]; or choose a picture, or use a reader."
            ),
        ) from None
    device = cv2.VideoCapture(index)
    if not device.isOpened():
        device.release()
        raise CameraError(
            "no_camera",
            N_(
                "No camera answers. Plug it in, close other programs that use it, and allow this "
                "program to use it in the settings of the computer."
            ),
        )
    return _Device(device, cv2)


class _Device:
    """A camera through OpenCV."""

    def __init__(self, device: object, cv2: object) -> None:
        self._device: object = device
        self._cv2 = cv2

    def read(self) -> Image | None:
        from PIL import Image  # with the first frame

        there, frame = self._device.read()  # type: ignore[attr-defined]  # OpenCV's own class
        if not there:
            return None
        rgb = self._cv2.cvtColor(frame, self._cv2.COLOR_BGR2RGB)  # type: ignore[attr-defined]  # as above
        return Image.fromarray(rgb)

    def close(self) -> None:
        self._device.release()  # type: ignore[attr-defined]  # as above


class Watch(QObject):
    """Looks through a camera until a code is read, it is stopped, or the camera is gone."""

    seen = Signal(QImage)
    found = Signal(str)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task | None = None
        self._drawn = True

    @property
    def running(self) -> bool:
        """Whether the camera is on."""
        return self._task is not None and self._task.running

    def start(self, source: Callable[[], Frames]) -> None:
        """Begin to look. Nothing happens when it looks already."""
        if self.running:
            return
        self._drawn = True
        self._task = self._tasks.run(
            lambda task: self._look(task, source),
            done=self._done,
            failed=self._failed,
            parent=self,
            lane=Lane.POOL,
        )

    def stop(self) -> None:
        """End looking; the camera is given back when its next frame has come."""
        if self._task is not None:
            self._task.cancel()

    def drawn(self) -> None:
        """The last frame is on the screen: the next may be sent. A slow screen is not flooded."""
        self._drawn = True

    def _look(self, task: Task, source: Callable[[], Frames]) -> str:
        from documents.codes import read_picture  # the reader of codes, with the first frame

        frames = source()
        missing = 0
        try:
            while not task.cancelled():
                frame = frames.read()
                if frame is None:
                    missing += 1
                    if missing > PATIENCE:
                        raise CameraError(
                            "camera_gone",
                            N_("The camera sends no picture any more. Plug it in again."),
                        )
                    continue
                missing = 0
                if self._drawn:
                    self._drawn = False
                    self.seen.emit(_small(frame))
                found = read_picture(frame)
                if found:
                    return found[0]
        finally:
            frames.close()
        return ""

    def _done(self, text: str) -> None:
        self._task = None
        self.ended.emit()
        if text:
            self.found.emit(text)

    def _failed(self, error: Exception) -> None:
        self._task = None
        self.ended.emit()
        self.failed.emit(error)


def _small(frame: Image) -> QImage:
    picture = frame.convert("RGB")
    picture.thumbnail((SHOWN, SHOWN))
    return as_image(picture)
