"""Web addresses to bytes, politely and once: robots.txt is obeyed, hosts get time, and a page once had is kept on disk.

Everything polite sits in the adapter that sends a request, so it holds for redirections too, and costs nothing for a
page from the cache.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from threading import Lock
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urldefrag, urljoin, urlsplit

from yaodian.errors import UnreadableError
from yaodian.version import __version__

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

USER_AGENT = f"yaodian/{__version__}"
SIZE_LIMIT = 100 * 1024 * 1024
"""Bytes; a larger answer is not kept."""
_ADDRESS = re.compile(r"\s*(?P<url>https?://[^\s/?#]+\S*)(?:\s+(?P<title>\S.*?))?\s*", re.IGNORECASE)
_TRY_AGAIN = (429, 500, 502, 503, 504)
_LONGEST_WAIT = 120
_CHUNK = 1 << 16
_ROBOTS_LIMIT = 500 * 1024
_ROBOTS_MOVES = 5
_TIME = "X-Yaodian-Fetched"
"""Header that carries the time of fetching through the cache."""


@dataclass(frozen=True, slots=True)
class Address:
    """One line of a list of addresses."""

    url: str
    title: str | None = None


def addresses(text: str) -> list[Address] | None:
    """Read a list of web addresses: one http(s) address a line, after white space optionally a title.

    Blank lines and lines that begin with `#` do not count.

    Returns:
        The addresses in order, each once, or None where a line is anything else or none is an address.
    """
    found: dict[str, Address] = {}
    for line in text.removeprefix("\ufeff").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _ADDRESS.fullmatch(line)
        if not match:
            return None
        found.setdefault(match["url"], Address(match["url"], match["title"]))
    return list(found.values()) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address gave."""

    url: str
    """As asked for."""
    final_url: str
    """After redirections."""
    data: bytes
    fetched: str
    """When it came from the network: ISO 8601, UTC, to the second."""
    content_type: str | None
    """As the server named it, without parameters."""
    charset: str | None
    """As the server named it."""
    from_cache: bool


class Fetcher:
    """Fetches pages; close it, or use it as a context.

    Args:
        cache: folder of fetched pages; a later run with the same folder asks no server for them again.
        pause: seconds between two requests to one host; a longer Crawl-delay of its robots.txt counts instead.
        retries: further tries after status 429, 500, 502, 503 or 504 or a lost connection.
        wait: seconds before the first further try, doubled for each next one; a server's Retry-After counts instead.
        timeout: seconds to wait for a connection, and for each part of an answer.
        user_agent: how the program names itself to servers and finds itself in robots.txt.
        size_limit: bytes of the largest page taken.
    """

    def __init__(
        self,
        cache: Path,
        *,
        pause: float = 1.0,
        retries: int = 3,
        wait: float = 2.0,
        timeout: float = 30.0,
        user_agent: str = USER_AGENT,
        size_limit: int = SIZE_LIMIT,
    ) -> None:
        self._cache = cache
        self._timeout = timeout
        self._user_agent = user_agent
        self._manners = _Manners(pause=pause, retries=retries, wait=wait, agent=user_agent, size_limit=size_limit)
        self._opened: Any = None
        self._opening = Lock()

    def __enter__(self) -> Self:
        """Return the fetcher."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Close connections and cache."""
        if self._opened is not None:
            self._opened.close()
            self._opened.cache.close()
            self._opened = None

    def fetch(self, url: str) -> Fetched:
        """Get a page, from the cache where it was fetched before.

        Raises:
            UnreadableError: `not_fetched` where the address gives no page, `too_large` beyond the size limit.
        """
        from requests import RequestException

        if not url.lower().startswith(("http://", "https://")):
            raise _failed(url, "no http or https address; correct the list")
        try:
            response = self._session().get(urldefrag(url).url, timeout=self._timeout, stream=True)
        except _RefusedError as error:
            raise UnreadableError(f"{url}: {error}", reason=error.reason) from None
        except (RequestException, UnicodeError, ValueError) as error:
            raise _failed(url, _explained(error, self._timeout)) from error
        if response.status_code != 200:  # noqa: PLR2004
            raise _failed(url, f"status {response.status_code} {response.reason or ''}".strip() + "; check the address")
        if not response.content.strip():
            raise _failed(url, "an empty answer; check the address in a browser")
        content = Message()
        content["Content-Type"] = response.headers.get("Content-Type", "")
        return Fetched(
            url=url,
            final_url=response.url,
            data=response.content,
            fetched=response.headers[_TIME],
            content_type=content.get_content_type() if content["Content-Type"] else None,
            charset=content.get_content_charset(),
            from_cache=response.from_cache,
        )

    def _session(self) -> Any:
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> Any:
        from requests_cache import CachedSession
        from requests_cache.backends.filesystem import FileCache

        # Bytes are kept as they came: decoded as text, a page in GBK would be another one.
        kept = FileCache(self._cache, decode_content=False)
        session = CachedSession(backend=kept, expire_after=-1, cache_control=False, allowable_methods=("GET",))
        session.headers["User-Agent"] = self._user_agent
        session.max_redirects = 10
        adapter = self._manners.adapter()
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session


def _failed(url: str, what: str) -> UnreadableError:
    return UnreadableError(f"{url}: {what}", reason="not_fetched")


class _RefusedError(Exception):
    """A page that is not taken, with what to do; `reason` is an `UnreadableError`'s."""

    def __init__(self, message: str, *, reason: str = "not_fetched") -> None:
        super().__init__(message)
        self.reason = reason


def _explained(error: Exception, timeout: float) -> str:
    from requests import exceptions as known

    if isinstance(error, known.Timeout) or "timed out" in str(error):
        return f"no answer within {timeout:g} seconds; try again later"
    if isinstance(error, known.SSLError):
        return "the server's certificate is not valid; save the page from a browser"
    if isinstance(error, known.TooManyRedirects):
        return "redirected more than 10 times; check the address in a browser"
    if isinstance(error, (known.ConnectionError, known.ChunkedEncodingError, known.ContentDecodingError)):
        return "no connection, or it broke off; check the address and the network, or try again later"
    return "no address that can be asked for; check it in a browser"


@dataclass(slots=True)
class _Host:
    lock: Any
    next_request: float = 0.0
    pause: float = 0.0
    robots: Any = None
    refused: str | None = None


class _Manners:
    """How requests are sent: one at a time a host, with pauses, after a look at its robots.txt."""

    def __init__(self, *, pause: float, retries: int, wait: float, agent: str, size_limit: int) -> None:
        self._pause = pause
        self._retries = retries
        self._wait = wait
        self._agent = agent
        self._size_limit = size_limit
        self._hosts: dict[str, _Host] = defaultdict(lambda: _Host(Lock(), pause=pause))

    def adapter(self) -> HTTPAdapter:
        """Return an adapter for a session of requests."""
        from requests.adapters import HTTPAdapter
        from urllib3 import Retry

        class Waiting(Retry):
            """Waits before the first further try too."""

            def get_backoff_time(self) -> float:
                tried = len(self.history)
                return float(min(self.backoff_max, self.backoff_factor * 2 ** (tried - 1))) if tried else 0.0

        manners = self

        class Adapter(HTTPAdapter):
            def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
                return manners.send(super().send, request, *args, **options)

        retry = Waiting(
            total=self._retries,
            status_forcelist=_TRY_AGAIN,
            allowed_methods=("GET",),
            backoff_factor=self._wait,
            backoff_max=_LONGEST_WAIT,
            retry_after_max=_LONGEST_WAIT,
            raise_on_status=False,
        )
        return Adapter(max_retries=retry)

    def send(self, send: Any, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send one request when its host may be asked, and read the whole answer."""
        parts = urlsplit(request.url or "")
        host = self._hosts[f"{parts.scheme}://{parts.netloc}".lower()]
        with host.lock:
            if host.robots is None and host.refused is None:
                self._read_robots(host, send, request, *args, **options)
            if host.refused is not None:
                raise _RefusedError(host.refused)
            if not host.robots.can_fetch(request.url, self._agent):
                raise _RefusedError("the site's robots.txt forbids it; save the page from a browser")
            return self._ask(host, send, request, self._size_limit, *args, **options)

    def _read_robots(self, host: _Host, send: Any, request: PreparedRequest, *args: Any, **options: Any) -> None:
        """Read a host's robots.txt as RFC 9309 has it: none allows all, a server's fault allows nothing."""
        from protego import Protego
        from requests import Request, RequestException

        url, text = urljoin(request.url or "", "/robots.txt"), ""
        try:
            for _ in range(_ROBOTS_MOVES):
                asked = Request("GET", url, headers={"User-Agent": self._agent}).prepare()
                response = self._ask(host, send, asked, _ROBOTS_LIMIT, *args, **options)
                if not response.is_redirect:
                    break
                url = urljoin(url, response.headers["Location"])
        except RequestException as error:
            host.refused = _explained(error, options.get("timeout") or 0)
            return
        except _RefusedError:
            response = None
        if response is not None and response.status_code in _TRY_AGAIN:
            host.refused = f"the site's robots.txt cannot be had (status {response.status_code}); try again later"
            return
        if response is not None and response.status_code == 200:  # noqa: PLR2004
            text = response.content.decode("utf-8", "replace")
        host.robots = Protego.parse(text)
        host.pause = max(self._pause, host.robots.crawl_delay(self._agent) or 0.0)
        host.next_request = time.monotonic() + host.pause

    def _ask(
        self, host: _Host, send: Any, request: PreparedRequest, limit: int, *args: Any, **options: Any
    ) -> Response:
        """Send after the host's pause; an answer that breaks off is asked for again."""
        from requests.exceptions import ChunkedEncodingError, ConnectionError  # noqa: A004

        for further in range(self._retries, -1, -1):
            time.sleep(max(0.0, host.next_request - time.monotonic()))
            try:
                response: Response = send(request, *args, **{**options, "stream": True})
                _take(response, limit)
            except (ChunkedEncodingError, ConnectionError) as error:
                if not further or not isinstance(error, ChunkedEncodingError):
                    raise
                host.next_request = time.monotonic() + self._wait * 2 ** (self._retries - further)
            else:
                return response
            finally:
                host.next_request = max(host.next_request, time.monotonic() + host.pause)
        raise AssertionError  # pragma: no cover


def _take(response: Response, limit: int) -> None:
    """Read an answer's body up to `limit` bytes, and stamp it with the time."""
    pieces, size = [], 0
    try:
        for piece in response.iter_content(_CHUNK):
            size += len(piece)
            if size > limit:
                raise _RefusedError(f"larger than {limit} bytes; fetch it by hand", reason="too_large")
            pieces.append(piece)
    finally:
        response.close()
    response._content = b"".join(pieces)  # noqa: SLF001  # what requests itself sets where it reads the body
    # Told to vary by cookies or languages, the cache would ask again for a page that it has.
    response.headers.pop("Vary", None)
    response.headers[_TIME] = datetime.now(UTC).isoformat(timespec="seconds")
