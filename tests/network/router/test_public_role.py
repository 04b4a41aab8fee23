"""Reliability row 20: somebody without the secret can look, ask, and nothing else."""

import http.client

import pytest

from tests.network.raw import (
    ABORT,
    CALL,
    ERROR,
    HELLO,
    INVOCATION,
    PUBLISH,
    REGISTER,
    REGISTERED,
    RESULT,
    ROLES,
    SUBSCRIBE,
    SUBSCRIBED,
    YIELD,
    HungUp,
    RawClient,
    Refused,
)

ID = "0123456789abcdef0123456789abcdef"
TOPICS = (
    "livetiming.public.directory",
    f"livetiming.public.session.{ID}.events",
    "livetiming.internal.announce",
    "livetiming.rpc.directory.list",
    "wamp.session.on_join",
    "crossbar.node.on_shutdown",
    "x",
)
INTERNAL = (
    "livetiming.internal.announce",
    f"livetiming.internal.session.{ID}.recorded",
    "livetiming.rpc.directory.list",
    "livetiming.publicly",
    "wamp.session.on_join",
    "wamp.session.on_leave",
    "wamp.subscription.on_create",
    "wamp.registration.on_create",
    "wamp.metaevent.session.on_join",
    "crossbar.node.livetiming.on_ready",
)
WIDE = (
    ("livetiming.", "prefix"),
    ("livetiming.public", "prefix"),
    ("livetiming.internal.", "prefix"),
    ("wamp.", "prefix"),
    ("wamp.session.", "prefix"),
    ("crossbar.", "prefix"),
    ("l", "prefix"),
    ("", "prefix"),
    ("..", "wildcard"),
    ("livetiming..announce", "wildcard"),
    ("livetiming.internal..", "wildcard"),
    (f".internal.session.{ID}.recorded", "wildcard"),
    (".public.directory", "wildcard"),
    ("wamp..", "wildcard"),
)
PROCEDURES = (
    "livetiming.internal.directory.list",
    "livetiming.internal.recordings.page",
    "livetiming.internal.dvr.continue",
    f"livetiming.internal.log.{ID}.{ID}.events",
    "livetiming.public.directory",
    "livetiming.auth.cra",
    "livetiming.authenticate",
    "wamp.session.count",
    "wamp.session.list",
    "wamp.session.get",
    "wamp.session.kill",
    "wamp.session.kill_all",
    "wamp.session.kill_by_authid",
    "wamp.session.kill_by_authrole",
    "wamp.session.add_testament",
    "wamp.session.flush_testaments",
    "wamp.session.modify_details",
    "wamp.registration.list",
    "wamp.registration.lookup",
    "wamp.registration.match",
    "wamp.registration.get",
    "wamp.registration.list_callees",
    "wamp.registration.count_callees",
    "wamp.registration.remove_callee",
    "wamp.subscription.list",
    "wamp.subscription.lookup",
    "wamp.subscription.match",
    "wamp.subscription.get",
    "wamp.subscription.list_subscribers",
    "wamp.subscription.count_subscribers",
    "wamp.subscription.remove_subscriber",
    "wamp.subscription.get_events",
    "wamp.topic.history.last",
    "wamp.schema.describe",
    "wamp.schema.define",
    "wamp.reflection.describe",
    "crossbar.get_status",
    "crossbar.shutdown",
    "crossbar.worker.router1.get_router_realms",
    "crossbar.worker.router1.start_router_component",
    "com.example.echo",
)
REGISTRATIONS = (
    ("livetiming.rpc.directory.list", {}),
    (f"livetiming.rpc.session.{ID}.events", {"invoke": "last"}),
    ("livetiming.rpc.session.", {"match": "prefix"}),
    ("livetiming.rpc..list", {"match": "wildcard"}),
    ("livetiming.internal.dvr.continue", {"force_reregister": True}),
    ("livetiming.public.echo", {}),
    ("wamp.session.kill", {}),
    ("com.example.echo", {}),
)
HTTP = (
    "/call",
    "/publish",
    "/info",
    "/node",
    "/call/livetiming.rpc.directory.list",
    "/longpoll",
    "/lp",
    "/lp/open",
    "/.crossbar",
    "/config.json",
    "/key.priv",
    "/node.pid",
    "/router/config.json",
    "/upload",
    "/auth",
    "/proxy",
    "/status",
    "/autobahn",
    "/shared",
    "/console",
    "/admin",
)
REFUSALS = {"wamp.error.not_authorized", "wamp.error.invalid_uri"}


@pytest.fixture(scope="module", params=["json", "cbor"])
def stranger(router, request):
    with RawClient(router.port, request.param) as client:
        assert client.join()["authrole"] == "anonymous"
        yield client


def refused(answer):
    return answer[0] == ERROR and answer[4] in REFUSALS


def test_there_are_more_than_sixty_probes():
    every = (*TOPICS, *INTERNAL, *WIDE, *PROCEDURES, *REGISTRATIONS, *HTTP)
    assert len(every) > 60


@pytest.mark.parametrize("topic", TOPICS)
def test_a_stranger_publishes_nothing(stranger, topic):
    assert refused(stranger.ask(PUBLISH, {"acknowledge": True}, topic, ["x"]))


@pytest.mark.parametrize("topic", INTERNAL)
def test_a_stranger_hears_nothing_internal(stranger, topic):
    assert refused(stranger.ask(SUBSCRIBE, {}, topic))


@pytest.mark.parametrize(("uri", "match"), WIDE)
def test_a_stranger_does_not_hear_more_by_a_pattern(stranger, uri, match):
    assert refused(stranger.ask(SUBSCRIBE, {"match": match}, uri))


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_a_stranger_calls_nothing_internal(stranger, procedure):
    assert refused(stranger.ask(CALL, {}, procedure, []))


@pytest.mark.parametrize(("uri", "options"), REGISTRATIONS)
def test_a_stranger_registers_nothing(stranger, uri, options):
    assert refused(stranger.ask(REGISTER, options, uri))


@pytest.mark.parametrize("uri", ["livetiming.public.Directory", "livetiming.public.a-b", "a..b"])
def test_a_topic_that_is_no_strict_name_is_refused(stranger, uri):
    assert refused(stranger.ask(SUBSCRIBE, {}, uri))


@pytest.mark.parametrize("path", HTTP)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_http_gives_nothing_but_files(router, path, method):
    asked = http.client.HTTPConnection("127.0.0.1", router.port, timeout=10)
    body = b'{"procedure":"livetiming.rpc.directory.list"}' if method == "POST" else None
    asked.request(method, path, body=body)
    answer = asked.getresponse()
    assert answer.status in ({404} if method == "GET" else {404, 405})
    assert answer.getheader("Access-Control-Allow-Origin") is None
    assert answer.getheader("Server") is None
    assert b"rossbar" not in answer.read()
    asked.close()


def test_who_comes_to_the_websocket_without_one_is_told_nothing(router):
    asked = http.client.HTTPConnection("127.0.0.1", router.port, timeout=10)
    asked.request("GET", "/ws")
    answer = asked.getresponse()
    assert answer.status == 426
    said = f"{answer.headers}{answer.read().decode()}".lower()
    assert not [name for name in ("crossbar", "autobahn", "twisted", "python") if name in said]
    asked.close()


def test_a_stranger_looks_and_asks(router, stranger):
    for topic in ("livetiming.public.directory", f"livetiming.public.session.{ID}.events"):
        assert stranger.ask(SUBSCRIBE, {}, topic)[0] == SUBSCRIBED
    nobody = stranger.ask(CALL, {}, "livetiming.rpc.nobody.there")
    assert nobody[4] == "wamp.error.no_such_procedure"


def test_what_a_stranger_publishes_without_asking_for_an_answer_reaches_nobody(router):
    topic = "livetiming.public.directory"
    with RawClient(router.port) as viewer, RawClient(router.port) as stranger:
        viewer.join()
        stranger.join()
        with RawClient(router.port) as service:
            service.join_as_service(router.secret)
            assert viewer.ask(SUBSCRIBE, {}, topic)[0] == SUBSCRIBED
            stranger.send(PUBLISH, 1, {}, topic, ["forged"])
            stranger.ask(CALL, {}, "livetiming.rpc.nobody.there")
            service.send(PUBLISH, 1, {}, topic, ["true"])
            assert viewer.message()[4] == ["true"]


@pytest.mark.parametrize(
    "asked",
    [
        {"authmethods": ["anonymous"], "authrole": "services"},
        {"authmethods": ["anonymous"], "authid": "services"},
        {"authmethods": ["anonymous"], "authid": "services", "authrole": "trusted"},
        {"authmethods": []},
        {},
    ],
)
def test_no_claim_makes_a_stranger_one_of_ours(router, asked):
    with RawClient(router.port) as client:
        client.send(HELLO, "timing", {"roles": ROLES, **asked})
        kind, *rest = client.message()
        if kind != ABORT:
            assert rest[1]["authrole"] == "anonymous"
            assert refused(client.ask(CALL, {}, "livetiming.internal.directory.list"))


@pytest.mark.parametrize("method", ["ticket", "scram", "cryptosign", "cookie", "tls", "trusted"])
def test_other_ways_to_join_are_closed(router, method):
    with RawClient(router.port) as client, pytest.raises(Refused) as refusal:
        client.join(authmethods=[method], authid="services")
    assert refusal.value.kind == ABORT


@pytest.mark.parametrize(
    ("secret", "authid"),
    [
        ("", "services"),
        ("x", "services"),
        ("${LIVETIMING_SHARED_SECRET}", "services"),
        ("LIVETIMING_SHARED_SECRET", "services"),
        ("SECRETx", "services"),
        ("SECRET", "anonymous"),
        ("SECRET", "guard"),
        ("SECRET", ""),
        ("SECRET", "Services"),
    ],
)
def test_a_wrong_secret_or_name_does_not_join(router, secret, authid):
    said = secret.replace("SECRET", router.secret) if secret.startswith("SECRET") else secret
    with RawClient(router.port) as client, pytest.raises(Refused) as refusal:
        client.join_as_service(said, authid)
    assert refusal.value.kind == ABORT


@pytest.mark.parametrize("realm", ["crossbar", "Timing", "", "timing.", "com.crossbario.fabric"])
def test_there_is_one_realm(router, realm):
    with RawClient(router.port) as client:
        client.send(HELLO, realm, {"roles": ROLES, "authmethods": ["anonymous"]})
        try:
            answer = client.message()[0]
        except HungUp:
            answer = ABORT
        assert answer == ABORT


def test_services_do_what_is_ours_and_nothing_of_the_routers_own(router):
    with RawClient(router.port, "cbor") as service:
        assert service.join_as_service(router.secret)["authrole"] == "services"
        registered = service.ask(REGISTER, {}, "livetiming.internal.probe.echo")
        assert registered[0] == REGISTERED
        for procedure in ("wamp.session.list", "wamp.session.kill", "crossbar.get_status"):
            assert refused(service.ask(CALL, {}, procedure, []))
        for topic in ("wamp.session.on_join", "com.example.topic"):
            assert refused(service.ask(SUBSCRIBE, {}, topic))
        assert refused(service.ask(REGISTER, {}, "wamp.session.list"))


def test_who_is_asked_knows_by_whom_so_that_one_caller_can_be_told_from_another(router):
    procedure = "livetiming.rpc.probe.who"
    with RawClient(router.port) as service, RawClient(router.port) as viewer:
        service.join_as_service(router.secret)
        viewer.join()
        assert service.ask(REGISTER, {}, procedure)[0] == REGISTERED
        viewer.send(CALL, 1, {}, procedure)
        invocation = service.message()
        assert invocation[0] == INVOCATION
        assert isinstance(invocation[3]["caller"], int)
        assert invocation[3]["caller_authrole"] == "anonymous"
        service.send(YIELD, invocation[1], {}, ["yes"])
        assert viewer.message()[::3] == [RESULT, ["yes"]]
