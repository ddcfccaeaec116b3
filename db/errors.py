"""What the store answers when it cannot do what was asked.

One tree. Offices hand `sentence` on to the person at the machine: it is English, says what to do
and names no person. `code` is stable, for programs and tests.
"""

from __future__ import annotations


class DbError(Exception):
    """The root of this room's errors.

    Raised as such only for a fault of ours; the subclasses are states of the machine, the files
    or the input, which a person can mend.
    """

    code = "store"
    sentence = "The store could not do that. Close the program, open it again and run a check."

    def __init__(self, sentence: str | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.sentence)


class SlotError(DbError):
    """The key slots do not let this user in, or are not what they were."""

    code = "slots"
    sentence = "The key slots of this workspace cannot be used."


class WrongPassphraseError(SlotError):
    """The passphrase does not open the user's slot."""

    code = "wrong_passphrase"
    sentence = "The passphrase does not open this workspace for this user. Type it again."


class UnknownUserError(SlotError):
    """No slot carries this login name."""

    code = "unknown_user"
    sentence = (
        "This workspace has no user with that name. "
        "Choose a name from the list of users, or ask the administrator to add one."
    )


class DisabledUserError(SlotError):
    """The user's slot was emptied by the administrator."""

    code = "disabled_user"
    sentence = "This user has been disabled. Ask the administrator of this workspace to add you."


class WeakSlotError(SlotError):
    """A slot costs less than the floor, or more than any machine should be asked to spend."""

    code = "weak_slot"
    sentence = (
        "A key slot does not have the strength that Waystation gives it, so it was not opened. "
        "Someone may have changed the file of slots: restore a backup and tell the administrator."
    )


class DamagedSlotsError(SlotError):
    """The file of slots is missing, torn, or was changed by someone without the data key."""

    code = "damaged_slots"
    sentence = (
        "The file of key slots is missing, damaged or was changed from outside. "
        "Restore it from a backup, or open the workspace with its recovery sheet."
    )


class NewerFormatError(SlotError):
    """A later Waystation wrote the file."""

    code = "newer_format"
    sentence = "This workspace was made by a newer Waystation. Install that version to open it."


class UserExistsError(SlotError):
    """The login name is taken."""

    code = "user_exists"
    sentence = "This workspace already has a user with that name. Choose another name."


class LockedSlotsError(SlotError):
    """A change to the slots needs them opened first."""

    code = "locked_slots"
    sentence = "Open the workspace with a passphrase first; then change its users."


class OtherDeviceError(SlotError):
    """The slot was made with the device secret of another machine or another account."""

    code = "other_device"
    sentence = (
        "This workspace was set up on another machine or under another account, so a passphrase "
        "alone does not open it here. Open it with its recovery sheet or its recovery key."
    )


class RecoveryError(SlotError):
    """The recovery key or sheet does not open this workspace."""

    code = "recovery"
    sentence = (
        "This recovery key or sheet does not belong to this workspace, or the code was mistyped. "
        "Compare the code with the sheet, group by group."
    )


class KeyFilePassphraseError(RecoveryError):
    """A key file does not open with the passphrase, or is no whole key file."""

    sentence = (
        "The passphrase does not open this key file, or the file is not whole. Type the passphrase "
        "under which the file was written: a user's new passphrase does not change it."
    )


class SlowOpeningError(SlotError):
    """Opening the recovery key would take far longer here than it took to close it."""

    code = "slow_opening"
    sentence = (
        "This computer is too slow, or too busy, to open the recovery key now. Close other "
        "programs and try again, or take the key to a faster computer."
    )


class DeviceSecretError(DbError):
    """The device secret exists but cannot be read now (a locked or absent keyring)."""

    code = "device_secret"
    sentence = (
        "The keyring of this account holds a secret that this workspace needs and cannot be "
        "read now. Unlock the keyring, or log in at the machine itself, and try again."
    )


class StoreError(DbError):
    """The encrypted store cannot be opened, read or written."""

    code = "store"


class WrongKeyError(StoreError):
    """The data key does not open the files: another store's files, or a damaged first page."""

    code = "wrong_key"
    sentence = (
        "The store does not open with its key: its files are damaged or belong to another "
        "workspace. Restore the latest backup into a new folder."
    )


class DamagedStoreError(StoreError):
    """A page, an entry or a photo is not what was written."""

    code = "damaged_store"
    sentence = (
        "A part of the store is damaged. Run a check to see which; "
        "restore the latest backup into a new folder and import what was sent since."
    )


class NoStoreError(StoreError):
    """The folder holds no store."""

    code = "no_store"
    sentence = "This folder holds no store. Name the folder of a station or a registry."


class StoreExistsError(StoreError):
    """A store is already there; it is never overwritten."""

    code = "store_exists"
    sentence = "There is already a store at this place. Choose an empty folder or database."


class NewerStoreError(StoreError):
    """A later Waystation migrated the store."""

    code = "newer_store"
    sentence = "This store was last used by a newer Waystation. Install that version to open it."


class OutdatedStoreError(StoreError):
    """The store's tables are of an earlier version, and it was opened for reading only."""

    code = "outdated_store"
    sentence = (
        "This store was last used by an older Waystation. Open it once for writing, "
        "which brings it up to date; a backup before that is a good habit."
    )


class StoreFileError(StoreError):
    """The operating system does not let us at the files: rights, a read-only disk, a folder."""

    code = "store_file"
    sentence = (
        "The files of this workspace cannot be opened or written. Check the rights of its folder, "
        "and whether its disk is write-protected; a copy on another disk can be opened."
    )


class WorkspaceBusyError(StoreError):
    """Another program is writing this workspace."""

    code = "busy"
    sentence = (
        "Another program has this workspace open for writing. Close it there first; "
        "reading goes on meanwhile."
    )


class ReadOnlyError(StoreError):
    """The store was opened for reading only."""

    code = "read_only"
    sentence = "This workspace is open for reading only. Close it and open it for writing."


class StoreFullError(StoreError):
    """The disk is full. What was saved before is safe; the last act was not saved."""

    code = "full"
    sentence = (
        "The disk is full, so the last change was not saved; everything before it is safe. "
        "Free some space on this disk, or export now: a reserve is kept for exporting."
    )


class PhotoPlaceError(StoreError):
    """The folder or object store of the photographs is none, or cannot be used now."""

    code = "photo_place"
    sentence = (
        "This is no place for photographs. Write it as file:///folder or s3://bucket/path, without "
        "a password in it."
    )


class RivalError(StoreError):
    """Another program wrote the same rows at the same time; the work is done again (`db.retry`)."""

    code = "rival"
    sentence = "Another program changed the same records at the same moment. Try again."


class ConnectionLostError(StoreError):
    """The database server cannot be reached, or refuses us."""

    code = "connection"
    sentence = (
        "The database server cannot be reached, refuses this account, or has no database of this "
        "name. Check the address, the network and the server, then try again."
    )


class ConnectionPolicyError(StoreError):
    """The address of the database would send data in the clear."""

    code = "insecure_database"
    sentence = (
        "The database is on another machine, so its address must require TLS: "
        "add sslmode=verify-full to it."
    )


class PlaceTakenError(StoreError):
    """Two different entries claim one place of a chain (a fork)."""

    code = "fork"
    sentence = (
        "Two different entries claim the same place in a chain. "
        "The second one can be kept only in quarantine until a registrar decides."
    )


class UnknownEntryError(StoreError):
    """No entry with that hash is stored."""

    code = "unknown_entry"
    sentence = "The store holds no such entry."


class MissingPhotoError(StoreError):
    """A photo that was asked for is not in the store (never received, or pruned)."""

    code = "missing_photo"
    sentence = "This photo is not in the store: it was not received yet, or it was pruned."


class PhotoTooLargeError(StoreError):
    """A photo was handed in that intake should have re-encoded."""

    code = "photo_too_large"
    sentence = "The photo is larger than Waystation keeps. Take it in again through intake."


class BackupError(StoreError):
    """A backup is damaged, incomplete, or not one of ours."""

    code = "backup"
    sentence = "This file is no whole Waystation backup. Use another copy of the backup."
