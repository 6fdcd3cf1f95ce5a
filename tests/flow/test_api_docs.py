"""The browsable documentation of the API in a real browser, under the content security policy it is served with."""

from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Route

from config.settings import SECURE_CSP

HOST = "localhost"


def serve(route: Route) -> None:
    """Answer from this service, headers included; every other host is refused."""
    parts = urlsplit(route.request.url)
    if parts.netloc != HOST:
        route.abort()
        return
    response = Client().get(
        f"{parts.path}?{parts.query}", headers={"accept": route.request.headers["accept"], "host": HOST}
    )
    body = b"".join(response.streaming_content) if response.streaming else response.content
    route.fulfill(status=response.status_code, headers=dict(response.items()), body=body)


def test_it_lists_the_operations_and_breaks_no_rule(browser: Browser) -> None:
    page, said, asked = browser.new_page(), list[str](), list[str]()

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    page.route("**/*", serve)
    response = page.goto(f"http://{HOST}/api/v1/docs/")
    assert response is not None
    assert "default-src 'none'" in response.headers["content-security-policy"]
    page.get_by_text("/api/v1/releases/{slug}/bundle/").wait_for()
    assert page.locator(".opblock").count() > 20
    page.locator("#operations-releases-read_table .opblock-summary-control").click()
    page.get_by_text("Without Accept").first.wait_for()
    assert said == []
    assert set(asked) <= {HOST, ""}
    page.close()


def test_the_policy_allows_no_inline_script_anywhere() -> None:
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & {source for sources in SECURE_CSP.values() for source in sources}
