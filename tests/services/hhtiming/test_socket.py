"""The provider on a real connection, in pieces that are cut anywhere, in mid-delimiter too."""

from livetiming.services.hhtiming import PLUGIN, Options
from tests.services.hhtiming.feed import beat, competitor, lap, laptimes, session
from tests.services.line_server import LineServer
from tests.services.multiloop.live import follow_live


def test_a_server_on_a_real_port_is_followed():
    documents = [session(), competitor("7", team="Équipe"), beat(), lap("7", total=100.0),
                 laptimes("7", 1, 100.0), beat(61)]  # fmt: skip
    feed = b"".join(one.encode() + b"<EOM>" for one in documents) + b'{"$type": "cut off'

    def serve(connection, _number):
        for place in range(0, len(feed), 11):
            connection.sendall(feed[place : place + 11])

    with LineServer(serve) as server:
        followed = follow_live(PLUGIN, "hhtiming", Options(host="127.0.0.1", port=server.port))
    (log,) = followed.logs
    assert log.state.described.key == "976"
    assert (log.state.cars["7"]["laps"], log.state.cars["7"]["team"]) == (1, "Équipe")
    assert [e.payload.lap for e in log.events if hasattr(e.payload, "lap_us")] == [1]
    assert not followed.skipped
