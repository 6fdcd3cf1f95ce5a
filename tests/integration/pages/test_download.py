"""What is stored, as a file: all of it, nothing else, readable by other programs, in the language of the page."""

import csv
import io
import json
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from survey import receipts
from survey.instrument.validate import Facts, validate
from survey.models import Inbox, Wave
from survey.pages.download import COLUMNS
from survey.queries import find_by_receipt, load
from tests.cast import CONSENT, send
from tests.integration.pages.reading import kind_of, text_of
from tests.readers import sent_texts

ANSWERS = {"mdl": "1", "elig": "1", "role": ["6", "7"], "role_main": "7", "att_s1": "5", "clo_ai": "10", "age": "-8"}


@pytest.fixture
def code(wave: Wave) -> str:
    made = receipts.make()
    send(wave, made, **ANSWERS, tst="=1+1, said “it”;\n再见，朋友", tst_use="1")
    return made


def download(code: str, kind: str, language: str = "en") -> HttpResponse:
    return Client().post(f"/{language}/receipt/", {"receipt": code, "action": f"download-{kind}"})


def json_of(code: str, language: str = "en") -> dict[str, Any]:
    content: dict[str, Any] = json.loads(download(code, "json", language).content.decode("utf-8"))
    return content


def rows_of(code: str, language: str = "en") -> list[dict[str, str]]:
    """As a spreadsheet reads it: the mark says UTF-8, a quoted cell may hold line ends."""
    text = download(code, "csv", language).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def entries(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in (*content["answers"], *content["computed"])}


@pytest.mark.parametrize(("kind", "media_type"), [("json", "application/json"), ("csv", "text/csv; charset=utf-8")])
def test_it_is_an_attachment_with_a_neutral_name_that_no_cache_keeps(code: str, kind: str, media_type: str) -> None:
    response = download(code, kind)
    assert response.status_code == 200
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == f'attachment; filename="answers.{kind}"'
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies


def test_every_stored_value_stands_in_both_files_and_nothing_that_is_not_stored(code: str) -> None:
    document = Inbox.objects.get().document
    content = json_of(code)
    assert {name: entry["code"] for name, entry in entries(content).items()} == document["answers"]
    assert {text["name"]: text["text"] for text in content["texts"]} == sent_texts(code)

    cells = {row["name"]: row["code"] for row in rows_of(code) if row["kind"] in ("answer", "computed")}
    assert cells == {name: str(value) for name, value in document["answers"].items()}


def test_the_two_files_say_the_same(code: str) -> None:
    content, rows = json_of(code), rows_of(code)
    assert tuple(rows[0]) == COLUMNS
    assert {row["name"]: row["label"] for row in rows if row["kind"] == "about"} == {
        name: str(value) for name, value in content["about"].items()
    }
    told = [(entry["name"], entry["question"], entry["part"] or "", entry["label"] or "", entry["missing"] or "")
            for entry in (*content["answers"], *content["computed"])]  # fmt: skip
    kinds = ("answer", "computed")
    assert told == [
        tuple(row[name] for name in ("name", "question", "part", "label", "missing"))
        for row in rows
        if row["kind"] in kinds
    ]


def test_it_says_what_it_is_and_holds_no_code(code: str) -> None:
    assert json_of(code, "zh-hans")["about"] == {
        "survey": "rehearsal",
        "title": "当AI模型下线或被改变时",
        "rehearsal": True,
        "instrument": "mris",
        "version": load("mris").version,
        "wave": 1,
        "seal_date": "2027-01-10",
        "form_language": "en",
        "file_language": "zh-Hans",
    }
    for kind in ("json", "csv"):
        content = download(code, kind).content.decode()
        assert code not in content
        assert receipts.normalise(code) not in content


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mdl", {"code": 1, "label": "GPT-4o", "missing": None, "part": None}),
        ("elig", {"code": 1, "label": "I can no longer use GPT-4o"}),
        (
            "role_07",
            {
                "question": "What was GPT-4o in your life? Choose all that fit.",
                "code": 1,
                "part": "friend",
                "label": "chosen",
            },
        ),
        ("role_01", {"code": 0, "label": "not chosen"}),
        (
            "att_s1",
            {"part": "When a day went badly, GPT-4o was among the first I turned to.", "label": "strongly agree"},
        ),
        ("clo_ai", {"code": 10, "label": "as close as can be"}),
        ("age", {"code": -8, "label": None, "missing": "prefer not to say"}),
        ("freq", {"code": -5, "label": None, "missing": "left blank"}),
        ("ant_1", {"code": -7, "label": None, "missing": "not asked, because other answers made it needless"}),
        ("att_band", {"code": -5, "label": None, "missing": "not computed, because too little was answered"}),
        ("role_group", {"code": 3, "label": "bond only"}),
        ("lang", {"code": "en", "label": "English"}),
        ("unproven", {"code": 1, "label": "yes"}),
        ("fast", {"code": "unknown", "label": "not known"}),
    ],
)
def test_each_entry_is_worded_as_the_person_read_it(code: str, name: str, expected: dict[str, Any]) -> None:
    entry = entries(json_of(code))[name]
    assert {key: entry[key] for key in expected} == expected


def test_it_is_worded_in_the_language_of_the_page(code: str) -> None:
    found = entries(json_of(code, "zh-hans"))
    assert found["elig"]["label"] == "我已经不能再用GPT-4o了"
    assert found["freq"]["missing"] == "留空"
    assert found["age"]["missing"] == "不想回答"


def test_what_was_left_out_as_sensitive_says_so(wave: Wave) -> None:
    made = receipts.make()
    send(wave, made, con_sens="0", elig="1")
    assert entries(json_of(made))["wel_2"]["missing"] == "not asked, because the sensitive questions were left out"


def test_own_words_stand_unchanged_and_no_cell_is_a_formula(code: str) -> None:
    words = "=1+1, said “it”;\n再见，朋友"
    assert [text["text"] for text in json_of(code)["texts"]] == [words]
    [row] = [row for row in rows_of(code) if row["kind"] == "text"]
    assert row["label"] == "'" + words
    cells = [cell for row in rows_of(code) for cell in row.values()]
    assert len(cells) > 1000
    assert not [cell for cell in cells if re.match(r"[=+@\t]|-\D", cell)]


def test_the_file_is_what_rfc_4180_describes(code: str) -> None:
    content = download(code, "csv").content
    assert content.startswith(b"\xef\xbb\xbfkind,name,question,part,code,label,missing\r\n")
    assert content.endswith(b"\r\n")


def test_the_answers_of_the_file_can_be_judged_again_and_are_the_same(code: str) -> None:
    """What is in the file is enough to send it all once more."""
    content = json_of(code)
    several = {item.name for item in load("mris").items if item.kind == "M"}
    by_item: dict[str, list[str]] = {}
    for entry in content["answers"]:
        item, _, option = entry["name"].rpartition("_")
        if option.isdigit() and item in several:
            if entry["code"] == 1:
                by_item.setdefault(item, []).append(str(int(option)))
        elif entry["code"] not in (-5, -6, -7):
            by_item[entry["name"]] = [str(entry["code"])]
    by_item |= {text["name"]: [text["text"]] for text in content["texts"]} | CONSENT
    outcome = validate(load("mris"), by_item, Facts(language="en", events={6: "announced"}))
    assert outcome.submission is not None
    found = find_by_receipt(code)
    assert found is not None
    assert outcome.submission == found.submission


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_without_answers_there_is_no_file(code: str, kind: str) -> None:
    for unknown, status in ((receipts.make(), 404), ("ABC", 422)):
        response = download(unknown, kind)
        assert (response.status_code, kind_of(response)) == (status, "receipt")


def test_the_page_of_stored_answers_offers_both(code: str) -> None:
    page = text_of(Client().post("/en/receipt/", {"receipt": code, "action": "see"}))
    assert 'value="download-csv"' in page
    assert 'value="download-json"' in page
    assert "stays on this device" in page
