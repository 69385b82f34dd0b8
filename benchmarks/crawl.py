"""Pages per second with archiving on, against Scrapy fetching the same pages without, in one run.

    uv run python benchmarks/crawl.py [--hosts N] [--pages N] [--turns N] [--json]

200 practice hosts, politeness off. Both ask one server, a process of its own, for the same packed report
pages, in turns, each turn in a new process, so that processor time is each one's own; the median turn counts.
Ours asks every host for its robots.txt besides, looks every page through for refusals and archives it; Scrapy
does not. Exit code 1 where ours is slower.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess

from foi_etl.archive.store import Archive
from foi_etl.crawl.fetch import Fetcher
from foi_etl.errands import Errand
from foi_etl.model import Agency, Ask
from foi_etl.practice.country import country
from foi_etl.practice.pages import render
from foi_etl.practice.styles import BY_NAME
from foi_etl.wiring import statute

WORKERS = 16
TURN = dict[str, float]


def urls(hosts: int, pages: int) -> list[list[str]]:
    return [
        [f"http://h{host}.practice.invalid/{page}.html" for page in range(pages)] for host in range(hosts)
    ]


class Portal(asyncio.Protocol):
    """Every host of the benchmark: as quick as Python can be, for it takes its share of the cores."""

    page = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.rest = transport, b""

    def data_received(self, data: bytes) -> None:
        *asked, self.rest = (self.rest + data).split(b"\r\n\r\n")
        for request in asked:
            self.transport.write(self.answer(request.split(b" ", 2)[1]))  # type: ignore[attr-defined]

    def answer(self, url: bytes) -> bytes:
        if urlsplit(url).path == b"/robots.txt":
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        body = self.page + gzip.compress(b"<!-- %s -->" % url, 1)  # each page is another
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Encoding: gzip\r\n"
        return head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def report() -> bytes:
    """A report of the practice country."""
    land = country(statute(), agencies=1)
    agency = land.agencies[0].id
    year = max(land.published(agency))
    return render(land.report(agency, year), statute(), next(iter(BY_NAME.values())), rng=Random(1))


def serve(tell: Connection, page: bytes) -> None:
    async def forever() -> None:
        Portal.page = gzip.compress(page)
        server = await asyncio.get_running_loop().create_server(Portal, "127.0.0.1", 0, backlog=512)
        tell.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def served(page: bytes) -> Iterator[int]:
    hear, tell = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=serve, args=(tell, page), daemon=True)
    process.start()
    try:
        yield hear.recv()
    finally:
        process.terminate()
        process.join()


def ours(port: int, lists: list[list[str]]) -> int:
    """Fetch and archive, some hosts at a time, one request at a time to each."""
    agency = Agency("bench", "某局", "trs", "http://h0.practice.invalid/", practice=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder)) as archive,
        Fetcher(user_agent="foi-etl/0.1 (+benchmark)", pause=0, practice_port=port) as fetcher,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        errand = Errand(archive, fetcher, "2000-01-01T00:00:00Z")

        def host(pages: list[str]) -> int:
            return sum(errand.capture(Ask(url), agency, "report")[1] for url in pages)

        return sum(pool.map(host, lists))


def scrapy(port: int, lists: list[list[str]]) -> int:
    """Fetch, and keep nothing."""
    got: list[int] = []

    class Reader(Spider):
        name = "reader"

        async def start(self) -> Any:
            for pages in lists:
                for url in pages:
                    yield Request(url, meta={"proxy": f"http://127.0.0.1:{port}"})

        def parse(self, response: Any) -> None:
            got.append(len(response.body))

    process = CrawlerProcess(
        {
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS": WORKERS,
            "CONCURRENT_REQUESTS_PER_DOMAIN": WORKERS,
            "COOKIES_ENABLED": False,
            "RETRY_ENABLED": False,
        }
    )
    process.crawl(Reader)
    process.start()
    return len(got)


def turn(who: str, port: int, hosts: int, pages: int) -> TURN:
    """One turn in a process of its own."""
    counts = ["--port", str(port), "--hosts", str(hosts), "--pages", str(pages)]
    words = [sys.executable, __file__, "--turn", who, *counts]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def measured(who: str, port: int, hosts: int, pages: int) -> TURN:
    lists = urls(hosts, pages)
    began, cpu = time.perf_counter(), time.process_time()
    got = {"ours": ours, "scrapy": scrapy}[who](port, lists)
    if got != hosts * pages:
        raise SystemExit(f"{who} got {got} of {hosts * pages} pages")
    return {
        "pages_per_second": got / (time.perf_counter() - began),
        "cpu_ms_per_page": (time.process_time() - cpu) / got * 1000,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--pages", type=int, default=10, help="pages of each host")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--turn", choices=["ours", "scrapy"], help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.turn:
        print(json.dumps(measured(asked.turn, asked.port, asked.hosts, asked.pages)))
        return
    page = report()
    turns: dict[str, list[TURN]] = {"ours": [], "scrapy": []}
    with served(page) as port:
        for _ in range(asked.turns):
            for who, told in turns.items():
                told.append(turn(who, port, asked.hosts, asked.pages))
    _tell(turns, len(page), asked)


def _tell(turns: dict[str, list[TURN]], size: int, asked: argparse.Namespace) -> None:
    medians = {
        who: {name: round(statistics.median(one[name] for one in told), 2) for name in told[0]}
        for who, told in turns.items()
    }
    ratio = medians["ours"]["pages_per_second"] / medians["scrapy"]["pages_per_second"]
    about = {"hosts": asked.hosts, "pages": asked.hosts * asked.pages, "bytes": size, "cores": os.cpu_count()}
    if asked.json:
        print(json.dumps({**medians, "ratio": round(ratio, 2), **about, "scrapy_version": version("scrapy")}))
    else:
        print(f"{about['pages']} pages of {size:,} bytes on {about['hosts']} hosts, {about['cores']} cores")
        for who, told in medians.items():
            pace, cpu = told["pages_per_second"], told["cpu_ms_per_page"]
            print(f"{who:<7} {pace:7.0f} pages/s  {cpu:5.2f} ms CPU a page")
        print(f"ours / scrapy {version('scrapy')}: {ratio:.2f}")
    sys.exit(ratio < 1)


if __name__ == "__main__":
    main()
