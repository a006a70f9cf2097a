"""Draws plates and trains the readers of British registrations."""
