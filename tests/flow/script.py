"""A form in a browser without a server behind it: documents are made here, and every request is answered by the test.

`https://survey.test` exists in the browser only. A reply is a function of the posted fields; it returns a status, a
page and headers, or None for a line that breaks.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Route

from survey import queries
from survey.enums import WaveState
from survey.pages import documents
from survey.pages.documents import Prepared, form_parts
from survey.pages.languages import interface_languages, language
from survey.pages.responses import render
from survey.pages.view import filled
from survey.queries.forms import FormContext, WaveInfo

ORIGIN = "https://survey.test"
WAVE = WaveInfo(
    1, 1, WaveState.OPEN, True, date(2027, 1, 10), tuple(one.tag for one in interface_languages()), {6: "announced"}, ""
)
CONTEXT = FormContext(1, "mris", True, {}, queries.load("mris"), WAVE, queries.shipped_directory("mris").help_lines)
CONSENT = ("con_age", "con_read", "con_store", "con_sens")

type Fields = Mapping[str, list[str]]
type Answer = tuple[int, str, dict[str, str]] | None
type Reply = Callable[[Fields], Answer]


def prepared(tag: str = "en", form: str = "") -> Prepared:
    wave = replace(WAVE, form=form, id=WAVE.id + len(form))
    return documents.prepare(replace(CONTEXT, wave=wave), language(tag))


def page_of(name: str, inside: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>Survey</title></head><body data-page="{name}">'
        f"<main><h1>{name}</h1>{inside}</main></body></html>"
    )


def sent(fields: Fields) -> Answer:
    code = fields.get("receipt", [""])[0]
    return 200, page_of("sent", f'<p><strong class="code">{code}</strong></p>'), {}


def broken(_: Fields) -> Answer:
    return None


def truncated(fields: Fields) -> Answer:
    return 200, sent(fields)[1][:-20], {}  # type: ignore[index]


def with_answers(fields: Fields, messages: Mapping[str, str] | None = None, tag: str = "en", **parts: object) -> str:
    """The form as the server gives it back."""
    ready = prepared(tag)
    view = filled(ready.view, fields, messages or {})
    return render("survey/form.html", ready.frame, {**form_parts(ready.context, view), **parts}, view.stylesheet)


@dataclass
class Desk:
    """`posts` are the fields of every POST; `replies` answer them one after the other, the last one again and again."""

    bits: int = 0
    form: str = ""
    change: Callable[[str], str] = lambda html: html
    posts: list[dict[str, list[str]]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=lambda: [sent])
    requests: list[str] = field(default_factory=list)

    def handle(self, route: Route) -> None:
        request = route.request
        self.requests.append(f"{request.method} {urlsplit(request.url).path}")
        if request.method == "POST":
            self.post(route)
        elif "/s/" in request.url:
            self.document(route)
        else:
            route.fulfill(body=page_of("message", "elsewhere"), content_type="text/html")

    def document(self, route: Route) -> None:
        tag = urlsplit(route.request.url).path.split("/")[1]
        document = prepared(language(tag).tag, self.form).document
        html = re.sub(r'data-stamp="\d+"', f'data-stamp="{self.bits}"', document.bodies[""].decode())
        route.fulfill(
            body=self.change(html),
            headers={"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": document.policy},
        )

    def post(self, route: Route) -> None:
        body = route.request.post_data or ""
        self.bodies.append(body)
        self.posts.append(parse_qs(body, keep_blank_values=True))
        self.headers.append(route.request.headers)
        reply = self.replies[min(len(self.posts), len(self.replies)) - 1]
        answer = reply(self.posts[-1])
        if answer is None:
            route.abort()
            return
        status, html, headers = answer
        policy = prepared().document.policy
        route.fulfill(
            status=status,
            body=html,
            headers={"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, **headers},
        )


@contextmanager
def at_desk(browser: Browser, desk: Desk, path: str = "/en/s/mris/", **options: Any) -> Iterator[Page]:
    """A page with the form open. Errors of the page fail the test unless it looks at them itself."""
    context = opened(browser, desk, **options)
    page = context.new_page()
    page.goto(ORIGIN + path)
    try:
        yield page
    finally:
        context.close()


def opened(browser: Browser, desk: Desk, **options: Any) -> BrowserContext:
    settings = {"viewport": {"width": 360, "height": 640}, "reduced_motion": "reduce", **options}
    context = browser.new_context(**settings)
    context.set_default_timeout(20_000)
    context.route("**/*", desk.handle)
    return context


def go_on(page: Page, *ids: str) -> None:
    """Ticks boxes of the page in view, then Next."""
    for id in ids:
        page.check(f"#{id}")
    page.click("[data-do=next]")


def consent(page: Page, sensitive: bool = True) -> None:
    go_on(page, "con_age-1", "con_read-1", "con_store-1")
    go_on(page, "con_sens-1" if sensitive else "con_sens-0")


def to_the_end(page: Page) -> None:
    while not page.is_visible("[data-do=send]"):
        page.click("[data-do=next]")


def in_view(page: Page) -> list[str]:
    """Names of the sections in view."""
    return list(
        page.evaluate("[...document.querySelectorAll('form > section')].filter(s => s.offsetHeight).map(s => s.id)")
    )
