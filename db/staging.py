"""Where an import into PostgreSQL copies its rows to before they are merged into the tables.

The same columns as the table that they are for, without its constraints, and the number of the
batch that they belong to. Permanent, because tables that last for one session alone are unknown to
databases of many servers; unlogged, because a batch that a crash takes is copied again.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from db.models import (
    KEY,
    NAMES,
    AttendeeRow,
    Base,
    DocumentRow,
    EntryRow,
    EventRow,
    HouseholdRow,
    MemberRow,
    ParticipantRow,
    PersonRow,
    RegistrationRow,
    SourceRow,
)

METADATA = MetaData(naming_convention=NAMES)
PREFIX = "staged_"
BATCH = "batch"

_KINDS = (Boolean, BigInteger, LargeBinary)


def _plain(column: Column[object]) -> type[Boolean | BigInteger | LargeBinary | Text]:
    return next((kind for kind in _KINDS if isinstance(column.type, kind)), Text)


def _staged(row: type[Base]) -> Table:
    target = row.__table__
    assert isinstance(target, Table)  # noqa: S101 - every model here is a plain table
    name = PREFIX + target.name
    return Table(
        name,
        METADATA,
        Column(BATCH, BigInteger, nullable=False),
        *(Column(one.name, _plain(one)) for one in target.columns),
        Index(f"ix_{name}_batch", BATCH),
        prefixes=["UNLOGGED"],
        # Beside the rows that they become, so that merging moves nothing between servers.
        info={KEY: target.info[KEY]},
    )


STAGED: dict[str, Table] = {
    one.__tablename__: _staged(one)
    for one in (
        EntryRow,
        PersonRow,
        HouseholdRow,
        EventRow,
        DocumentRow,
        RegistrationRow,
        MemberRow,
        ParticipantRow,
        AttendeeRow,
        SourceRow,
    )
}
"""By the name of the table that the rows are for."""
