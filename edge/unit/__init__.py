"""A unit put together and kept running: its cameras, clock, identity, health and metrics."""
