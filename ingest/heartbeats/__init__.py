"""What heartbeats tell: how units and cameras are, whose clock is good, and when cameras were seeing."""
