"""When forms are renewed: views hold fields under today's names, so they are folded anew once.

Entries are never rewritten. A program that brings a new version of a form, with other names or
other conflict sets, folds the same entries to other views; until that is done, pages would look
for answers under names that the stored views do not have.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from values import cbor
from workspace import care

if TYPE_CHECKING:
    from db.store import Reader
    from forms.library import Catalogue
    from workspace.session import Session

FOLDED = "forms_folded"
"""The setting that holds the stamp of the forms by which the views were folded."""

RULES = 2
"""Of docs/formats/fold.md, as this program has them. Until 2 the form of the last entry said which
conflict sets apply."""


def due(session: Session) -> bool:
    """Whether the views were folded by other forms than this session's."""
    with session.store.read() as reader:
        return _due(session, reader)


def renew(session: Session) -> int:
    """Fold the views anew when that is due, and note by which forms; returns how many changed.

    A minute or more for a hundred thousand persons, so `due` is asked first.
    """
    with session.store.read() as reader:
        wanted = _due(session, reader) and reader.count_entries() > 0
    changed = care.rebuild(session)[1] if wanted else 0
    with session.store.write() as unit:
        unit.put_setting(FOLDED, stamp(session.catalogue))
    return changed


def stamp(catalogue: Catalogue) -> bytes:
    """SHA-256 over what the fold takes from the forms: conflict sets and migrations. Other words
    for a question change nothing in it."""
    said = {
        form.id: {name: [sorted(of), identity] for name, (of, identity) in sets.items()}
        for form in catalogue.all()
        if (sets := form.conflict_sets())
    }
    steps = [
        [
            form.id,
            list(step.since),
            dict(step.rename),
            [[split.field, list(split.into), split.at] for split in step.splits],
        ]
        for form in catalogue.every()
        for step in form.migrations
    ]
    return hashlib.sha256(cbor.encode([RULES, said, steps])).digest()


def _due(session: Session, reader: Reader) -> bool:
    return reader.setting(FOLDED) != stamp(session.catalogue)
