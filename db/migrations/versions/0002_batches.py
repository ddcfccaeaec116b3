"""Imports in batches, and keys that tables spread over several servers can hold.

Frozen: this file says how stores of revision 0001 become stores of revision 0002 and imports
nothing of the application. SQLite cannot change a key, so there a table is made anew and filled.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PERSONAL = "Personal data: the name or circumstances of a registered person."

KEYS = (
    ("entries", "pk_entries", ["hash"], ["hash", "office_id"]),
    ("forks", "pk_forks", ["hash"], ["hash", "office_id"]),
    ("bundles", "pk_bundles", ["id"], ["id", "office_id"]),
)
UNIQUE = (
    ("entries", "uq_entries_arrival", ["arrival"], ["arrival", "office_id"]),
    ("persons", "uq_persons_ordinal", ["ordinal"], ["ordinal", "id"]),
)
INDEXES = {
    "entries": (
        ("ix_entries_group", ["group_id"]),
        ("ix_entries_kind", ["kind"]),
        ("ix_entries_subject", ["subject_type", "subject_id"]),
    ),
    "forks": (("ix_forks_place", ["office_id", "epoch", "sequence"]),),
    "bundles": (("ix_bundles_office", ["office_id", "state"]),),
    "persons": (("ix_persons_number", ["number"]), ("ix_persons_permanent", ["permanent"])),
}
STAGED = {
    "entries": (
        ("hash", sa.LargeBinary),
        ("arrival", sa.BigInteger),
        ("entry_id", sa.LargeBinary),
        ("office_id", sa.LargeBinary),
        ("epoch", sa.LargeBinary),
        ("sequence", sa.BigInteger),
        ("kind", sa.Text),
        ("subject_type", sa.Text),
        ("subject_id", sa.LargeBinary),
        ("group_id", sa.LargeBinary),
        ("author_id", sa.LargeBinary),
        ("device_time", sa.BigInteger),
        ("state", sa.Text),
        ("reason", sa.Text),
        ("lost", sa.Text),
        ("header", sa.LargeBinary),
        ("signature", sa.LargeBinary),
        ("body", sa.LargeBinary),
    ),
    "persons": (
        ("id", sa.LargeBinary),
        ("ordinal", sa.BigInteger),
        ("number", sa.Text),
        ("permanent", sa.Text),
        ("name", sa.Text),
        ("name_latin", sa.Text),
        ("sex", sa.Text),
        ("birth", sa.Text),
        ("first_at", sa.BigInteger),
        ("last_at", sa.BigInteger),
        ("voided", sa.Text),
        ("stub", sa.Boolean),
        ("keys", sa.Text),
        ("view", sa.LargeBinary),
    ),
    "households": (
        ("id", sa.LargeBinary),
        ("number", sa.Text),
        ("size", sa.BigInteger),
        ("first_at", sa.BigInteger),
        ("last_at", sa.BigInteger),
        ("voided", sa.Text),
        ("view", sa.LargeBinary),
    ),
    "events": (
        ("id", sa.LargeBinary),
        ("type", sa.Text),
        ("household_id", sa.LargeBinary),
        ("first_at", sa.BigInteger),
        ("last_at", sa.BigInteger),
        ("voided", sa.Text),
        ("view", sa.LargeBinary),
    ),
    "documents": (
        ("id", sa.LargeBinary),
        ("number", sa.Text),
        ("type", sa.Text),
        ("person_id", sa.LargeBinary),
        ("household_id", sa.LargeBinary),
        ("first_at", sa.BigInteger),
        ("last_at", sa.BigInteger),
        ("voided", sa.Text),
        ("view", sa.LargeBinary),
    ),
    "registrations": (
        ("id", sa.LargeBinary),
        ("status", sa.Text),
        ("household_id", sa.LargeBinary),
        ("first_at", sa.BigInteger),
        ("last_at", sa.BigInteger),
        ("view", sa.LargeBinary),
    ),
    "members": (
        ("household_id", sa.LargeBinary),
        ("person_id", sa.LargeBinary),
        ("relation", sa.Text),
        ("position", sa.BigInteger),
        ("present", sa.Boolean),
    ),
    "participants": (
        ("event_id", sa.LargeBinary),
        ("person_id", sa.LargeBinary),
        ("role", sa.Text),
    ),
    "attendees": (
        ("registration_id", sa.LargeBinary),
        ("person_id", sa.LargeBinary),
    ),
    "sources": (
        ("row_hash", sa.LargeBinary),
        ("registration_id", sa.LargeBinary),
        ("series", sa.Text),
        ("household", sa.Text),
    ),
}
"""Tables that an import into PostgreSQL copies its rows to before they are merged."""


def upgrade() -> None:
    """Findings; keys with the column by which a table would be spread; staging on PostgreSQL."""
    op.create_table(
        "findings",
        sa.Column("bundle_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("group_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column(
            "position",
            sa.BigInteger(),
            nullable=False,
            comment="Its order among the findings of the import.",
        ),
        sa.PrimaryKeyConstraint("bundle_id", "hash", name=op.f("pk_findings")),
    )
    op.drop_index("ix_entries_entry_id", table_name="entries")
    if op.get_bind().dialect.name == "postgresql":
        _constraints(new=True)
        for name, columns in STAGED.items():
            staged = [sa.Column(column, kind()) for column, kind in columns]
            op.create_table(
                f"staged_{name}",
                sa.Column("batch", sa.BigInteger(), nullable=False),
                *staged,
                prefixes=["UNLOGGED"],
            )
            op.create_index(f"ix_staged_{name}_batch", f"staged_{name}", ["batch"])
    else:
        _anew(entries=_entries, forks=_forks, bundles=_bundles, persons=_persons)


def downgrade() -> None:
    """As it was."""
    if op.get_bind().dialect.name == "postgresql":
        for name in STAGED:
            op.drop_index(f"ix_staged_{name}_batch", table_name=f"staged_{name}")
            op.drop_table(f"staged_{name}")
        _constraints(new=False)
    else:
        _anew(
            entries=_entries_before,
            forks=_forks_before,
            bundles=_bundles_before,
            persons=_persons_before,
        )
    op.create_index("ix_entries_entry_id", "entries", ["entry_id"], unique=False)
    op.drop_table("findings")


def _constraints(*, new: bool) -> None:
    for table, name, before, after in KEYS:
        op.drop_constraint(name, table, type_="primary")
        op.create_primary_key(name, table, after if new else before)
    for table, name, before, after in UNIQUE:
        op.drop_constraint(name, table, type_="unique")
        op.create_unique_constraint(name, table, after if new else before)


def _anew(**makers: Callable[[], None]) -> None:
    for table, make in makers.items():
        for name, _ in INDEXES[table]:
            op.drop_index(name, table_name=table)
        op.rename_table(table, f"{table}_old")
        make()
        op.execute(f"INSERT INTO {table} SELECT * FROM {table}_old")  # noqa: S608 - our own names
        op.drop_table(f"{table}_old")
        for name, columns in INDEXES[table]:
            op.create_index(name, table, columns, unique=False)


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "arrival",
            sa.BigInteger(),
            nullable=False,
            comment="Counts entries as they came into this store; means nothing elsewhere.",
        ),
        sa.Column("entry_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("office_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("epoch", sa.LargeBinary(length=8), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("group_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("author_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "device_time",
            sa.BigInteger(),
            nullable=False,
            comment="As the device's clock said; may be wrong.",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "reason", sa.Text(), nullable=True, comment="Why it is held or quarantined; a code."
        ),
        sa.Column(
            "lost",
            sa.Text(),
            nullable=False,
            comment="How the body went: pruned after receipt, or erased by law; never by accident.",
        ),
        sa.Column(
            "header",
            sa.LargeBinary(),
            nullable=False,
            comment="Verbatim; its SHA-256 is the entry's hash.",
        ),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=True,
            comment=PERSONAL + " Sealed by us (AES-256-GCM) on PostgreSQL.",
        ),
        sa.CheckConstraint(
            "(lost = '') = (body IS NOT NULL)", name=op.f("ck_entries_body_unless_lost")
        ),
        sa.CheckConstraint("lost IN ('', 'pruned', 'erased')", name=op.f("ck_entries_lost_known")),
        sa.CheckConstraint(
            "state IN ('admitted', 'held', 'quarantined')", name=op.f("ck_entries_state_known")
        ),
        sa.CheckConstraint("length(epoch) = 8", name=op.f("ck_entries_epoch_size")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_entries_hash_size")),
        sa.CheckConstraint("length(office_id) = 16", name=op.f("ck_entries_office_id_size")),
        sa.CheckConstraint("length(subject_id) = 16", name=op.f("ck_entries_subject_id_size")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_entries_sequence_from_one")),
        sa.PrimaryKeyConstraint("hash", "office_id", name=op.f("pk_entries")),
        sa.UniqueConstraint("arrival", "office_id", name="uq_entries_arrival"),
        sa.UniqueConstraint("office_id", "epoch", "sequence", name="uq_entries_place"),
    )


def _forks() -> None:
    op.create_table(
        "forks",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("office_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("epoch", sa.LargeBinary(length=8), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=True,
            comment=PERSONAL + " Sealed by us (AES-256-GCM) on PostgreSQL.",
        ),
        sa.CheckConstraint("length(epoch) = 8", name=op.f("ck_forks_epoch_size")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_forks_hash_size")),
        sa.PrimaryKeyConstraint("hash", "office_id", name=op.f("pk_forks")),
    )


def _bundles() -> None:
    op.create_table(
        "bundles",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "office_id",
            sa.LargeBinary(length=16),
            nullable=False,
            comment="The station whose chain it carries.",
        ),
        sa.Column("epoch", sa.LargeBinary(length=8), nullable=True),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "details",
            sa.LargeBinary(),
            nullable=False,
            comment="CBOR of the office's choosing; no names.",
        ),
        sa.CheckConstraint("length(id) = 16", name=op.f("ck_bundles_id_size")),
        sa.PrimaryKeyConstraint("id", "office_id", name=op.f("pk_bundles")),
    )


def _persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "ordinal",
            sa.BigInteger(),
            nullable=False,
            comment="A small number for search keys; local to this store, never shown.",
        ),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("permanent", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False, comment=PERSONAL),
        sa.Column("name_latin", sa.Text(), nullable=False, comment=PERSONAL),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column(
            "birth",
            sa.Text(),
            nullable=False,
            comment=PERSONAL + " EDTF as entered in its calendar.",
        ),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("voided", sa.Text(), nullable=True),
        sa.Column(
            "stub",
            sa.Boolean(),
            nullable=False,
            comment="What is left of a pruned person; `rebuild` keeps it.",
        ),
        sa.Column(
            "keys",
            sa.Text(),
            nullable=False,
            comment=PERSONAL
            + " Search keys in force, so that a change touches only the difference.",
        ),
        sa.Column("view", sa.LargeBinary(), nullable=False, comment=PERSONAL),
        sa.CheckConstraint("length(id) = 16", name=op.f("ck_persons_id_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("ordinal", "id", name="uq_persons_ordinal"),
    )


def _entries_before() -> None:
    op.create_table(
        "entries",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "arrival",
            sa.BigInteger(),
            nullable=False,
            comment="Counts entries as they came into this store; means nothing elsewhere.",
        ),
        sa.Column("entry_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("office_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("epoch", sa.LargeBinary(length=8), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("group_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("author_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "device_time",
            sa.BigInteger(),
            nullable=False,
            comment="As the device's clock said; may be wrong.",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "reason", sa.Text(), nullable=True, comment="Why it is held or quarantined; a code."
        ),
        sa.Column(
            "lost",
            sa.Text(),
            nullable=False,
            comment="How the body went: pruned after receipt, or erased by law; never by accident.",
        ),
        sa.Column(
            "header",
            sa.LargeBinary(),
            nullable=False,
            comment="Verbatim; its SHA-256 is the entry's hash.",
        ),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=True,
            comment=PERSONAL + " Sealed by us (AES-256-GCM) on PostgreSQL.",
        ),
        sa.CheckConstraint(
            "(lost = '') = (body IS NOT NULL)", name=op.f("ck_entries_body_unless_lost")
        ),
        sa.CheckConstraint("lost IN ('', 'pruned', 'erased')", name=op.f("ck_entries_lost_known")),
        sa.CheckConstraint(
            "state IN ('admitted', 'held', 'quarantined')", name=op.f("ck_entries_state_known")
        ),
        sa.CheckConstraint("length(epoch) = 8", name=op.f("ck_entries_epoch_size")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_entries_hash_size")),
        sa.CheckConstraint("length(office_id) = 16", name=op.f("ck_entries_office_id_size")),
        sa.CheckConstraint("length(subject_id) = 16", name=op.f("ck_entries_subject_id_size")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_entries_sequence_from_one")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_entries")),
        sa.UniqueConstraint("arrival", name="uq_entries_arrival"),
        sa.UniqueConstraint("office_id", "epoch", "sequence", name="uq_entries_place"),
    )


def _forks_before() -> None:
    op.create_table(
        "forks",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("office_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("epoch", sa.LargeBinary(length=8), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=True,
            comment=PERSONAL + " Sealed by us (AES-256-GCM) on PostgreSQL.",
        ),
        sa.CheckConstraint("length(epoch) = 8", name=op.f("ck_forks_epoch_size")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_forks_hash_size")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_forks")),
    )


def _bundles_before() -> None:
    op.create_table(
        "bundles",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "office_id",
            sa.LargeBinary(length=16),
            nullable=False,
            comment="The station whose chain it carries.",
        ),
        sa.Column("epoch", sa.LargeBinary(length=8), nullable=True),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "details",
            sa.LargeBinary(),
            nullable=False,
            comment="CBOR of the office's choosing; no names.",
        ),
        sa.CheckConstraint("length(id) = 16", name=op.f("ck_bundles_id_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundles")),
    )


def _persons_before() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "ordinal",
            sa.BigInteger(),
            nullable=False,
            comment="A small number for search keys; local to this store, never shown.",
        ),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("permanent", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False, comment=PERSONAL),
        sa.Column("name_latin", sa.Text(), nullable=False, comment=PERSONAL),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column(
            "birth",
            sa.Text(),
            nullable=False,
            comment=PERSONAL + " EDTF as entered in its calendar.",
        ),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("voided", sa.Text(), nullable=True),
        sa.Column(
            "stub",
            sa.Boolean(),
            nullable=False,
            comment="What is left of a pruned person; `rebuild` keeps it.",
        ),
        sa.Column(
            "keys",
            sa.Text(),
            nullable=False,
            comment=PERSONAL
            + " Search keys in force, so that a change touches only the difference.",
        ),
        sa.Column("view", sa.LargeBinary(), nullable=False, comment=PERSONAL),
        sa.CheckConstraint("length(id) = 16", name=op.f("ck_persons_id_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("ordinal", name="uq_persons_ordinal"),
    )
