"""What every part agrees on: messages, orders, registrations, settings and links."""
