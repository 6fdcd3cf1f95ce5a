"""Every path that a respondent can take, and every mistake that can be made on it."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from config.selftest.marks import Marks
from config.selftest.visitor import FORM, Answer, Answers, Visitor
from survey import receipts, stamp

CONSENT: Mapping[str, str] = {"con_age": "1", "con_read": "1", "con_store": "1", "con_sens": "1"}
LATER = 7
"""Bits of the number of arrival that each plain answer carries, to look for order after sealing."""
ARRIVALS = 1 << LATER
_CROWD, _CROWDS = 16, 3
_TICKS = LATER - 1
_CODE = re.compile(r'<input[^>]*name="receipt"[^>]*>')
_VALUE = re.compile(r'value="([^"]+)"')
_SOURCES = re.compile(r'<(?:script|link)[^>]*(?:src|href)="(/[^"]+\.(?:js|css|mjs))"')
WANTED = (200, 302, 304, 400, 404, 405, 409, 410, 411, 413, 415, 422, 429, 500, 503)
"""The answers that a whole visit meets. 429 and 503 come under load only."""


class Lost(Exception):
    """The service did not answer as it must; the self-test cannot go on."""


class Journey:
    """One visit. `slug` and `wave` (its number) are the self-test's own rehearsal; `languages` as in addresses."""

    def __init__(self, visitor: Visitor, marks: Marks, slug: str, wave: int, languages: Sequence[str]) -> None:
        self._visitor, self._marks, self._slug, self._wave = visitor, marks, slug, wave
        self._languages = languages
        self._form, self._receipt = f"/en/s/{slug}/", "/en/receipt/"
        self.arrived: list[str] = []
        """Codes of those who came last, in the order of arrival."""

    def go(self) -> None:
        for language in self._languages:
            self._look_around(language)
            self._read_results(language)
            self._begin(language)
        self._wander()
        self._stop()
        self._keep()
        self._change_mind()
        self._make_mistakes()
        self._break_the_line()
        self._come_all_at_once()
        self._arrive()

    def meet_a_fault(self, code: str) -> None:
        """Ask for answers that lie broken in the database, and send others under their code."""
        words = self._marks.words("words sent while the server failed")
        self._visitor.post(self._receipt, {"receipt": code, "action": "see"})
        self._visitor.post(self._form, {**CONSENT, "receipt": code, "tst": words, "tst_use": "2"})

    def _look_around(self, language: str) -> None:
        for path in ("", f"s/{self._slug}/", "receipt/", "stop/", "results/"):
            answer = self._visitor.get(f"/{language}/{path}")
            if etag := answer.header("ETag"):
                self._visitor.get(f"/{language}/{path}", **{"If-None-Match": etag})
            for source in _SOURCES.findall(answer.text):
                self._visitor.get(source)
            self._visitor.request("HEAD", f"/{language}/{path}", headers={"Accept-Encoding": "br, gzip"})

    def _read_results(self, language: str) -> None:
        """The public pages of what was found, as far as something was released."""
        listed = self._visitor.get(f"/{language}/results/")
        for path in re.findall(rf'href="(/{language}/results/[^"/]+/)"', listed.text):
            self._visitor.get(path)

    def _begin(self, language: str) -> None:
        """A form with mistakes, in this language, which then changes to the next one and is looked at again."""
        words = self._marks.words(f"words of a form in {language} that was sent back")
        there = self._languages[(self._languages.index(language) + 1) % len(self._languages)]
        here = f"/{language}/s/{self._slug}/"
        self._post(here, {"mdl": "no such answer", "tst": words, "tst_use": "2"}, expect=422)
        self._post(f"/{there}/s/{self._slug}/", {**CONSENT, "tst": words, "switch": there}, expect=200)
        self._post(here, {**CONSENT, "tst": words, "edit": "1"}, expect=200)
        self._post(here, {**CONSENT, "elig": "1", "tst": words, "tst_use": "2", "tst_tag": "1"}, expect=200)

    def _wander(self) -> None:
        query = self._marks.of_request("the query", f"query-{secrets.token_hex(6)}")
        part = self._marks.of_request("the address asked for", f"part-{secrets.token_hex(6)}")
        for path in (
            "/",
            f"/s/{self._slug}/",
            f"/s/{part}/",
            f"/en/s/{part}/",
            f"/{part}",
            f"/en/{part}/",
            f"/xx/{part}/",
        ):
            self._visitor.get(path)
            self._visitor.get(f"{path}?from={query}")
        for path in (self._form, self._receipt, "/en/", "/en/results/"):
            self._visitor.get(f"{path}?utm_source={query}")
        self._visitor.get(f"/en/s/{self._slug.upper()}")
        self._visitor.get(f"/en/../{part}//..%2f{query}")

    def _stop(self) -> None:
        """The two ends of the questionnaire before its end."""
        young = self._marks.words("words of somebody under 18")
        self._post(self._form, {**CONSENT, "con_age": "0", "tst": young, "tst_use": "2"}, expect=200)
        unwilling = self._marks.words("words of somebody who takes no part")
        self._post(self._form, {**CONSENT, "con_read": "0", "tst": unwilling, "tst_use": "2"}, expect=200)

    def _keep(self) -> None:
        """Answers that stay: sent without script, repeated, changed, looked at, corrected, downloaded."""
        code = self._send("kept", tst=self._marks.words("words that were corrected away"), tst_use="2")
        other = self._marks.words("other words under the same code")
        self._post(self._form, self._answers(tst=other, receipt=code, tst_use="2"), expect=409)
        corrected = self._answers(tst=self._marks.words("kept words"), tst_use="3", tst_tag="1")
        self._visitor.post(self._receipt, {"receipt": code, "action": "correct"})
        for _ in range(2):
            self._post(self._form, {**corrected, "receipt": code, "correct": "1"}, expect=200)
        for spelling in _spellings(code):
            self._post(self._receipt, {"receipt": spelling, "action": "see"}, expect=200)
        for action in ("show", "download-json", "download-csv", "erase"):
            self._post(self._receipt, {"receipt": code, "action": action}, expect=200)

    def _change_mind(self) -> None:
        """Answers that go: words that may not be kept, an erasure, and everything that comes too late for it."""
        self._send("unkept", tst=self._marks.words("words that may not be kept"), tst_use="0")
        erased = self._answers(tst=self._marks.words("words that were erased"), tst_use="2", tst_tag="1")
        code = self._send("erased", **erased)
        self._post(self._receipt, {"receipt": code, "action": "confirm-erase"}, expect=200)
        self._post(self._form, {**erased, "receipt": code}, expect=410)
        self._visitor.post(self._form, {**erased, "receipt": code, "correct": "1"})
        self._post(self._receipt, {"receipt": code, "action": "see"}, expect=410)

    def _make_mistakes(self) -> None:
        words = self._marks.words("words of a request that could not be read")
        unknown = self._marks.code("a code that opens nothing", receipts.make())
        for fields in (
            {**CONSENT, "receipt": f"no-code-{words}"},
            {**CONSENT, "receipt": unknown, "correct": "1", "tst": words},
            {**CONSENT, "wave": "9" * 30, "tst": words, "website": words, "stamp": words, "fast": words},
            {**CONSENT, "tst": words * 500},
            {f"field{number}-{words}": words for number in range(3000)},
        ):
            self._visitor.post(self._form, fields)
        for fields in ({"receipt": unknown}, {"receipt": words}, {"receipt": unknown, "action": words}):
            self._visitor.post(self._receipt, fields)
        for body, kind in _unreadable(words.encode()):
            self._visitor.request("POST", self._form, body, {"Content-Type": kind})
        chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(words), words.encode())
        self._visitor.request("POST", self._form, chunk, {"Content-Type": FORM, "Transfer-Encoding": "chunked"})

    def _break_the_line(self) -> None:
        words = self._marks.words("words of a request that is none")
        for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
            self._visitor.request(method, self._form, words.encode() if method == "PUT" else None)
        self._visitor.get(self._form, Host=f"{words}.invalid")
        self._visitor.get(self._form, **{"X-Large": words * 2000})
        self._visitor.get(f"/en/s/{words * 500}/")
        self._visitor.half_a_request(self._form)

    def _come_all_at_once(self) -> None:
        """A crowd, to meet what the service answers under load; small, because others may be answering, too."""
        words = self._marks.words("words of a crowd")
        for _ in range(_CROWDS):
            codes = [self._marked_code("of somebody in a crowd") for _ in range(_CROWD)]
            met = self._send_at_once([self._one_of_many(words, code, number) for number, code in enumerate(codes)])
            for code, status in zip(codes, met, strict=True):
                if status == 200:
                    self._post(self._receipt, {"receipt": code, "action": "confirm-erase"}, expect=200)
            if {429, 503} <= set(met):
                break

    def _one_of_many(self, words: str, code: str, number: int) -> Answers:
        """Every other one has the stamp that suffices while there is no crowd."""
        stamped = {"stamp": stamp.find(self._wave, code, settings.STAMP_BITS)} if number % 2 else {}
        return self._answers(tst=words, tst_use="2", tst_tag="1", receipt=code, wave=str(self._wave), **stamped)

    def _send_at_once(self, crowd: Sequence[Answers]) -> list[int]:
        with ThreadPoolExecutor(len(crowd)) as threads:
            return [
                answer.status for answer in threads.map(lambda fields: self._visitor.post(self._form, fields), crowd)
            ]

    def _arrive(self) -> None:
        for number in range(ARRIVALS):
            self.arrived.append(receipts.make())
            fields = {**place_fields(number), "tst": "I came", "tst_use": "2", "tst_tag": "1"}
            self._post(self._form, self._answers(**fields, receipt=self.arrived[-1]), expect=200)

    def _send(self, name: str, **fields: str | list[str]) -> str:
        """The two steps without script: the form, then the page that carries a code made by the server."""
        page = self._post(self._form, self._answers(**fields), expect=200)
        code = _code_in(page.text)
        self._mark(f"of the {name} answers", code)
        for _ in range(2):
            self._post(self._form, self._answers(**fields, receipt=code), expect=200)
        return code

    def _answers(self, **fields: str | list[str]) -> dict[str, str | list[str]]:
        """Without an age, which those in the order of arrivals have."""
        return {**CONSENT, "acc": "90", "elig": "1", **fields}

    def _marked_code(self, name: str) -> str:
        code = receipts.make()
        self._mark(name, code)
        return code

    def _mark(self, name: str, code: str) -> None:
        self._marks.code(f"the code {name}", code)
        self._marks.digest(f"the hash of the code {name}", self._slug, code)

    def _post(self, path: str, fields: Answers, expect: int) -> Answer:
        answer = self._visitor.post(path, fields)
        if answer.status != expect:
            raise Lost(f"POST {path} answered {answer.status} instead of {expect}.")
        return answer


def place_fields(number: int) -> dict[str, str | list[str]]:
    """The number of arrival as ticks and a choice, which stand in the response after sealing."""
    ticks = [str(bit + 1) for bit in range(_TICKS) if number >> bit & 1]
    return {"acc": ticks or ["90"], "lang_main": str(number >> _TICKS & 1), "age": "3"}


def _code_in(html: str) -> str:
    field = _CODE.search(html)
    value = _VALUE.search(field[0]) if field else None
    if value is None:
        raise Lost("The check page carries no receipt code.")
    return value[1]


def _spellings(code: str) -> Iterator[str]:
    plain = receipts.normalise(code)
    yield from (code, plain, plain.lower(), " ".join(plain))


def _unreadable(words: bytes) -> Iterator[tuple[bytes, str]]:
    yield b"\xff%zz=&&=%00" + words, FORM
    yield words + b"=\x00\xed\xa0\x80", FORM
    yield b"--x\r\nbroken " + words, "multipart/form-data; boundary=x"
    yield b'{"tst": "' + words + b'"}', "application/json"
    yield words, "text/plain"
    yield words, ""
    yield b"tst=" + words, f"{FORM}; charset=hex"
    yield b"tst=" + words * 20_000, FORM
