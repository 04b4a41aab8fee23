"""Python and TypeScript fold alike: the vectors that both replay, and lines that both refuse."""

import json
from pathlib import Path

import pytest

from livetiming.errors import BadLine
from livetiming.events import State, apply, decode, encode, state_hash
from livetiming.events.state import as_json, from_json
from tests.events import make_vectors, node
from tests.events.refused import HUGE, REFUSED

FILES = sorted(path.name for path in make_vectors.FOLDER.glob("*.jsonl"))
BUILD = Path(__file__).parents[2] / "build" / "vectors"


def test_the_committed_vectors_are_what_python_makes_now():
    made = make_vectors.vectors()
    there = {
        path.name: path.read_text("utf-8")
        for path in make_vectors.FOLDER.iterdir()
        if path.is_file()
    }
    assert there.keys() == made.keys()
    assert [name for name in made if made[name] != there[name]] == [], (
        "run python -m tests.events.make_vectors, and look at what changed"
    )


def test_the_committed_vectors_stay_small():
    assert sum(path.stat().st_size for path in make_vectors.FOLDER.iterdir()) < 600_000


@pytest.mark.parametrize("file", FILES)
def test_python_sees_the_hashes_of_each_vector(file):
    for text in (make_vectors.FOLDER / file).read_text("utf-8").split("\n")[:-1]:
        vector = json.loads(text)
        start = json.dumps(vector["start"], ensure_ascii=False).encode()
        state = State() if vector["start"] is None else from_json(start)
        for line, expected in vector["steps"]:
            apply(state, decode(line.encode()))
            assert state_hash(state) == expected, (vector["name"], line)
        assert state_hash(from_json(as_json(state))) == state_hash(state)


def test_no_vector_goes_without_its_run_in_typescript():
    statuses = node.vitest("src/feed/vectors.test.ts", "src/feed/refused.test.ts")
    expected = [f"vector file {file}" for file in FILES]
    expected += [f"a line with {what} is refused" for what in REFUSED]
    missing = [name for name in expected if statuses.get(name) != "passed"]
    assert missing == []
    assert set(statuses.values()) == {"passed"}


@pytest.mark.reliability
@pytest.mark.timeout(600)
def test_twenty_thousand_pairs_have_the_same_hash_in_python_and_typescript():
    BUILD.mkdir(parents=True, exist_ok=True)
    for path in BUILD.glob("*.jsonl"):
        path.unlink()
    expected = []
    for seed in range(20):
        path = BUILD / f"pairs-{seed}.jsonl"
        lines = make_vectors.pair_vectors(seed, 1_000)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        expected.append(f"vector file {path.name}")
    statuses = node.vitest("src/feed/vectors.test.ts", vectors=BUILD)
    assert [name for name in expected if statuses.get(name) != "passed"] == []


@pytest.mark.parametrize("what", [*REFUSED, *HUGE])
def test_a_line_is_refused_with(what):
    with pytest.raises(BadLine):
        decode((REFUSED | HUGE)[what].encode())


def test_a_pair_of_surrogates_written_as_bytes_is_no_utf8():
    for tag in ("closed", "weather"):
        with pytest.raises(BadLine):
            decode(
                b'{"seq":1,"at":2,"type":"%b","reason":"moved","x":"\xed\xa0\x80"}' % tag.encode()
            )


def test_every_vector_line_that_python_wrote_is_written_the_same_way_again():
    for file in ("six_lines", "random", "orders", "cars", "values", "closing", "described"):
        for text in (make_vectors.FOLDER / f"{file}.jsonl").read_text("utf-8").split("\n")[:-1]:
            for line, _ in json.loads(text)["steps"]:
                assert file == "closing" or encode(decode(line.encode())) == line.encode()


def test_without_its_node_packages_the_suite_fails_and_says_what_installs_them(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(node, "WEB", tmp_path)
    with pytest.raises(pytest.fail.Exception, match="make test"):
        node.vitest("src/feed/vectors.test.ts")
