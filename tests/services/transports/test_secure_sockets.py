"""WebSockets over TLS: a server whose certificate is trusted, and one whose is not."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from twisted.internet.epollreactor import EPollReactor
from twisted.internet.ssl import DefaultOpenSSLContextFactory

from livetiming.services.transports import SignalR, WebSocket
from tests.services.transports.meeting import meet
from tests.services.transports.socket_contract import IDLE, PATIENT, QUICK


@pytest.fixture(scope="module")
def certificate():
    """Of a server called localhost, signed by itself; its key after it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM) + key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


@pytest.fixture
def path(certificate, tmp_path):
    path = tmp_path / "localhost.pem"
    path.write_bytes(certificate)
    return str(path)


@pytest.fixture
def tls(path):
    return DefaultOpenSSLContextFactory(path, path)


@pytest.fixture
def trusted(path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", path)


class Hub:
    def page(self, server, request):
        cookie = b"AWSALBCORS=chosen; Path=/; SameSite=None; Secure"
        request.setHeader(b"Set-Cookie", cookie)
        return json.dumps({"connectionToken": "known"}).encode()

    async def greet(self, peer):
        await peer.hear()
        peer.say("{}\x1e")
        await peer.hear()


class Plain(Hub):
    async def greet(self, peer):
        """Nothing is expected."""


async def one_word(peer):
    peer.say("word")
    peer.hang_up()


def socket(port, times=PATIENT):
    return WebSocket(f"wss://localhost:{port}/feed", times=times, allow_private=True)


@pytest.mark.usefixtures("trusted")
def test_a_server_that_is_trusted_is_heard(tls):
    met = meet(Plain(), socket, one_word, tls=tls)
    assert met.heard == ["word"]
    assert str(met.errors[0]).startswith("wss://localhost:")
    assert str(met.errors[0]).endswith("/feed hung up")


def test_a_server_that_is_not_trusted_is_not_heard(tls):
    met = meet(Plain(), socket, one_word, tls=tls)
    assert met.heard == []
    assert " before the WebSocket was open" in str(met.errors[0])
    assert met.server.steps == 0


def test_a_server_without_tls_is_told():
    met = meet(Plain(), lambda port: socket(port, QUICK), one_word)
    assert met.heard == []
    assert str(met.errors[0]).startswith("wss://localhost:")


@pytest.mark.usefixtures("trusted")
def test_silence_ends_a_secure_connection_too(tls):
    met = meet(Plain(), lambda port: socket(port, IDLE), tls=tls)
    assert str(met.errors[0]).endswith(" was silent for 0.3 s")


@pytest.mark.usefixtures("trusted")
def test_a_cookie_for_secure_connections_goes_to_the_websocket_too(tls, monkeypatch):
    reactor = EPollReactor()
    # Twisted's client for https writes by the global reactor, which does not run here
    monkeypatch.setattr("twisted.protocols.tls._get_default_clock", lambda: reactor)

    def hub(port):
        return SignalR(f"https://localhost:{port}/hub", "Subscribe", allow_private=True)

    async def feed(peer):
        peer.say('{"type":6}\x1e')
        peer.hang_up()

    met = meet(Hub(), hub, feed, tls=tls, reactor=reactor)
    assert met.heard == ['{"type":6}']
    assert [request.getHeader("cookie") for request in met.server.requests] == [
        None,
        "AWSALBCORS=chosen",
        "AWSALBCORS=chosen",
    ]


def test_a_hub_that_is_not_trusted_gets_no_token(tls):
    met = meet(
        Hub(),
        lambda port: SignalR(
            f"https://localhost:{port}/hub", "Subscribe", token="bearer.me", allow_private=True
        ),
        tls=tls,
    )
    assert met.server.requests == []
    assert "/hub/negotiate" in str(met.errors[0])
