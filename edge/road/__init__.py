"""The road in metres, and what a track on it tells of a vehicle's speed, size and lane."""
