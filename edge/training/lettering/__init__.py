"""Teaches the text detector to see lettering at half the size, so that it needs a quarter of the pixels."""
