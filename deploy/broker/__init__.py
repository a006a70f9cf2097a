"""Brokers: the embedded one for the demo and tests, mosquitto's settings for a real installation."""
