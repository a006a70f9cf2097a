"""The law as values and pure functions: orders, permits, weight, deadlines."""
