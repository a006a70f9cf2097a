"""Letters to keepers and the batches in which they go out."""
