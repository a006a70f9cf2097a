"""A county with known truth: what the real decision code makes of it, and what goes wrong, by cause."""
