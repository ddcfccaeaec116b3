"""Where Alembic meets our engines. The caller hands in an open connection; there is no offline
mode, because an encrypted store cannot be migrated by a script of SQL."""

from alembic import context

connection = context.config.attributes["connection"]
# Batch mode: SQLite changes a table by copying it.
context.configure(connection=connection, render_as_batch=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
