"""Views folded from logs: pure, versioned, and to be thrown away at will."""
