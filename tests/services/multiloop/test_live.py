"""The provider on a real connection, in pieces that are cut anywhere."""

from livetiming.services.multiloop import PLUGIN, Options
from tests.services.line_server import LineServer
from tests.services.live import follow_live
from tests.services.multiloop.feed import beat, crossing, entry, result, run


def test_a_server_on_a_real_port_is_followed():
    lines = [run(), entry("7", 1, "Ann"), beat(), crossing("7"), result("7"), beat(61)]
    feed = b"".join(line + b"\r\n" for line in lines)

    def serve(connection, _number):
        for place in range(0, len(feed), 7):
            connection.sendall(feed[place : place + 7])

    with LineServer(serve) as server:
        followed = follow_live(PLUGIN, "multiloop", Options(host="127.0.0.1", port=server.port))
    (log,) = followed.logs
    assert log.state.described.key == "Q1 Sprint Cup Race 1"
    assert log.state.cars["7"]["laps"] == 1
    assert [e.payload.lap for e in log.events if hasattr(e.payload, "lap_us")] == [1]
    assert not followed.skipped
