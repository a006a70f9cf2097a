"""Prosecution packs: one PDF bundle for the court, and a ZIP with the originals and a signed manifest."""
