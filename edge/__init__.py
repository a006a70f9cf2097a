"""What runs on a camera unit or in a van: picture to passage to outbox to MQTT."""
