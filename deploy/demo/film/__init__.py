"""The demo film: a rendered village street with known vehicles and known plates."""
