"""An opened workspace: one user, unlocked, with everything that acting needs."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from db.errors import MissingPhotoError
from ledger.certificate import Certificate, Role
from ledger.conflicts import ConflictSets, SetRule
from ledger.entry import FormRef
from ledger.keys import SigningKey
from matching import search_keys
from workspace import storage
from workspace.act import Act
from workspace.errors import NotEnrolledError, OfficeError
from workspace.office import Office

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from db.slots import UserKeys
    from db.store import Store, UnitOfWork
    from forms.library import Catalogue
    from ledger.chain import Head
    from ledger.entry import Header
    from values.clock import Clock
    from values.identifiers import UserId
    from values.secret import Secret
    from workspace.environment import Environment
    from workspace.rights import Right

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class User:
    """Who is at the keyboard."""

    id: UserId
    name: str
    role: Role


@dataclass(slots=True)
class Session:
    """One user's open workspace. Not for two threads at a time; `close` drops the keys."""

    folder: Path
    user: User
    office: Office
    store: Store
    env: Environment
    keys: UserKeys = field(repr=False)
    catalogue: Catalogue
    conflict_sets: ConflictSets
    epoch: bytes = b""
    """The epoch of the last act, or of the opening. An act goes by what the store says: what has to
    agree with it asks inside one."""
    clock_in_doubt: bool = False
    certificate: Certificate | None = None
    notes: list[str] = field(default_factory=list)
    """Sentences to show after opening: a new epoch, a disk nearly full."""
    read_only: bool = False
    lent: frozenset[Right] = frozenset()
    """Rights that the job at hand lends to its user: the service imports, whoever started it."""
    marks: bool = True
    """Whether marks are kept on this machine; without them every opening begins an epoch."""
    mark_lost: bool = False
    """The mark of the last act was not kept, so that the next one begins an epoch."""
    _last_monotonic: float | None = None
    _signing: SigningKey | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """``station`` or ``registry``."""
        return self.office.kind

    @property
    def clock(self) -> Clock:
        return self.env.clock

    @property
    def signing_key(self) -> SigningKey:
        """The user's own key, unwrapped by the user's own slot."""
        if self._signing is None:
            self._signing = SigningKey.from_bytes(self.keys.signing_key)
        return self._signing

    @property
    def own_certificate(self) -> Certificate:
        """The certificate that lets this user sign here.

        Raises `NotEnrolledError` at a station without a grant, else `OfficeError` when there is
        none.
        """
        if not self.office.enrolled:
            raise NotEnrolledError
        if self.certificate is None:
            raise OfficeError(
                "no_certificate",
                "No certificate lets this user sign here. Ask the administrator to give this user "
                "a new passphrase: a new certificate comes with it.",
            )
        return self.certificate

    @property
    def vault_identity(self) -> Secret | None:
        """The key to sensitive fields; only in the slots of the roles that may read them."""
        return self.keys.vault_key

    def act(self, *, unit: UnitOfWork | None = None) -> Act:
        """Begin an act, in a transaction of its own or in an open one.

        Raises `NotEnrolledError` while the office has no root to stand on.
        """
        if not self.office.enrolled:
            raise NotEnrolledError
        if unit is None:
            self._mind_marks()
        return Act(self, unit=unit)

    def form_reference(self, form: str) -> FormRef:
        """Id, version and content hash of the form in force."""
        definition = self.catalogue.form(form)
        return FormRef(definition.id, definition.version, definition.hash)

    def monotonic_delta(self) -> int | None:
        """Milliseconds since the previous entry of this program run, None for the first."""
        now = self.clock.monotonic()
        last, self._last_monotonic = self._last_monotonic, now
        return None if last is None else max(0, round((now - last) * 1000))

    def photo(self, digest: object) -> bytes | None:
        """A photo by the hash that a record holds; None when it was erased, or there is none."""
        if not isinstance(digest, bytes):
            return None
        try:
            return self.store.photos.get(digest)
        except MissingPhotoError:
            return None

    def committed(self, last: Header | Head) -> None:
        """Remember, here and outside the workspace, how far this machine has got. Never fails for
        a mark that cannot be kept."""
        self.epoch = last.epoch
        if self.marks and not self.mark_lost:
            name = mark_name(self.office.id, self.folder)
            try:
                self.env.device.set_high_water(name, last.epoch, last.sequence)
            except OSError as error:
                # The act is in the store: saying that it failed would have it done twice.
                # Without any mark the next act, or the next opening, begins an epoch.
                self.mark_lost = True
                _not_kept(type(error).__name__)
                with suppress(OSError):
                    self.env.device.forget_high_water(name)
        self.keep_reserve()

    def _mind_marks(self) -> None:
        """Go on in another epoch when the mark cannot be kept any more.

        A mark that stays behind would let an older copy of the store write on in this epoch, and
        two different entries would stand in one place of its chain. An epoch without a mark is
        left when the store is opened again, so no copy of it is written on in it.
        """
        if not self.marks or self.read_only:
            return
        if not self.mark_lost:
            if self.env.device.keeps_marks():
                return
            _not_kept("its folder cannot be written")
            self.mark_lost = True
        from workspace.opening import begin_epoch  # it makes sessions

        if self.epoch:
            begin_epoch(self, reason="moved", marked=False)
        self.marks = self.mark_lost = False

    def keep_reserve(self) -> None:
        """While the disk runs low, keep some of it, so that exporting stays possible when full."""
        if not self.read_only and storage.state(self.folder).low:
            self.store.reserve_space()

    def close(self) -> None:
        """Close the store and drop the keys."""
        self.store.close()
        search_keys.forget()
        self._signing = None
        self.keys.forget()


def _not_kept(why: str) -> None:
    log.warning("the mark of the last entry was not kept: %s", why)


def mark_name(office: UUID | str, folder: Path) -> str:
    """The name of the high-water mark: this office, in this place.

    A copy in another folder finds no mark and begins an epoch of its own, so two copies on one
    machine never write the same place of one chain.
    """
    return f"{office}@{folder.resolve()}"


def conflict_sets(catalogue: Catalogue) -> ConflictSets:
    """The forms' conflict sets, and how older versions named their fields, as the fold takes
    them."""
    return ConflictSets(
        by_form={
            form.id: {
                name: SetRule(fields=fields, identity=identity)
                for name, (fields, identity) in form.conflict_sets().items()
            }
            for form in catalogue.all()
        },
        migrate=catalogue.migrated,
    )
