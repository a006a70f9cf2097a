"""Teaches a network where, in the crop of one plate, the block of its characters has its four corners."""
