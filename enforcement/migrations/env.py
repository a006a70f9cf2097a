"""Runs the enforcement branch over the connection that `enforcement.database` hands in."""

from alembic import context

from enforcement.database import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
