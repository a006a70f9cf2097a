"""From the outbox to the broker and back: what is sent next, what is in flight, what was answered."""
