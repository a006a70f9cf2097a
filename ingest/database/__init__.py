"""The database: opening it, versions of its schema, and one idiom for SQLite and PostgreSQL."""
