"""Draws pictures of vehicles with plates and trains the finder of plates on them."""
