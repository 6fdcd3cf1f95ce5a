"""A respondent whose address, agent, language list, referrer and much else are marks that must not be found after."""

import http.client
import secrets
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from config.selftest.marks import Marks

ADDRESS = "127.91.37.53"
"""On Linux every address under 127 is this machine's own."""
FORM = "application/x-www-form-urlencoded"
_PATIENCE = 30

type Answers = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` is 0 when the server closed the line without a word."""

    method: str
    path: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def header(self, name: str) -> str:
        return next((value for known, value in self.headers if known.lower() == name.lower()), "")

    @property
    def is_page(self) -> bool:
        return self.header("Content-Type").startswith("text/html")


class Visitor:
    """Sends requests, each on a line of its own, all with the same marked headers.

    `public`: the address of a service behind a proxy with TLS. A plain `url` is then the process behind it, which sends
    everybody to TLS and knows no other name than the public one, unless it is asked as the proxy asks.
    """

    def __init__(self, url: str, marks: Marks, public: str = "") -> None:
        parts = urlsplit(url)
        self.host, self._is_tls = parts.hostname or "localhost", parts.scheme == "https"
        self._port = parts.port or (443 if self._is_tls else 80)
        behind = urlsplit(public).netloc if not self._is_tls else ""
        self._proxy = {"Host": behind, "X-Forwarded-Proto": "https"} if behind else {}
        self.source = (ADDRESS, 0) if _can_bind(self.host) else None
        self.headers = _marked_headers(marks, bound=self.source is not None)
        self.seen: list[Answer] = []

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, headers=headers)

    def post(self, path: str, fields: Answers) -> Answer:
        return self.request("POST", path, urlencode(fields, doseq=True).encode(), {"Content-Type": FORM})

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        answer = self.ask(method, path, body, {**self.headers, **(headers or {})})
        self.seen.append(answer)
        return answer

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Without the marks, and without being remembered."""
        with self._line() as line:
            try:
                line.request(method, path, body, {**headers, **self._proxy})
                response = line.getresponse()
                return Answer(method, path, response.status, tuple(response.getheaders()), response.read())
            except (http.client.HTTPException, ConnectionResetError, BrokenPipeError):
                return Answer(method, path, 0)

    def half_a_request(self, path: str) -> None:
        """A line that breaks in the middle of a POST."""
        headers = {"Host": self.host, **self.headers, **self._proxy}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        start = f"POST {path} HTTP/1.1\r\n{head}Content-Type: {FORM}\r\n"
        with self._line() as line:
            line.connect()
            line.sock.sendall(f"{start}Content-Length: 900\r\n\r\ncon_".encode())
        self.seen.append(Answer("POST", f"{path}, cut off", 0))

    @contextmanager
    def _line(self) -> Iterator[http.client.HTTPConnection]:
        line = self._connection()
        try:
            yield line
        finally:
            line.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._is_tls:
            tls = ssl.create_default_context()
            return http.client.HTTPSConnection(
                self.host, self._port, timeout=_PATIENCE, source_address=self.source, context=tls
            )
        return http.client.HTTPConnection(self.host, self._port, timeout=_PATIENCE, source_address=self.source)


def _can_bind(host: str) -> bool:
    """Whether requests to this host can come from the marked address."""
    try:
        address = str(socket.getaddrinfo(host, None, socket.AF_INET)[0][4][0])
        with socket.socket() as probe:
            probe.bind((ADDRESS, 0))
    except OSError:
        return False
    return address.startswith("127.")


def _marked_headers(marks: Marks, bound: bool) -> dict[str, str]:
    word = secrets.token_hex(6)
    if bound:
        marks.of_request("the address", ADDRESS, is_new=False)
    forwarded = marks.of_request("the forwarded address", f"203.0.113.{1 + secrets.randbelow(254)}")
    return {
        "User-Agent": marks.of_request("the agent", f"Agent-{word}"),
        "Accept-Language": f"{marks.of_request('the language list', f'qaa-{word}')}, en;q=0.1",
        "Referer": f"https://{marks.of_request('the referrer', f'came-from-{word}.invalid')}/page",
        "X-Forwarded-For": f"{forwarded}, 198.51.100.37",
        "Forwarded": f"for={forwarded};host=proxy-{word}.invalid",
        "X-Real-IP": forwarded,
        "Cookie": f"visitor={marks.of_request('the cookie', f'cookie-{word}')}",
        "X-Request-Id": marks.of_request("the request id", f"request-{word}"),
        "Sec-CH-UA-Model": f'"{marks.of_request("the model of the device", f"phone-{word}")}"',
    }
