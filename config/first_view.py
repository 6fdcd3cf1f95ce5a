"""What one look at a form costs a respondent: bytes, requests, and whoever else would be asked for something."""

import gzip
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import brotli

BOUND = 35 * 1024
"""Bytes with br, which every browser takes over TLS; script and styles included."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_REFERENCE = re.compile(
    r"""<(?:script|img|iframe|source|audio|video|embed|object)[^>]*?\s(?:src|data)\s*=\s*["']?([^"'\s>]+)"""
    r"""|<link[^>]*?\shref\s*=\s*["']?([^"'\s>]+)|url\(\s*["']?([^"')\s]+)|@import\s+["']([^"']+)""",
    re.IGNORECASE,
)
_UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}


@dataclass(frozen=True, slots=True)
class FirstView:
    """Of one address. `seen_by`: `browser`, or `document` where no browser is installed."""

    address: str
    br: int
    gzip: int
    identity: int
    requests: int
    third_parties: tuple[str, ...]
    cookies: int
    stored: int
    """Entries in the browser's storages afterwards."""
    seen_by: str

    @property
    def faults(self) -> tuple[str, ...]:
        found = (
            (self.br > BOUND, f"{self.br} bytes with br, more than {BOUND}"),
            (self.requests > 1, f"{self.requests} requests, more than one"),
            (bool(self.third_parties), f"asks {', '.join(self.third_parties)}"),
            (self.cookies > 0, f"{self.cookies} cookies"),
            (self.stored > 0, f"{self.stored} entries stored on the device"),
        )
        return tuple(said for is_so, said in found if is_so)


def look(address: str) -> FirstView:
    """Raises OSError when nothing answers there, ValueError for an answer that is no page."""
    sizes, html, cookies = _over_http(address)
    seen = _in_browser(address)
    if seen is None:
        hosts = tuple(sorted({host for host in map(_host, references(html)) if host}))
        return FirstView(address, *sizes, 1 + sum(1 for _ in references(html)), hosts, cookies, 0, "document")
    requests, hosts, kept, stored = seen
    return FirstView(address, *sizes, requests, hosts, max(cookies, kept), stored, "browser")


def references(html: str) -> Iterator[str]:
    """Addresses that a browser would load by itself to show this page."""
    for found in _REFERENCE.finditer(html):
        address = next(filter(None, found.groups()))
        if not address.startswith(("data:", "#")):
            yield address


def _over_http(address: str) -> tuple[tuple[int, int, int], str, int]:
    sizes, html, cookies = [], "", 0
    for encoding in _UNPACK:
        with urlopen(Request(address, headers={"Accept-Encoding": encoding}), timeout=30) as response:
            body, html = _read(response, encoding)
            cookies += len(response.headers.get_all("Set-Cookie", []))
        sizes.append(body)
    return (sizes[0], sizes[1], sizes[2]), html, cookies


def _read(response: HTTPResponse, encoding: str) -> tuple[int, str]:
    body = response.read()
    sent = response.headers.get("Content-Encoding", "identity")
    if sent not in _UNPACK or not response.headers.get("Content-Type", "").startswith("text/html"):
        raise ValueError(f"{response.url} answered {encoding} with {sent}, not with a page")
    return len(body), _UNPACK[sent](body).decode()


def _host(address: str) -> str:
    return urlsplit(address).netloc


def _in_browser(address: str) -> tuple[int, tuple[str, ...], int, int] | None:
    """Requests, hosts besides the page's own, cookies, stored entries; None where there is no browser to look with."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if path is None:
        return None
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address, wait_until="networkidle")
        stored = page.evaluate("localStorage.length + sessionStorage.length")
        cookies = len(page.context.cookies())
        browser.close()
    others = {_host(one) for one in asked} - {_host(address), ""}
    return len(asked), tuple(sorted(others)), cookies, stored
