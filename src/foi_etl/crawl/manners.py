"""Who we are, how often we knock, and what a host forbids."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from contextlib import contextmanager, nullcontext
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from protego import Protego

from foi_etl.crawl.refusals import REFUSING
from foi_etl.errors import FixTheRegistry, Refused, WaitAndRetry
from foi_etl.model import Ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from foi_etl.crawl.turns import Turns

_SERVER_TROUBLE = 500
_TOO_MANY = 429
_LONGEST_DELAY = 60.0


def introduce(contact: str) -> str:
    """The User-Agent we send: what we are, and where a portal that objects can write to."""
    if not contact.strip().isascii() or not contact.strip():
        raise FixTheRegistry(
            "a contact is needed before any portal is asked: set it to an address or a web page"
        )
    return f"foi-etl/0.1 (research on open government reports; +{contact.strip()})"


def origin(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def robots_ask(url: str) -> Ask:
    """The ask for the robots.txt that speaks for a url."""
    return Ask(f"{origin(url)}/robots.txt")


class RobotsAnswer(NamedTuple):
    """What came when robots.txt was asked for."""

    status: int
    text: str


class Robots:
    """What one origin lets us do. A refusal of robots.txt itself is a refusal of everything."""

    def __init__(self, answer: RobotsAnswer, user_agent: str) -> None:
        if answer.status == _TOO_MANY or (answer.status >= _SERVER_TROUBLE and answer.status not in REFUSING):
            raise WaitAndRetry(
                "robots.txt is not to be had, so we may not ask yet: try later", status=answer.status
            )
        self._agent = user_agent
        self._refused = answer.status in REFUSING
        self._rules = Protego.parse(answer.text if answer.status < 300 else "")

    def allows(self, url: str) -> bool:
        """Whether we may ask for the url."""
        return not self._refused and bool(self._rules.can_fetch(url, self._agent))

    @property
    def delay(self) -> float:
        """The pause it asks for, in seconds; nobody waits for more than a minute."""
        return min(float(self._rules.crawl_delay(self._agent) or 0), _LONGEST_DELAY)

    def check(self, url: str) -> None:
        """Raise Refused unless we may ask for the url."""
        if not self.allows(url):
            raise Refused(
                "robots.txt says no: it is recorded and not fought, a person may write to them",
                url=url,
                sign="robots.txt",
            )


class Gate:
    """Lets one request at a time through to a host, each a pause after the end of the last.

    With `turns` that holds among processes too. A pause is never shorter than said, and longer by chance:
    `jitter` gives the part it is longer by.
    """

    def __init__(
        self,
        pause: float,
        *,
        paces: Mapping[str, float] = MappingProxyType({}),
        jitter: Callable[[], float] = lambda: 0.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        turns: Turns | None = None,
    ) -> None:
        self._pause = pause
        self._shared = turns
        self._monotonic = monotonic
        self._sleep = sleep
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._pauses: dict[str, float] = dict(paces)
        self._jitter = jitter
        self._not_before: dict[str, float] = {}
        self._guard = threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """The right to ask the host once."""
        with self._guard:
            lock = self._turns[host]
        with lock:
            wait = self._not_before.get(host, 0.0) - self._monotonic()
            if wait > 0:
                self._sleep(wait)
            left = lambda: max(0.0, self._not_before[host] - self._monotonic())  # noqa: E731  # asked at the end
            with self._shared.turn(host, left) if self._shared else nullcontext():
                try:
                    yield
                finally:
                    self.hold(host, self._pauses.get(host, self._pause) * (1 + self._jitter()))

    def slow(self, host: str, pause: float) -> None:
        """Never ask this host faster than that, from its last answer on."""
        if pause > self._pauses.get(host, self._pause):
            self._pauses[host] = pause
            self.hold(host, pause)

    def hold(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long from now."""
        self._not_before[host] = max(self._not_before.get(host, 0.0), self._monotonic() + seconds)
