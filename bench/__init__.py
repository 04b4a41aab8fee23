"""What this program takes and how long: its figures beside their limits, `make bench`."""
