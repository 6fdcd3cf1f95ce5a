"""Whatever a client sends: never a fault of ours, and what is stored is the validator's normal form, byte for byte."""

import json
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from survey import receipts
from survey.instrument.validate import Facts, validate
from survey.models import Inbox, Tombstone, Wave
from survey.pages.requests import LARGEST_POST
from survey.queries import load
from survey.queries.instruments import event_states_on
from tests.cast import CONSENT
from tests.readers import sent_texts
from tests.unit.survey.instrument.test_validate_mris import OPEN

FORM = "/en/s/rehearsal/"
FORM_TYPE = "application/x-www-form-urlencoded"
MANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

# Bidi overrides and isolates, a byte order mark, half of a pair, noncharacters, a family of four, Zalgo, line ends.
ODD = [
    "\u202e",
    "\u2066\u2069",
    "\ufeff",
    "\ud83d",
    "\uffff",
    "👨‍👩‍👧‍👦",
    "a" + "\u0301" * 40,
    "\r\n",
    "\u2028",
    "\x00",
    "\x1b[2J",
    "ﷺ",
]
odd_text = st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=8)), max_size=12).map("".join)
names = st.one_of(
    st.sampled_from(
        [*OPEN, *CONSENT, "wave", "receipt", "stamp", "fast", "website", "correct", "edit", "switch", "page"]
    ),
    odd_text,
)
codes = st.one_of(
    st.integers(-99, 99).map(str), st.sampled_from(["", "1.0", "٣", "１", "1e0", " 1", "0x1", "null", "-0"])
)
values = st.lists(st.one_of(codes, odd_text), max_size=4)


def body(fields: dict[str, list[str]]) -> bytes:
    """As a form is encoded, half surrogates included."""
    pairs = [(name, value) for name, sent in fields.items() for value in sent]
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs).encode()


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


def post(client: Client, fields: dict[str, list[str]], path: str = FORM) -> int:
    client.raise_request_exception = False  # a fault of ours must be seen as one
    return client.generic("POST", path, body(fields), CONTENT_TYPE=FORM_TYPE).status_code


@MANY
@given(st.dictionaries(names, values, max_size=25))
@example({"con_age": ["1"], "con_read": ["1"], "con_store": ["1"], "con_sens": ["1"], "tst": ["\x00" * 5000]})
@example({"receipt": ["\u202e" * 25], "correct": ["1"]})
@example({"wave": ["9" * 400], "stamp": ["9" * 400], "fast": ["maybe"]})
def test_no_fields_break_the_form(respondent: Client, fields: dict[str, list[str]]) -> None:
    assert post(respondent, fields) in (200, 404, 409, 410, 422)


@MANY
@given(st.dictionaries(names, values, max_size=10))
@example({"receipt": ["\ud83d" * 25], "action": ["erase"]})
@example({"receipt": ["0" * 25], "action": ["\x00"]})
def test_no_fields_break_the_page_of_the_receipt(respondent: Client, fields: dict[str, list[str]]) -> None:
    assert post(respondent, fields, "/ar/receipt/" if "stamp" in fields else "/en/receipt/") in (200, 404, 410, 422)


@MANY
@given(
    st.binary(max_size=400),
    st.sampled_from([FORM_TYPE, "multipart/form-data; boundary=x", "multipart/form-data", "text/plain"]),
)
@example(
    b'--x\r\nContent-Disposition: form-data; name="tst"; filename="a"\r\n\r\nx\r\n--x--',
    "multipart/form-data; boundary=x",
)
@example(
    b'--x\r\nContent-Disposition: form-data; name="tst"\r\n\r\n\xff\xfe\r\n--x--', "multipart/form-data; boundary=x"
)
@example(b"%u0041=%zz&=&&==&%00=%00", FORM_TYPE)
def test_no_bytes_break_the_form(respondent: Client, sent: bytes, kind: str) -> None:
    respondent.raise_request_exception = False
    assert respondent.generic("POST", FORM, sent, CONTENT_TYPE=kind).status_code in (200, 400, 404, 409, 410, 415, 422)


WRITTEN = ("tst", "tst_2", "tst_use")
CHOSEN = {name: value for name, value in OPEN.items() if name not in WRITTEN}
texts = st.one_of(odd_text, odd_text.map(lambda text: text * 20))


@MANY
@given(
    st.fixed_dictionaries({"con_sens": st.sampled_from([["0"], ["1"]]), "tst_use": st.just(["3"])}, optional=CHOSEN),
    texts,
    texts,
)
def test_what_is_stored_is_the_normal_form_of_what_was_sent(
    respondent: Client, wave: Wave, chosen: dict[str, list[str]], text: str, text_2: str
) -> None:
    fields = {**CONSENT, **chosen, "tst": [text], "tst_2": [text_2], "unknown": ["x"]}
    code = receipts.make()
    sent = {**fields, "wave": ["1"], "receipt": [code], "fast": ["no"]}
    status = post(respondent, sent)
    normal = normal_form(fields)
    if normal is None:
        assert status == 422
        return
    assert status == 200
    stored = Inbox.objects.get(pk=receipts.digest("rehearsal", code))
    assert as_bytes({**stored.document, "texts": sent_texts(code)}) == as_bytes(normal)
    assert post(respondent, sent) == 200  # the same again is the same answer
    assert Inbox.objects.filter(pk=stored.pk).count() == 1


def normal_form(fields: dict[str, list[str]]) -> object | None:
    # A browser or a program may send half a surrogate; on its way through UTF-8 it becomes replacement signs.
    received = {name: [_received(value) for value in sent] for name, sent in fields.items()}
    states = event_states_on("mris", timezone.now().date())
    facts = Facts(language="en", events=states, unproven=True, fast="no")  # type: ignore[arg-type]
    submission = validate(load("mris"), received, facts).submission
    return submission and submission.as_document()


def _received(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def as_bytes(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("name", ["tst", "mdl", "receipt", "nothing", "x" * 1000])
def test_a_megabyte_in_one_field_is_refused_and_nothing_is_stored(respondent: Client, name: str) -> None:
    assert post(respondent, {**CONSENT, name: ["字" * (1 << 18)]}) == 413
    assert not Inbox.objects.exists()


def test_ten_thousand_fields_are_read_and_the_unknown_ones_ignored(respondent: Client) -> None:
    many = {f"x{number}": ["1"] for number in range(10_000)}
    code = receipts.make()
    assert len(body(many)) < LARGEST_POST
    assert post(respondent, {**many, **CONSENT, "wave": ["1"], "receipt": [code]}) == 200
    assert set(Inbox.objects.get().document) == {"answers"}
    assert "x1" not in Inbox.objects.get().document["answers"]


@pytest.mark.parametrize("field", ["con_age", "mdl", "role", "tst", "wave", "receipt"])
def test_a_field_sent_ten_thousand_times_breaks_nothing(respondent: Client, field: str) -> None:
    assert post(respondent, {**CONSENT, field: ["1"] * 10_000}) in (200, 422)


@pytest.mark.parametrize(
    "forged",
    ["0" * 24, "0" * 25 + "0", "U" * 25, "٠" * 25, "../../etc/passwd", "' OR 1=1 --", "%00", "\u202e", "Z" * 9999],
)
@pytest.mark.parametrize("action", ["see", "correct", "erase", "confirm-erase", "download-json", "download-csv", "odd"])
def test_a_forged_receipt_opens_nothing(respondent: Client, forged: str, action: str) -> None:
    real = receipts.make()
    assert post(respondent, {**CONSENT, "wave": ["1"], "receipt": [real]}) == 200
    assert post(respondent, {"receipt": [forged], "action": [action]}, "/en/receipt/") in (404, 422)
    assert post(respondent, {**CONSENT, "wave": ["1"], "receipt": [forged], "correct": ["1"]}) in (
        200,
        404,
        409,
        410,
        422,
    )
    assert Inbox.objects.count() == 1
    assert not Tombstone.objects.exists()
