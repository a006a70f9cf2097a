"""Makes the vehicle detector that ships out of the published one: folded, pruned, 8 bits."""
