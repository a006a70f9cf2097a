"""The officers' console: signed-in web pages on which a person, never a program, confirms a breach."""
