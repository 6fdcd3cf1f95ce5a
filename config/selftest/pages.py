"""What an answer does to the visitor's browser: cookies, requests to third parties, copies in caches."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from config.selftest.visitor import Answer

_LOADING = ("src", "srcset", "href", "action", "formaction", "poster", "data", "ping", "background", "style", "content")
_FOREIGN = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[\w.-]+", re.IGNORECASE)
_IN_STYLE = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"]?)\s*((?:https?:)?//[\w.-]+)", re.IGNORECASE)
# A browser acts on these by asking, or telling, somebody else.
_TELLING = ("Link", "Refresh", "Report-To", "Reporting-Endpoints", "NEL", "Accept-CH", "Server-Timing", "SourceMap")
_DATA = ("application/json", "application/ld+json")


def faults(answer: Answer) -> Iterator[str]:
    """What is wrong with one answer to a respondent, in words."""
    if answer.header("Set-Cookie"):
        yield "sets a cookie"
    yield from (f"carries the header {name}" for name in _TELLING if answer.header(name))
    if _FOREIGN.match(answer.header("Location")):
        yield "leads to another site"
    if answer.method == "POST" and _may_hold_answers(answer) and "no-store" not in answer.header("Cache-Control"):
        yield f"may be kept by a cache (status {answer.status})"
    if answer.is_page:
        yield from (f"loads from {host}" for host in sorted(foreign_hosts(answer.text)))


def _may_hold_answers(answer: Answer) -> bool:
    """The page of a fault is the same for everybody."""
    return answer.is_page and answer.status != 500


def foreign_hosts(html: str) -> set[str]:
    """Other sites that a page would ask without a click. A link that people may follow is none."""
    reader = _Reader()
    reader.feed(html)
    return {re.sub(r"^(?:https?:)?//", "", found) for found in reader.foreign}


def foreign_in_code(code: str) -> set[str]:
    return set(_FOREIGN.findall(code))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.foreign: set[str] = set()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("type") or ""
        self._inside = tag if tag in ("script", "style") and kind not in _DATA else ""
        for name, value in attrs:
            if value and name in _LOADING and (tag, name) not in (("a", "href"), ("meta", "content")):
                self.foreign |= _loaded(name, value)
            if value and tag == "meta" and name == "content":
                self.foreign |= set(re.findall(r"url=\s*((?:https?:)?//[\w.-]+)", value, re.IGNORECASE))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.foreign |= set(_IN_STYLE.findall(data))
        if self._inside == "script":
            self.foreign |= foreign_in_code(data)


def _loaded(name: str, value: str) -> set[str]:
    if name == "style":
        return set(_IN_STYLE.findall(value))
    parts = value.split(",") if name == "srcset" else [value]
    return {found[0] for part in parts if (found := _FOREIGN.match(part.strip()))}
