from autobahn.twisted.component import Component
from autobahn.wamp.types import PublishOptions, SubscribeOptions
from twisted.internet.defer import Deferred

from tests.network.running import in_reactor, reactor_in_thread


def join(router, authentication):
    """Join with Autobahn's own client; its session and how to leave."""
    reactor = reactor_in_thread()
    joined = Deferred()

    def start():
        component = Component(
            realm="timing",
            transports=[{"url": router.url, "serializers": ["cbor"], "max_retries": 0}],
            authentication=authentication,
        )
        component.on_join(lambda session, details: joined.callback((session, details)))
        over = component.start(reactor)
        over.addErrback(lambda failure: None if joined.called else joined.errback(failure))
        return joined.addTimeout(10, reactor)

    return in_reactor(start)


def leave(session):
    in_reactor(session.leave)


def test_everybody_may_join_as_anonymous(router):
    session, details = join(router, {"anonymous": {}})
    assert (details.realm, details.authrole) == ("timing", "anonymous")
    leave(session)


def test_who_knows_the_secret_joins_as_services(router):
    known = {"wampcra": {"authid": "services", "secret": router.secret}}
    session, details = join(router, known)
    assert (details.authid, details.authrole) == ("services", "services")
    leave(session)


def test_what_services_publish_anonymous_viewers_see_and_the_last_of_it_is_retained(router):
    topic = "livetiming.public.directory"
    known = {"wampcra": {"authid": "services", "secret": router.secret}}
    service, _ = join(router, known)
    retained = PublishOptions(acknowledge=True, retain=True)
    in_reactor(lambda: service.publish(topic, '{"sessions":[]}', options=retained))
    viewer, _ = join(router, {"anonymous": {}})
    seen = Deferred()

    def see():
        asked = viewer.subscribe(seen.callback, topic, options=SubscribeOptions(get_retained=True))
        return asked.addCallback(lambda _: seen).addTimeout(10, reactor_in_thread())

    assert in_reactor(see) == '{"sessions":[]}'
    leave(service)
    leave(viewer)
