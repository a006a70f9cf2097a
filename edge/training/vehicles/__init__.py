"""Draws pictures of vehicles with plates, for what finds plates to be taught on."""
