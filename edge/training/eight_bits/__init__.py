"""Makes the 8-bit networks that ship out of the published ones, with ranges measured on the rendered film."""
