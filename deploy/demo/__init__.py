"""The demo: the whole chain from rendered film to letter, with real processes on one machine."""
