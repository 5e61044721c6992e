"""Fetching from a server of our own: manners, failures, cache."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from yaodian.batch.fetch import Address, Fetcher, addresses
from yaodian.errors import UnreadableError

PLAN = "<html><meta charset=gbk><p>某某市应急管理局2023年工作要点</p></html>"
HTML = {"Content-Type": "text/html; charset=GBK"}


class Site:
    """Answers by path: a list of (status, headers, body), the last for good; notes what was asked and when."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        self.asked: list[tuple[str, float]] = []
        self.agents: set[str] = set()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, time.monotonic()))
                site.agents.add(self.headers["User-Agent"])
                answers = site.answers.get(self.path, [(404, {}, b"no")])
                status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
                if "X-Sleep" in headers:
                    time.sleep(float(headers["X-Sleep"]))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(ConnectionError):  # the client may have gone
                    self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def serve(self, path: str, *answers: tuple[int, dict[str, str], bytes]) -> str:
        self.answers[path] = list(answers)
        return self.base + path

    def page(self, path: str = "/a.html", headers: dict[str, str] = HTML, body: bytes = PLAN.encode("gbk")) -> str:
        return self.serve(path, (200, headers, body))

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.fixture
def fetcher(tmp_path):
    with Fetcher(tmp_path / "缓存", pause=0.0, wait=0.01, timeout=5, user_agent="yaodian-test/1") as fetcher:
        yield fetcher


def failure(fetcher: Fetcher, url: str) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        fetcher.fetch(url)
    assert str(caught.value).startswith(f"{url}: ")
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://a.gov.cn/1.html\n", [Address("http://a.gov.cn/1.html")]),
        (
            "\ufeff# 清单\n\nhttps://a.gov.cn/1.html\t某某市 要点\r\n  HTTP://b.gov.cn  \n",
            [Address("https://a.gov.cn/1.html", "某某市 要点"), Address("HTTP://b.gov.cn")],
        ),
        ("http://a.cn/?a=工作&b=1\nhttp://a.cn/?a=工作&b=1 again\n", [Address("http://a.cn/?a=工作&b=1")]),
        ("http://a.gov.cn/1.html\n一、总体要求\n", None),
        ("某某市工作要点 http://a.gov.cn", None),
        ("ftp://a.gov.cn/1.html", None),
        ("http://", None),
        ("# only a comment\n", None),
        ("", None),
    ],
)
def test_list_of_addresses(text, expected):
    assert addresses(text) == expected


def test_bytes_and_what_the_server_says(site, fetcher):
    found = fetcher.fetch(site.page() + "#top")
    assert found.data.decode("gbk") == PLAN
    assert (found.content_type, found.charset, found.from_cache) == ("text/html", "gbk", False)
    assert (found.url, found.final_url) == (site.base + "/a.html#top", site.base + "/a.html")
    assert found.fetched.endswith("+00:00")
    assert site.agents == {"yaodian-test/1"}


@pytest.mark.parametrize(
    "headers", [{}, {"Vary": "*", "Cache-Control": "no-store", "Set-Cookie": "a=1"}, {"Content-Type": "text/plain"}]
)
def test_second_run_asks_no_server(site, tmp_path, headers):
    url = site.page(headers=headers)
    moved = site.serve("/old", (302, {"Location": "/a.html"}, b""))
    with Fetcher(tmp_path, pause=0) as first:
        before = [first.fetch(u) for u in (moved, url)]
    asked = list(site.asked)
    with Fetcher(tmp_path, pause=0) as second:
        after = [second.fetch(u) for u in (moved, url)]
    assert site.asked == asked
    assert [f.data for f in after] == [PLAN.encode("gbk")] * 2
    assert [(f.fetched, f.final_url, f.charset) for f in after] == [(f.fetched, f.final_url, f.charset) for f in before]
    assert all(f.from_cache for f in after)


def test_damaged_cache_is_fetched_anew(site, tmp_path):
    url = site.page()
    with Fetcher(tmp_path, pause=0) as first:
        first.fetch(url)
    for file in tmp_path.rglob("*.json"):
        file.write_bytes(file.read_bytes()[:40])
    with Fetcher(tmp_path, pause=0) as second:
        assert second.fetch(url).data == PLAN.encode("gbk")


def test_robots_forbid(site, fetcher):
    site.serve("/robots.txt", (200, {}, b"User-agent: *\nDisallow: /secret/\nUser-agent: yaodian-test\nDisallow: /a\n"))
    assert "robots.txt forbids" in str(failure(fetcher, site.page()))
    assert fetcher.fetch(site.page("/secret/b.html")).data
    assert site.paths == ["/robots.txt", "/secret/b.html"]


def test_robots_hold_after_a_redirection(site, fetcher):
    site.serve("/robots.txt", (200, {}, b"User-agent: *\nDisallow: /a\n"))
    site.page()
    assert "robots.txt forbids" in str(failure(fetcher, site.serve("/old", (301, {"Location": "/a.html"}, b""))))
    assert "/a.html" not in site.paths


def test_robots_behind_a_redirection(site, fetcher):
    site.serve("/robots.txt", (301, {"Location": "/r/robots.txt"}, b""))
    site.serve("/r/robots.txt", (200, {}, b"User-agent: *\nDisallow: /\n"))
    assert "robots.txt forbids" in str(failure(fetcher, site.page()))


def test_robots_fault_allows_nothing(site, fetcher):
    site.serve("/robots.txt", (503, {}, b""))
    assert "robots.txt cannot be had (status 503)" in str(failure(fetcher, site.page()))
    asked = len(site.asked)
    failure(fetcher, site.page("/b.html"))
    assert len(site.asked) == asked


@pytest.mark.parametrize(
    ("pause", "robots", "expected"), [(0.3, b"", 0.3), (0.0, b"User-agent: *\nCrawl-delay: 0.4", 0.4)]
)
def test_pause(site, tmp_path, pause, robots, expected):
    site.serve("/robots.txt", (200, {}, robots))
    with Fetcher(tmp_path, pause=pause) as fetcher:
        for path in ("/1", "/2", "/3"):
            fetcher.fetch(site.page(path))
    times = [when for _, when in site.asked]
    assert all(later - earlier >= expected * 0.95 for earlier, later in pairwise(times))


def test_threads_take_turns(site, tmp_path):
    urls = [site.page(f"/{i}") for i in range(3)]
    with Fetcher(tmp_path, pause=0.2) as fetcher:
        threads = [threading.Thread(target=fetcher.fetch, args=(url,)) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    times = [when for _, when in site.asked]
    assert site.paths[0] == "/robots.txt"
    assert len(times) == 4
    assert all(later - earlier >= 0.19 for earlier, later in pairwise(times))


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_tried_again(site, fetcher, status):
    url = site.serve("/a", (status, {}, b""), (status, {}, b""), (200, HTML, b"ok"))
    assert fetcher.fetch(url).data == b"ok"
    assert site.paths.count("/a") == 3


def test_retry_after(site, fetcher):
    url = site.serve("/a", (429, {"Retry-After": "1"}, b""), (200, HTML, b"ok"))
    assert fetcher.fetch(url).data == b"ok"
    first, second = (when for path, when in site.asked if path == "/a")
    assert second - first >= 0.95


def test_waits_grow(site, tmp_path):
    url = site.serve("/a", (500, {}, b""), (500, {}, b""), (500, {}, b""), (200, HTML, b"ok"))
    with Fetcher(tmp_path, pause=0, wait=0.1) as fetcher:
        fetcher.fetch(url)
    times = [when for path, when in site.asked if path == "/a"]
    waits = [later - earlier for earlier, later in pairwise(times)]
    assert all(wait >= least * 0.95 for wait, least in zip(waits, (0.1, 0.2, 0.4), strict=True))


def test_answer_that_breaks_off_is_asked_for_again(site, fetcher):
    url = site.serve("/a", (200, {"Content-Length": "99"}, b"cut"), (200, HTML, b"whole"))
    assert fetcher.fetch(url).data == b"whole"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((404, {}, b"no"), "status 404"),
        ((403, {}, b"no"), "status 403"),
        ((500, {}, b"no"), "status 500"),
        ((200, {}, b" \n"), "an empty answer"),
        ((302, {"Location": "/a"}, b""), "redirected more than 10 times"),
        ((302, {"Location": "file:///etc/hosts"}, b""), "no address that can be asked for"),
        ((200, {"X-Sleep": "0.6"}, b"late"), "no answer within 0.2 seconds"),
    ],
)
def test_failures(site, tmp_path, answer, expected):
    url = site.serve("/a", answer)
    with Fetcher(tmp_path, pause=0, wait=0.01, retries=1, timeout=0.2) as fetcher:
        error = failure(fetcher, url)
        assert expected in str(error)
        assert error.reason == "not_fetched"


def test_a_failure_is_not_kept(site, fetcher):
    url = site.serve("/a", (404, {}, b""), (200, HTML, b"ok"))
    failure(fetcher, url)
    assert fetcher.fetch(url).data == b"ok"


def test_no_connection(tmp_path, site):
    site.server.shutdown()
    site.server.server_close()
    with Fetcher(tmp_path, pause=0, wait=0.01, retries=1) as fetcher:
        error = failure(fetcher, site.base + "/a")
    assert "no connection" in str(error)
    assert error.reason == "not_fetched"


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "5000"}])
def test_too_large(site, tmp_path, headers):
    url = site.serve("/a", (200, headers, b"x" * 5000))
    with Fetcher(tmp_path, pause=0, size_limit=4999) as fetcher:
        assert failure(fetcher, url).reason == "too_large"
    with Fetcher(tmp_path, pause=0, size_limit=5000) as fetcher:
        assert len(fetcher.fetch(url).data) == 5000


@pytest.mark.parametrize("url", ["ftp://a.cn/b", "file:///etc/passwd", "http://", "a.html", "http://[::1/"])
def test_no_web_address(fetcher, url):
    assert failure(fetcher, url).reason == "not_fetched"
