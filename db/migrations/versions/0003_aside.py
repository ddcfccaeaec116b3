"""An index of the entries that do not stand: held and put aside.

They are few among millions. Without it every look at the queues read the whole ledger.
Frozen: imports nothing of the application.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ASIDE = "state <> 'admitted'"


def upgrade() -> None:
    op.create_index(
        "ix_entries_aside",
        "entries",
        ["state", "office_id", "epoch", "sequence"],
        unique=False,
        sqlite_where=sa.text(ASIDE),
        postgresql_where=sa.text(ASIDE),
    )


def downgrade() -> None:
    op.drop_index("ix_entries_aside", table_name="entries")
