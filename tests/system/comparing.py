"""Whether everybody has the same history: the service, the recording, the viewers."""

from livetiming.errors import LogError
from livetiming.events import state_hash
from livetiming.events.log import Form, RealDisk, Seq, Status, open_reader, verify
from livetiming.events.state import canonical
from tests.cli.programs import wait_for

MOMENTS = 50


def recording_of(folder, session, lines=1, patience_s=60):
    """Wait until a session is sealed with so many lines, in one file and no more; its path."""
    data = folder / "livetiming-data"

    def check():
        growing = list((data / "temp").glob(f"{session}*.jsonl*"))
        found = list((data / "recordings").glob(f"*{session}*"))
        return not growing and found and _has(found[0], lines) and found

    found = wait_for(check, f"the recording of {session}", patience_s)
    assert len(found) == 1, f"more than one recording: {found}"
    return found[0]


def is_recorded(log, recording):
    """See that a recording is whole, and equal to the service's own log in every line.

    Returns: how many lines those are.
    """
    for path, form in ((log, Form.GROWING), (recording, Form.SEALED)):
        verdict = verify(RealDisk(), path)
        assert (verdict.status, verdict.form) == (Status.WHOLE, form), verdict
    with open_reader(RealDisk(), log) as own, open_reader(RealDisk(), recording) as sealed:
        ours, theirs = _lines(own), _lines(sealed)
        assert len(theirs) == len(ours), f"{len(ours)} lines, {len(theirs)} recorded"
        assert theirs == ours
        assert sealed.last().chain == own.last().chain
        assert canonical(sealed.last().state) == canonical(own.last().state)
        return len(ours)


def shows_the_same(log, recording, watchers, *, ended=True):
    """See that no viewer heard or showed anything else than what is recorded.

    Args:
        log: the service's own.
        recording: of it.
        watchers: of it.
        ended: whether each must have come to the end.
    Returns: how many moments were compared.
    """
    with open_reader(RealDisk(), log) as own, open_reader(RealDisk(), recording) as sealed:
        lines, hashes = _lines(sealed), _hashes(own)
        shown = {}
        for watcher in watchers:
            assert watcher.faults == []
            for (_, seq), line in watcher.heard.items():
                assert seq <= len(lines), f"line {seq} was published, and is not recorded"
                assert lines[seq - 1] == line, f"line {seq} was published otherwise"
            for seq, there in watcher.shown.items():
                assert there == hashes[seq], f"line {seq}: a viewer had another state"
            shown.update(watcher.shown)
            if ended:
                assert watcher.seq == len(lines)
                assert canonical(watcher.state) == canonical(sealed.last().state)
        moments = _spread(sorted(shown))
        for seq in moments:
            assert state_hash(sealed.at(Seq(seq)).state) == shown[seq] == hashes[seq]
        return len(moments)


def _has(path, lines):
    try:
        with open_reader(RealDisk(), path) as reader:
            return reader.last().seq >= lines
    except LogError:  # it is being opened again
        return False


def _lines(reader):
    return [line for line, _ in reader.events()]


def _hashes(reader):
    """The hash of the state at each line."""
    folded = reader.start()
    return {event.seq: state_hash(folded.state) for _, event in reader.events(folded)}


def _spread(seqs):
    """So many of them, the first and the last among them."""
    last = len(seqs) - 1
    return sorted({seqs[round(last * number / (MOMENTS - 1))] for number in range(MOMENTS)})
