"""${message}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Forward."""
    ${upgrades if upgrades else "raise SystemExit('say what changes')"}


def downgrade() -> None:
    """Back."""
    ${downgrades if downgrades else "raise SystemExit('say what changes back')"}
