"""Evidence pictures: on the disk, as rows, read again from time to time, and deleted."""
