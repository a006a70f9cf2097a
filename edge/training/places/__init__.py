"""Teaches a network whether lettering is on a plate, and where the characters have their four corners."""
