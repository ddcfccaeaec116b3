"""The first tables of a store.

Frozen: this file says what stores of revision 0001 look like and imports nothing of the
application, so that it still means the same when the models have moved on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PERSONAL = "Personal data: the name or circumstances of a registered person."


def upgrade() -> None:
    """Make every table. Photos lie in a file of their own except on PostgreSQL."""
    op.create_table(
        "attendees",
        sa.Column("registration_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("registration_id", "person_id", name=op.f("pk_attendees")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_attendees_person_id", "attendees", ["person_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index("ix_audit_subject", "audit", ["subject_type", "subject_id"], unique=False)
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
    op.create_index("ix_bundles_office", "bundles", ["office_id", "state"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("office_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True, comment="A login name of staff."),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("not_after", sa.BigInteger(), nullable=False),
        sa.Column("revoked", sa.Text(), nullable=True, comment="Why, when it was revoked; a code."),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_certificates_hash_size")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_certificates")),
    )
    op.create_index(
        "ix_certificates_subject", "certificates", ["subject_kind", "subject_id"], unique=False
    )
    op.create_table(
        "chains",
        sa.Column("office_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("epoch", sa.LargeBinary(length=8), nullable=False),
        sa.Column(
            "begun", sa.BigInteger(), nullable=False, comment="Arrival of its first entry here."
        ),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("length(epoch) = 8", name=op.f("ck_chains_epoch_size")),
        sa.CheckConstraint("length(head) = 32", name=op.f("ck_chains_head_size")),
        sa.CheckConstraint("length(office_id) = 16", name=op.f("ck_chains_office_id_size")),
        sa.PrimaryKeyConstraint("office_id", "epoch", name=op.f("pk_chains")),
    )
    op.create_table(
        "conflicts",
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="The conflict set."),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject_type", "subject_id", "name", name=op.f("pk_conflicts")),
    )
    op.create_index("ix_conflicts_since", "conflicts", ["since"], unique=False)
    op.create_table(
        "counters",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_counters_value_not_negative")),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_counters")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("voided", sa.Text(), nullable=True),
        sa.Column("view", sa.LargeBinary(), nullable=False, comment=PERSONAL),
        sa.CheckConstraint("length(id) = 16", name=op.f("ck_documents_id_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_household_id", "documents", ["household_id"], unique=False)
    op.create_index("ix_documents_number", "documents", ["number"], unique=False)
    op.create_index("ix_documents_person_id", "documents", ["person_id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "data",
            sa.LargeBinary(),
            nullable=False,
            comment=PERSONAL + " As typed. Sealed by us on PostgreSQL.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
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
    op.create_index("ix_entries_entry_id", "entries", ["entry_id"], unique=False)
    op.create_index("ix_entries_group", "entries", ["group_id"], unique=False)
    op.create_index("ix_entries_kind", "entries", ["kind"], unique=False)
    op.create_index("ix_entries_subject", "entries", ["subject_type", "subject_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("voided", sa.Text(), nullable=True),
        sa.Column("view", sa.LargeBinary(), nullable=False, comment=PERSONAL),
        sa.CheckConstraint("length(id) = 16", name=op.f("ck_events_id_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_household_id", "events", ["household_id"], unique=False)
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
    op.create_index("ix_forks_place", "forks", ["office_id", "epoch", "sequence"], unique=False)
    op.create_table(
        "households",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("voided", sa.Text(), nullable=True),
        sa.Column("view", sa.LargeBinary(), nullable=False, comment=PERSONAL),
        sa.CheckConstraint("length(id) = 16", name=op.f("ck_households_id_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
    )
    op.create_index("ix_households_number", "households", ["number"], unique=False)
    op.create_table(
        "match_cases",
        sa.Column("first_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("second_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "score",
            sa.BigInteger(),
            nullable=False,
            comment="Thousandths; whole numbers compare exactly.",
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "details",
            sa.LargeBinary(),
            nullable=False,
            comment="CBOR: why they were proposed, who decided.",
        ),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_match_cases_ordered")),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_match_cases")),
    )
    op.create_index("ix_match_cases_queue", "match_cases", ["state", "score"], unique=False)
    op.create_index("ix_match_cases_second", "match_cases", ["second_id"], unique=False)
    op.create_table(
        "members",
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False, comment=PERSONAL),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column(
            "present", sa.Boolean(), nullable=False, comment="False once the person has left."
        ),
        sa.PrimaryKeyConstraint("household_id", "person_id", name=op.f("pk_members")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_members_person_id", "members", ["person_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column(
            "office_id", sa.LargeBinary(length=16), nullable=False, comment="The station it is for."
        ),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "data",
            sa.LargeBinary(),
            nullable=False,
            comment=PERSONAL + " Sealed by us on PostgreSQL.",
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_notices_number_from_one")),
        sa.PrimaryKeyConstraint("office_id", "number", name=op.f("pk_notices")),
    )
    op.create_table(
        "participants",
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "person_id", "role", name=op.f("pk_participants")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_participants_person_id", "participants", ["person_id"], unique=False)
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
    op.create_index("ix_persons_number", "persons", ["number"], unique=False)
    op.create_index("ix_persons_permanent", "persons", ["permanent"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("office_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("epoch", sa.LargeBinary(length=8), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "notice",
            sa.BigInteger(),
            nullable=False,
            comment="The number of the notice that brought it.",
        ),
        sa.CheckConstraint("length(epoch) = 8", name=op.f("ck_receipts_epoch_size")),
        sa.CheckConstraint("length(head) = 32", name=op.f("ck_receipts_head_size")),
        sa.PrimaryKeyConstraint("office_id", "epoch", "sequence", name=op.f("pk_receipts")),
    )
    op.create_table(
        "registrations",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("view", sa.LargeBinary(), nullable=False, comment=PERSONAL),
        sa.CheckConstraint("length(id) = 16", name=op.f("ck_registrations_id_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
    )
    op.create_index("ix_registrations_first_at", "registrations", ["first_at"], unique=False)
    op.create_index(
        "ix_registrations_household_id", "registrations", ["household_id"], unique=False
    )
    op.create_index("ix_registrations_queue", "registrations", ["status", "first_at"], unique=False)
    op.create_table(
        "search_keys",
        sa.Column(
            "key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
            comment=PERSONAL + " A folded piece of a name.",
        ),
        sa.Column("ordinal", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "ordinal", name=op.f("pk_search_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "value", sa.LargeBinary(), nullable=False, comment="Secret: may be a private key."
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "sources",
        sa.Column("row_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("registration_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("household", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row_hash", "registration_id", name=op.f("pk_sources")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sources_household", "sources", ["series", "household"], unique=False)
    op.create_index("ix_sources_registration_id", "sources", ["registration_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.create_table(
            "photos",
            sa.Column("name", sa.LargeBinary(length=32), nullable=False),
            sa.Column(
                "data",
                sa.LargeBinary(),
                nullable=False,
                comment=PERSONAL + " Sealed by us on PostgreSQL.",
            ),
            sa.CheckConstraint("length(name) = 32", name=op.f("ck_photos_name_size")),
            sa.PrimaryKeyConstraint("name", name=op.f("pk_photos")),
        )


def downgrade() -> None:
    """Remove every table."""
    op.drop_index("ix_sources_registration_id", table_name="sources")
    op.drop_index("ix_sources_household", table_name="sources")
    op.drop_table("sources")
    op.drop_table("settings")
    op.drop_table("search_keys")
    op.drop_index("ix_registrations_queue", table_name="registrations")
    op.drop_index("ix_registrations_household_id", table_name="registrations")
    op.drop_index("ix_registrations_first_at", table_name="registrations")
    op.drop_table("registrations")
    op.drop_table("receipts")
    op.drop_index("ix_persons_permanent", table_name="persons")
    op.drop_index("ix_persons_number", table_name="persons")
    op.drop_table("persons")
    op.drop_index("ix_participants_person_id", table_name="participants")
    op.drop_table("participants")
    op.drop_table("notices")
    op.drop_index("ix_members_person_id", table_name="members")
    op.drop_table("members")
    op.drop_index("ix_match_cases_second", table_name="match_cases")
    op.drop_index("ix_match_cases_queue", table_name="match_cases")
    op.drop_table("match_cases")
    op.drop_index("ix_households_number", table_name="households")
    op.drop_table("households")
    op.drop_index("ix_forks_place", table_name="forks")
    op.drop_table("forks")
    op.drop_index("ix_events_household_id", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_entries_subject", table_name="entries")
    op.drop_index("ix_entries_kind", table_name="entries")
    op.drop_index("ix_entries_group", table_name="entries")
    op.drop_index("ix_entries_entry_id", table_name="entries")
    op.drop_table("entries")
    op.drop_table("drafts")
    op.drop_index("ix_documents_person_id", table_name="documents")
    op.drop_index("ix_documents_number", table_name="documents")
    op.drop_index("ix_documents_household_id", table_name="documents")
    op.drop_table("documents")
    op.drop_table("counters")
    op.drop_index("ix_conflicts_since", table_name="conflicts")
    op.drop_table("conflicts")
    op.drop_table("chains")
    op.drop_index("ix_certificates_subject", table_name="certificates")
    op.drop_table("certificates")
    op.drop_index("ix_bundles_office", table_name="bundles")
    op.drop_table("bundles")
    op.drop_index("ix_audit_subject", table_name="audit")
    op.drop_index("ix_audit_at", table_name="audit")
    op.drop_table("audit")
    op.drop_index("ix_attendees_person_id", table_name="attendees")
    op.drop_table("attendees")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_table("photos")
