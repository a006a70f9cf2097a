"""Where a vehicle's plate is, what readers make of it, and what they agree on."""
