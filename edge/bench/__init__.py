"""What the picture pipeline costs on this machine: CPU and memory, for `hgv-edge bench`."""
