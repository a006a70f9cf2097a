"""How messages come in: deliveries in fair turns, who may send them, and what is refused at the door."""
