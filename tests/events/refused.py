"""Lines that neither language may read: what is wrong, and the line."""

from __future__ import annotations

_DEEP = "[" * 8 + "1" + "]" * 8


def _event(rest: str) -> str:
    return '{"seq":1,"at":2,"type":' + rest + "}"


def _session(value: str) -> str:
    return _event('"changed","session":{"air":' + value + "}")


def _cell(value: str) -> str:
    return _event('"changed","cars":{"7":{"x":' + value + '}},"order":[0,["7"]]')


def _described(**fields: str | None) -> str:
    known: dict[str, str | None] = {
        "session": '"' + "a" * 32 + '"',
        "name": '"n"',
        "description": '"d"',
        "class": '"c"',
        "key": "null",
        "kind": '"race"',
        "columns": "[]",
        "track": "[]",
        "hidden": "false",
        "do_not_record": "false",
        "analysis": "true",
        "rate": "1",
        "versions": '{"livetiming":"1"}',
        **fields,
    }
    parts = (f'"{name}":{value}' for name, value in known.items() if value is not None)
    return _event('"described",' + ",".join(parts))


_NUMBERS = {
    "21.0": "21.0",
    "2.50": "2.50",
    "-0": "-0",
    "-0.0": "-0.0",
    "0.0": "0.0",
    "an exponent": "1e3",
    "a big exponent": "1E3",
    "a small exponent": "1e-3",
    "1e22": "1e22",
    "1e400": "1e400",
    "-1e400": "-1e400",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "2^53": "9007199254740992",
    "2^53+1": "9007199254740993",
    "-2^53": "-9007199254740992",
    "20 digits": "12345678901234567890",
    "400 digits": "9" * 400,
    "5 decimals": "1.23456",
    "17 decimals": "0.30000000000000004",
    "a huge fraction": "1000000000.5",
    "a leading zero": "01",
    "a plus": "+1",
    "a bare point": "1.",
    "hexadecimal": "0x10",
}

REFUSED: dict[str, str] = {
    **{f"{name} in the session": _session(text) for name, text in _NUMBERS.items()},
    **{f"{name} in a cell": _cell(text) for name, text in _NUMBERS.items()},
    **{f"{name} in a marked cell": _cell(f'[{text},"pb"]') for name, text in _NUMBERS.items()},
    **{
        f"{name} in a later field": _event(f'"closed","reason":"moved","x":{text}')
        for name, text in _NUMBERS.items()
    },
    **{
        f"{name} in a later type": _event(f'"weather","x":[{text}]')
        for name, text in _NUMBERS.items()
    },
    **{
        f"{name} as lap": _event(f'"passed","car":"1","line":"finish","lap":{text}')
        for name, text in _NUMBERS.items()
    },
    **{f"{name} as rate": _described(rate=text) for name, text in _NUMBERS.items()},
    **{
        f"{name} on a clock": _event(
            '"changed","session":{"elapsed":{"value_us":' + text + ',"at":1,"runs":true}}'
        )
        for name, text in _NUMBERS.items()
    },
    **{
        f"{name} as source_at": _event(f'"closed","source_at":{text},"reason":"moved"')
        for name, text in _NUMBERS.items()
    },
    **{f"{name} as laps": _cell('{"laps":' + text + "}") for name, text in _NUMBERS.items()},
    "half a pair of surrogates": _session('"\\ud800"'),
    "the other half": _session('"\\udc00x"'),
    "half a pair in an id": _event('"changed","cars":{"\\ud800":{}},"order":[0,["\\ud800"]]'),
    "half a pair in a message": _event(
        '"posted","category":"c","text":"\\ud800","origin":"provider"'
    ),
    "a raw control character": _session('"\t"'),
    "a boolean cell": _cell("true"),
    "a list as cell": _cell("[1]"),
    "a marked null": _cell('[null,"pb"]'),
    "an unknown mark": _cell('[1,"fast"]'),
    "three in a cell": _cell('[1,"pb",2]'),
    "a mark on a mark": _cell('[[1,"pb"],"pb"]'),
    "a nested cell": _cell('{"laps":1,"us":2}'),
    "an empty object as cell": _cell("{}"),
    "no laps": _cell('{"laps":0}'),
    "negative laps": _cell('{"laps":-1}'),
    "laps as text": _cell('{"laps":"1"}'),
    "a clock in a cell": _cell('{"value_us":1,"at":2,"runs":true}'),
    "a list in the session": _session("[1]"),
    "a boolean in the session": _session("false"),
    "a clock that lacks a field": _session('{"value_us":1,"at":2}'),
    "a clock that runs 1": _session('{"value_us":1,"at":2,"runs":1}'),
    "a key twice": _event('"closed","reason":"moved","reason":"moved"'),
    "a key twice in another spelling": _event('"closed","reason":"moved","re\\u0061son":"moved"'),
    "a key twice in a cell": _event('"changed","cars":{"7":{"x":1,"x":1}},"order":[0,["7"]]'),
    "a car twice": _event('"changed","cars":{"7":{},"7":{}},"order":[0,["7"]]'),
    "a key twice in a later type": _event('"weather","a":1,"a":2'),
    "seq twice": _event('"weather","seq":1'),
    "nine levels": _event(f'"weather","a":{_DEEP}'),
    "nine levels in a later field": _event(f'"closed","reason":"moved","a":{_DEEP}'),
    "a thousand levels": _event('"weather","a":' + "[" * 1000 + "]" * 1000),
    "nothing": "",
    "no JSON": '{"seq":1,"at":2,"type":"closed","reason":"moved"',
    "something behind it": _event('"closed","reason":"moved"') + "x",
    "two events": _event('"closed","reason":"moved"') * 2,
    "a list": "[1]",
    "a comment": _event('"closed","reason":"moved" /* x */'),
    "a comma too many": _event('"closed","reason":"moved",'),
    "single quotes": _event("'closed','reason':'moved'"),
    "type first": '{"type":"closed","seq":1,"at":2,"reason":"moved"}',
    "at first": '{"at":2,"seq":1,"type":"closed","reason":"moved"}',
    "a blank first": ' {"seq":1,"at":2,"type":"closed","reason":"moved"}',
    "blanks at the beginning": '{"seq": 1,"at":2,"type":"closed","reason":"moved"}',
    "a byte order mark": "\ufeff" + _event('"closed","reason":"moved"'),
    "seq 0": '{"seq":0,"at":2,"type":"weather"}',
    "seq -1": '{"seq":-1,"at":2,"type":"weather"}',
    "seq 01": '{"seq":01,"at":2,"type":"weather"}',
    "seq 1.0": '{"seq":1.0,"at":2,"type":"weather"}',
    "seq as text": '{"seq":"1","at":2,"type":"weather"}',
    "seq of 2^53": '{"seq":9007199254740992,"at":2,"type":"weather"}',
    "at before 1970": '{"seq":1,"at":-1,"type":"weather"}',
    "at of 2^53": '{"seq":1,"at":9007199254740992,"type":"weather"}',
    "no at": '{"seq":1,"type":"weather"}',
    "no type": '{"seq":1,"at":2}',
    "an empty type": _event('""'),
    "a type with blanks": _event('"two words"'),
    "a type of 65 letters": _event('"' + "x" * 65 + '"'),
    "a type as number": _event("1"),
    "a mark of the log": '{"type":"mark","seq":2,"chain":"426a611298c70be7"}',
    "source_at as text": _event('"closed","source_at":"1","reason":"moved"'),
    "source_at null": _event('"closed","source_at":null,"reason":"moved"'),
    "source_at as text at the end": _event('"closed","reason":"moved","source_at":"1"'),
    "no change": _event('"changed"'),
    "no change but a later field": _event('"changed","x":1'),
    "empty cars": _event('"changed","cars":{}'),
    "empty removed": _event('"changed","removed":[],"session":{"air":1}'),
    "an empty order": _event('"changed","order":[0,[]]'),
    "an empty session": _event('"changed","session":{},"cars":{"7":{}},"order":[0,["7"]]'),
    "order null": _event('"changed","order":null,"session":{"air":1}'),
    "cars null": _event('"changed","cars":null,"session":{"air":1}'),
    "an order before the first place": _event('"changed","order":[-1,["7"]]'),
    "an order of numbers": _event('"changed","order":[0,[7]]'),
    "an order without a place": _event('"changed","order":["7"]'),
    "cars as a list": _event('"changed","cars":[{}]'),
    "a car as text": _event('"changed","cars":{"7":"x"}'),
    "removed as text": _event('"changed","removed":"7"'),
    **{
        f"the car id {car[:12]!r}": _event(
            '"changed","cars":{"' + car + '":{}},"order":[0,["' + car + '"]]'
        )
        for car in ("", "__proto__", "constructor", "prototype", "x" * 33, "🏁" * 33)
    },
    **{
        f"the car id {car[:12]!r} in a crossing": _event(
            '"passed","car":"' + car + '","line":"finish"'
        )
        for car in ("", "__proto__", "x" * 33)
    },
    **{
        f"the car id {car[:12]!r} in a message": _event(
            '"posted","category":"c","text":"t","car":"' + car + '","origin":"derived"'
        )
        for car in ("", "__proto__", "x" * 33)
    },
    **{
        f"the name {name[:12]!r} {where}": line
        for name in (
            "",
            "id",
            "constructor",
            "prototype",
            "__proto__",
            "Num",
            "1st",
            "a-b",
            "ü",
            "x" * 33,
        )
        for where, line in (
            ("of a cell", _event('"changed","cars":{"7":{"' + name + '":1}},"order":[0,["7"]]')),
            ("of a session field", _event('"changed","session":{"' + name + '":1}')),
            ("of a line", _event('"passed","car":"1","line":"' + name + '"')),
            (
                "of a column",
                _described(columns='[{"id":"' + name + '","type":"text","title":"t"}]'),
            ),
            (
                "of a track column",
                _described(track='[{"id":"' + name + '","type":"text","title":"t"}]'),
            ),
        )
    },
    **{
        f"a description without {field}": _described(**{field: None})
        for field in (
            *("session", "name", "description", "class", "key", "kind", "columns", "track"),
            *("hidden", "do_not_record", "analysis", "rate", "versions"),
        )
    },
    **{
        f"a description with {field} null": _described(**{field: "null"})
        for field in (
            *("session", "name", "kind", "columns", "hidden", "rate", "versions", "writer"),
            *("attribution", "venue", "timezone", "continues", "made_from"),
        )
    },
    "a foreign session id": _described(session='"ABC"'),
    "a session id of capitals": _described(session='"' + "A" * 32 + '"'),
    "a class with a dot": _described(**{"class": '"../x"'}),
    "an unknown kind": _described(kind='"sprint"'),
    "a text for a boolean": _described(hidden='"no"'),
    "a number for a boolean": _described(hidden="0"),
    "rate as text": _described(rate='"1"'),
    "a negative writer": _described(writer="-1"),
    "a writer that is none": _described(writer="1.5"),
    "a column of an unknown type": _described(columns='[{"id":"a","type":"html","title":"t"}]'),
    "a column without a title": _described(columns='[{"id":"a","type":"text"}]'),
    "a column with null for its description": _described(
        columns='[{"id":"a","type":"text","title":"t","description":null}]'
    ),
    "an attribution without text": _described(attribution="{}"),
    "an attribution with null for its address": _described(attribution='{"text":"t","url":null}'),
    "versions without ours": _described(versions='{"plugin":"1"}'),
    "versions with null": _described(versions='{"livetiming":"1","plugin":null}'),
    "continues no session": _described(continues='"x"'),
    "made from no session": _described(made_from='["x"]'),
    "made from text": _described(made_from='"' + "a" * 32 + '"'),
    "a crossing without a car": _event('"passed","line":"finish"'),
    "a crossing with null for its lap": _event('"passed","car":"1","line":"finish","lap":null'),
    "a message without an origin": _event('"posted","category":"c","text":"t"'),
    "a message of an unknown origin": _event('"posted","category":"c","text":"t","origin":"us"'),
    "a message with null for its style": _event(
        '"posted","category":"c","text":"t","style":null,"origin":"derived"'
    ),
    "a message with style 1": _event(
        '"posted","category":"c","text":"t","style":1,"origin":"derived"'
    ),
    "an unknown status": _event('"feed","status":"fine"'),
    "a status null": _event('"feed","status":null'),
    "a reason null": _event('"feed","status":"live","reason":null'),
    "a writer in words": _event('"feed","status":"resumed","writer":"me"'),
    "one number for previous": _event(
        '"feed","status":"resumed","writer":1,"previous":[1],"adopted":0'
    ),
    "adopted below nothing": _event(
        '"feed","status":"resumed","writer":1,"previous":[1,2],"adopted":-1'
    ),
    "an unknown reason": _event('"closed","reason":"bored"'),
    "no reason": _event('"closed"'),
    "next null": _event('"closed","reason":"moved","next":null'),
    "next no session": _event('"closed","reason":"moved","next":"x"'),
    "a prototype instead of a reason": _event('"closed","__proto__":{"reason":"moved"}'),
}

HUGE: dict[str, str] = {
    "sixty thousand levels": _event('"weather","a":' + "[" * 30_000 + "]" * 30_000),
    "over 64 KiB": _event('"weather","a":"' + "x" * 65_536 + '"'),
    "over 64 KiB of UTF-8": _event('"weather","a":"' + "ü" * 32_768 + '"'),
}
"""Too long for a file of vectors; the TypeScript tests make their own."""
