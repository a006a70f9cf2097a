"""How long records live: rules as data, a plan of what would go, its deletion in batches, and holds."""
