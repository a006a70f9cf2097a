"""Runs the ingest branch over the connection that `ingest.database.opening` hands in."""

from alembic import context

from ingest.database.opening import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
