"""How the system is put up: broker, services, keys, dashboards and the demo. Not part of the wheel."""
