"""Saving the page for verifiers, at the registry and at a station."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import files
from desktop.desk import Changes, Work
from desktop.words import isolate, ntr, tr

if TYPE_CHECKING:
    from desktop.page import Page
    from documents.verifier_page import VerifierPage


def save_page(page: Page, export: Callable[[Work, Path], VerifierPage]) -> None:
    """Ask where, let the office write it, and say so on ``page``."""
    out = page.desk.dialogs.save_file(
        page, tr("Save the page for verifiers"), files.VERIFIER, files.pages()
    )
    if out is None:
        return
    page.desk.act(
        lambda work: export(work, out),
        done=lambda written: page.say(
            "success",
            ntr(
                "The page in {name} trusts {n} key. Give it to everyone who checks papers.",
                "The page in {name} trusts {n} keys. Give it to everyone who checks papers.",
                written.keys,
                name=isolate(out.name),
            ),
        ),
        failed=page.say_failure,
        changes=Changes(),
        parent=page,
    )
