"""A respondent whose address, agent, language list and referrer are markers that must not be found afterwards."""

import http.client
import re
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

ADDRESS = "127.91.37.53"
CONSENT = {"con_age": "1", "con_read": "1", "con_store": "1", "con_sens": "1"}
PLACES = 6
"""Bits of the arrival number that each answer carries (options of `acc`), to look for order after sealing."""


class Visitor:
    def __init__(self, url: str, slug: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "localhost", parts.port or 80
        self._form, self._receipt = f"/en/s/{slug}/", "/en/receipt/"
        word = secrets.token_hex(6)
        self.headers = {
            "User-Agent": f"MarkerAgent-{word}",
            "Accept-Language": f"qaa-{word}, en;q=0.1",
            "Referer": f"https://marker-{word}.invalid/came-from",
            "X-Forwarded-For": "203.0.113.91, 198.51.100.37",
            "Forwarded": f"for=192.0.2.53;host=marker-{word}.invalid",
            "Cookie": f"marker={word}",
            "X-Request-Id": f"request-{word}",
        }
        self.markers = (
            ADDRESS,
            "203.0.113.91",
            "198.51.100.37",
            "192.0.2.53",
            f"MarkerAgent-{word}",
            f"qaa-{word}",
            f"marker-{word}",
            word,
        )
        self.seen: list[tuple[str, int]] = []

    def visit(self, arrivals: int) -> None:
        """Every path of the form and every mistake that can be made on it, then `arrivals` plain answers."""
        self._look_around()
        self._send_repeat_and_erase()
        self._make_mistakes()
        for place in range(arrivals):
            ticked = [str(bit + 1) for bit in range(PLACES) if place >> bit & 1] or ["90"]
            self._send({**CONSENT, "acc": ticked, "elig": "1"}, expect=200)

    def _look_around(self) -> None:
        for path in ("/", "/en/", self._form, self._receipt, "/s/nothing/", "/en/s/nothing/", "/nowhere"):
            self._request("GET", path)
        self._request("GET", "/" + self._form.split("/", 2)[2])

    def _send_repeat_and_erase(self) -> None:
        answers = {**CONSENT, "mdl": "1", "elig": "1"}
        code = self._send(answers, expect=200)
        self._post(self._form, {**answers, "receipt": code}, expect=200)
        self._post(self._form, {**answers, "mdl": "2", "receipt": code}, expect=409)
        self._post(self._receipt, {"receipt": code, "action": "see"})
        self._post(self._receipt, {"receipt": code, "action": "erase"})
        self._post(self._receipt, {"receipt": code, "action": "confirm-erase"})
        self._post(self._form, {**answers, "receipt": code})

    def _make_mistakes(self) -> None:
        self._post(self._form, {"con_age": "0"})
        self._post(self._form, {**CONSENT, "con_read": "0"})
        self._post(self._form, {"mdl": "no code at all"})
        self._post(self._form, {**CONSENT, "receipt": "not-a-code"})
        self._post(self._receipt, {"receipt": "also-not", "action": "see"})
        self._request("PUT", self._form)
        self._request("POST", self._form, b"\xff%zz=&&=%00", "application/x-www-form-urlencoded")
        self._request("POST", self._form, b"--x\r\nbroken", "multipart/form-data; boundary=x")
        self._request("POST", self._form, b"a=" + b"b" * 300_000, "application/x-www-form-urlencoded")
        self._request("GET", self._form, host="not-a-host.invalid")
        self._half_a_request()

    def _send(self, answers: Mapping[str, str | list[str]], expect: int) -> str:
        """The two steps without script: the form, then the page that carries a code made by the server."""
        page = self._post(self._form, answers, expect=200)
        found = re.search(r'name="receipt"[^>]*value="([^"]+)"', page) or re.search(
            r'value="([^"]+)"[^>]*name="receipt"', page
        )
        if found is None:
            raise RuntimeError("The check page carries no receipt code.")
        self._post(self._form, {**answers, "receipt": found[1]}, expect=expect)
        return found[1]

    def _post(self, path: str, fields: Mapping[str, str | list[str]], expect: int | None = None) -> str:
        body = urlencode(fields, doseq=True).encode()
        status, page = self._request("POST", path, body, "application/x-www-form-urlencoded")
        if expect is not None and status != expect:
            raise RuntimeError(f"POST {path} answered {status} instead of {expect}.")
        return page

    def _request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        kind: str = "",
        host: str = "",
    ) -> tuple[int, str]:
        headers = {**self.headers, **({"Content-Type": kind} if kind else {}), **({"Host": host} if host else {})}
        with self._connection() as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            page = response.read().decode(errors="replace")
        if response.getheader("Set-Cookie"):
            raise RuntimeError(f"{method} {path} set a cookie.")
        self.seen.append((f"{method} {path}", response.status))
        return response.status, page

    @contextmanager
    def _connection(self) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30, source_address=(ADDRESS, 0))
        try:
            yield connection
        finally:
            connection.close()

    def _half_a_request(self) -> None:
        """A line that breaks in the middle of a POST."""
        address = socket.getaddrinfo(self._host, self._port, socket.AF_INET)[0][4]
        with socket.socket() as line:
            line.bind((ADDRESS, 0))
            line.connect(address)
            head = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
            line.sendall(
                f"POST {self._form} HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: 900\r\n\r\ncon_".encode()
            )
        self.seen.append((f"POST {self._form}, cut off", 0))
