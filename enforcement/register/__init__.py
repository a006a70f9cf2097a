"""Registers of vehicles: what they answer, and who may stand behind the seam."""
