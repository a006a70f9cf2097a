"""What a unit tells the centre: passages, counts of all traffic and losses, as messages for the outbox."""
