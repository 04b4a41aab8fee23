"""What the feed says, in the forms in which it comes."""

import base64
import json
import zlib

STAMP = "2026-06-14T13:00:05.25Z"


def core(topic, content):
    return json.dumps({"type": 1, "target": "feed", "arguments": [topic, content, STAMP]})


def core_state(**state):
    return json.dumps({"type": 3, "invocationId": "1", "result": state})


def classic(topic, content):
    feed = {"H": "Streaming", "M": "feed", "A": [topic, content, STAMP]}
    return json.dumps({"C": "d-1", "M": [feed]})


def line(topic, content):
    return json.dumps({"H": "Streaming", "M": "feed", "A": [topic, content, STAMP]})


def named(topic, content):
    return json.dumps({"Type": topic, "Json": content, "DateTime": STAMP})


def python(topic, content):
    return repr([topic, content, STAMP])


FORMS = [core, classic, line, named, python]


def deflated(content):
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(squeeze.compress(content) + squeeze.flush()).decode()


def lines(**cars):
    """Of `TimingData` and its like: `n7={…}` is car 7."""
    return {"Lines": {name[1:]: said for name, said in cars.items()}}
