"""Photos of the interview: chosen or dropped, taken in by the office, looked up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.desk import Desk
from desktop.interview import photos
from desktop.interview.photo_field import SUFFIXES, PhotoField
from desktop.widgets.field import Field
from desktop.words import tr


class PhotoTaking(QObject):
    """Between the photo field and the office. ``subject`` says who is in front."""

    def __init__(self, desk: Desk, subject: Callable[[], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._subject = subject
        self._window = parent

    def choose(self, field: PhotoField) -> None:
        """Ask for a file."""
        patterns = [f"*{suffix}" for suffix in SUFFIXES]
        path = self._desk.dialogs.open_file(
            self._window, tr("Choose a photo"), [(tr("Pictures"), patterns)]
        )
        if path is not None:
            self.take(field, path)

    def take(self, field: PhotoField, path: Path) -> None:
        """Have the office take a file in."""
        subject = self._subject()
        field.say(tr("Taking the photo in…"))
        self._desk.read(
            lambda work: photos.take(work, path),
            done=lambda taken: self._taken(field, subject, *taken),
            failed=lambda error: field.say(words.failure(error)),
            parent=self,
        )

    def show_stored(self, fields: Mapping[str, Field]) -> None:
        """A photo taken in earlier is looked up in the store; the draft keeps only its hash."""
        for field in fields.values():
            if isinstance(field, PhotoField):
                field.show_picture(None)
                digest = field.value()
                if isinstance(digest, str) and digest:
                    self._look_up(field, digest)

    def _look_up(self, field: PhotoField, digest: str) -> None:
        def show(image: QImage) -> None:
            if field.value() == digest:
                field.show_picture(image)

        self._desk.read(
            lambda work: photos.look(work, digest), done=show, parent=self, latest="photo"
        )

    def _taken(self, field: PhotoField, subject: str, digest: str, image: QImage) -> None:
        if self._subject() == subject:
            field.say(tr("Stored at its smallest useful size, without place or time."))
            field.take(digest, image)
