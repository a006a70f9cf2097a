"""From a transit to a case, and what officers decide on it."""
