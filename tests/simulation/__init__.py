"""Whole worlds on a simulated clock: the production modules, and everything that befalls them."""
