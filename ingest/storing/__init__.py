"""A batch into the database in one commit, what becomes of each message, and the answer to its unit."""
