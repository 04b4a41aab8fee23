"""The state of the feed as its server keeps it: deltas merged whole, as the protocol says, with no
thought for what any of it means. The parser never keeps it, and must show the same.
"""


def merge(state, delta):
    """What a state is after a delta; neither is changed."""
    if not isinstance(delta, dict):
        return delta
    merged = dict(_mapped(state)) if isinstance(state, dict | list) else {}
    for key, value in delta.items():
        if key not in ("_deleted", "_kf"):
            merged[key] = merge(merged.get(key), value)
    for key in delta.get("_deleted", ()):
        merged.pop(key, None)
    return merged


def _mapped(value):
    return value if isinstance(value, dict) else {str(n): each for n, each in enumerate(value)}
