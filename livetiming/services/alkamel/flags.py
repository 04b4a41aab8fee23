"""The flags, as both forms of the feed write them."""

from __future__ import annotations

from livetiming.racing import Flag

FLAGS = {
    "GF": Flag.GREEN,
    "YF": Flag.YELLOW,
    "FCY": Flag.FCY,
    "SF": Flag.SC,
    "SC": Flag.SC,
    "RF": Flag.RED,
    "FF": Flag.CHEQUERED,
    "CH": Flag.CHEQUERED,
}
"""`SF` and `FF` stand in files (2024, 2025), `CH` was seen in the live feed of IMSA; the rest in
both."""
