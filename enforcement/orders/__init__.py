"""Orders from outside: read as drafts, told apart from the order in force, approved by a named officer."""
