"""Passages to zones by the law in force, sightings to transits, and the reasons for each."""
