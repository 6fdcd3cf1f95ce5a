"""The main job, end to end, with real parts: one person answers in Chinese without script, four hundred are simulated,
two people review, a researcher downloads, another library opens the files, and every number is counted again."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from frictionless import validate
from playwright.sync_api import Browser, Page, expect

from accounts.actions import create_token
from accounts.enums import Role
from accounts.models import User
from reports.models import Release, Report
from survey.models import Inbox, Response, Wave
from survey.queries import codebook
from tests.cast import PASSWORD, SHELL, open_rehearsal, person
from tests.flow.looks import ALL_LANGUAGES, choose
from tests.readers import sent_texts
from tests.stack import Stack, running, wait_for

SLUG = "flow"
POPULATION = Path(__file__).parent.parent / "population.yaml"
# In the order of the form: a question that only some are asked appears when the answer before it is given.
CHINESE_ANSWERS: dict[str, str | list[str]] = {
    "con_age": "1", "con_read": "1", "con_store": "1", "con_sens": "1", "mdl": "1", "elig": "1", "since": "2",
    "freq": "5", "role": ["1", "7"], "role_main": "7", "clo_ai": "9", "clo_hum": "4", "att_s1": "5", "att_s2": "4",
    "att_s3_r": "-8", "evt": ["1", "4"], "evt_main": "4", "learn": "4", "notice": "2", "bye": "1", "act": ["1", "2"],
    "mig": "1", "mig_same": "3", "wel_2": "3", "gri_1": "4", "tst_use": "3", "tst_tag": "2", "age": "2", "reg": "4",
    "lang_main": "1",
}  # fmt: skip
CHINESE_TEXT = "我想说：那段日子里，它的话让我撑了过来。谢谢。"


@pytest.fixture
def stack(own_database: str, tmp_path: Path) -> Iterator[Stack]:
    with running(
        own_database, tmp_path, "web", "worker", "beat", REPORT_LANGUAGES="" if ALL_LANGUAGES else "en,zh-Hans,ja"
    ) as stack:
        yield stack


def test_from_an_answer_to_a_downloaded_report(stack: Stack, browser: Browser, tmp_path: Path) -> None:
    wave = open_rehearsal(SLUG)
    code = answer_in_chinese(browser, stack)
    assert stored_answer_is_what_was_chosen(code)
    simulate_close_and_seal(stack, wave, code)
    requester = person(Role.RESEARCHER, Role.REVIEWER)
    report = request_report(browser, stack, requester)
    the_requester_is_refused(browser, stack, requester, report)
    two_reviewers_approve(browser, stack, report)
    release = Release.objects.get(report=report)
    page = log_in(browser, stack, person(Role.RESEARCHER))
    bundle = download(page, stack, release, tmp_path)
    assert bundle == fetch_through_api(stack, release)
    what_the_page_prints_reads_the_numbers_on_it(page, tmp_path)
    another_library_opens_it(bundle, tmp_path)
    every_number_is_right(bundle)
    an_attacker_recovers_nothing(stack, tmp_path / "bundle.zip")


def answer_in_chinese(browser: Browser, stack: Stack) -> str:
    """Without script: the form, the page to check, the receipt. Returns the receipt code."""
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    page.goto(f"{stack.url}/s/{SLUG}/")
    assert page.url.endswith(f"/zh-hans/s/{SLUG}/")
    page.locator('textarea[name="tst"]').fill(CHINESE_TEXT)
    for name, values in CHINESE_ANSWERS.items():
        for value in [values] if isinstance(values, str) else values:
            choose(page.locator(f'input[name="{name}"][value="{value}"]'))
    page.get_by_role("button", name="核对我的回答").click()
    expect(page.locator('input[name="receipt"]')).to_have_count(1)
    code = page.locator('input[name="receipt"]').input_value()
    assert Inbox.objects.count() == 0
    page.get_by_role("button", name="提交我的回答").first.click()
    expect(page.locator(".code")).to_have_text(code)
    assert page.context.cookies() == []
    return code


def stored_answer_is_what_was_chosen(code: str) -> bool:
    document = Inbox.objects.values_list("document", flat=True).get()
    stored = document["answers"]
    for name, values in CHINESE_ANSWERS.items():
        if isinstance(values, str):
            assert stored[name] == int(values), name
        else:
            assert all(stored[f"{name}_{int(value):02}"] == 1 for value in values), name
    assert (stored["lang"], stored["role_group"], stored["ins_1"], stored["ant_1"]) == ("zh-Hans", 2, -5, -7)
    return "texts" not in document and sent_texts(code) == {"tst": CHINESE_TEXT}


def simulate_close_and_seal(stack: Stack, wave: Wave, code: str) -> None:
    for command in (
        ["simulate", SLUG, "--responses", "400", "--seed", "5", "--population", str(POPULATION)],
        ["wave", "close", SLUG],
        ["wave", "seal", SLUG],
    ):
        done = stack.manage(*command)
        assert done.returncode == 0, done.stderr
    wave.refresh_from_db()
    assert (wave.state, Response.objects.count(), Inbox.objects.count()) == ("sealed", 401, 0)


def log_in(browser: Browser, stack: Stack, user: User) -> Page:
    page = browser.new_context(accept_downloads=True).new_page()
    page.goto(f"{stack.url}/accounts/login/")
    page.fill('[name="login"]', user.email)
    page.fill('[name="password"]', PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "login" not in url)
    return page


def request_report(browser: Browser, stack: Stack, requester: User) -> Report:
    page = log_in(browser, stack, requester)
    page.goto(f"{stack.url}/portal/reports/new/")
    page.get_by_role("button", name="Request", exact=True).click()
    page.wait_for_url("**/portal/reports/*/")
    report = Report.objects.get(survey_slug=SLUG)
    wait_for(lambda: Report.objects.get(pk=report.pk).state == "in_review", "the report to come to review")
    report.refresh_from_db()
    return report


def the_requester_is_refused(browser: Browser, stack: Stack, requester: User, report: Report) -> None:
    page = log_in(browser, stack, requester)
    page.goto(f"{stack.url}/review/{report.pk}/")
    expect(page.get_by_role("button", name="Record my decision")).to_be_disabled()
    status, answer = through_api(
        stack, requester, f"reports/{report.pk}/decisions/",
        {"verdict": "approve", "reason": "mine", "manifest_sha256": report.manifest_sha256},
    )  # fmt: skip
    assert (status, set(answer)) == (403, {"code", "message", "fields"})
    assert report.decisions.count() == 0


def two_reviewers_approve(browser: Browser, stack: Stack, report: Report) -> None:
    first, second = person(Role.REVIEWER), person(Role.REVIEWER)
    approve(browser, stack, first, report, "Every table looked at.")
    page = log_in(browser, stack, second)
    page.goto(f"{stack.url}/review/{report.pk}/")
    assert "Every table looked at." not in page.content()
    approve(browser, stack, second, report, "Agreed.")
    wait_for(lambda: Release.objects.filter(report=report).exists(), "the release")


def approve(browser: Browser, stack: Stack, reviewer: User, report: Report, reason: str) -> None:
    page = log_in(browser, stack, reviewer)
    page.goto(f"{stack.url}/review/{report.pk}/")
    page.locator('input[name="verdict"][value="approve"]').check()
    page.fill('[name="reason"]', reason)
    page.get_by_role("button", name="Record my decision").click()
    page.wait_for_load_state()
    assert report.decisions.filter(reviewer=reviewer, reason=reason).exists()


def download(page: Page, stack: Stack, release: Release, folder: Path) -> bytes:
    """Found by its name in the portal, read in Japanese."""
    page.goto(f"{stack.url}/portal/")
    page.get_by_label("Title or name").fill(release.slug)
    page.get_by_role("button", name="Find").click()
    page.locator(f'a[href="/portal/releases/{release.slug}/"]').first.click()
    page.get_by_role("link", name="ja", exact=True).click()
    page.wait_for_url("**/?lang=ja")
    with page.expect_download() as started:
        page.get_by_role("link", name="Everything as one ZIP").click()
    started.value.save_as(folder / "bundle.zip")
    return (folder / "bundle.zip").read_bytes()


def token_of(user: User) -> str:
    return create_token(SHELL, user, "flow")


def through_api(stack: Stack, user: User, path: str, body: dict[str, str]) -> tuple[int, dict[str, object]]:
    from urllib.error import HTTPError

    request = Request(
        f"{stack.url}/api/v1/{path}", json.dumps(body).encode(),
        {"Authorization": f"Bearer {token_of(user)}", "Content-Type": "application/json"},
    )  # fmt: skip
    try:
        with urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def fetch_through_api(stack: Stack, release: Release) -> bytes:
    request = Request(f"{stack.url}/api/v1/releases/{release.slug}/bundle/")
    request.add_header("Authorization", f"Bearer {token_of(person(Role.RESEARCHER))}")
    with urlopen(request, timeout=30) as response:
        return bytes(response.read())


def another_library_opens_it(bundle: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(folder / "bundle")
    report = validate(str(folder / "bundle" / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "type", "note"])[:5]


def an_attacker_recovers_nothing(stack: Stack, bundle: Path) -> None:
    done = stack.manage("attack", str(bundle), "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["ok"] is True


def what_the_page_prints_reads_the_numbers_on_it(page: Page, folder: Path) -> None:
    """The lines of pandas, and those of R where there is one, with a token in the place of TOKEN."""
    printed = [
        line.replace("TOKEN", token_of(person(Role.RESEARCHER))) for line in page.locator("pre").all_text_contents()
    ]
    (python,) = (lines for lines in printed if "pandas.read_csv(" in lines)
    expected = numbers_on(page, python.partition("/tables/")[2].partition("/")[0])
    shown = 'own = table[table.row == "category"]; print(*(own.label + " " + own["count"].astype(str)), sep="\\n")'
    assert ran(sys.executable, "-c", f"{python.replace('pandas.read', 'table = pandas.read')}\n{shown}") == expected
    (r,) = (lines for lines in printed if "read.csv(handle" in lines)
    if shutil.which("Rscript"):
        shown = 'own <- table[table$row == "category", ]; writeLines(paste(own$label, own$count))'
        script = folder / "printed.R"
        script.write_text(f"{r.replace('read.csv', 'table <- read.csv')}\n{shown}\n")
        assert ran("Rscript", str(script)) == expected


def numbers_on(page: Page, table: str) -> list[str]:
    """Label and count of every answer, as the page shows them."""
    rows = page.locator(f"#{table} tbody tr").all()
    labels = [row.locator("th").text_content() for row in rows]
    counts = [re.search(r"n (\d+)", row.locator("small").text_content() or "") for row in rows]
    assert rows
    assert any(letter >= "\u3040" for label in labels for letter in label or "")
    return [f"{label} {count and count[1]}" for label, count in zip(labels, counts, strict=True)]


def ran(*command: str) -> list[str]:
    """The lines that a program prints."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def every_number_is_right(bundle: bytes) -> None:
    """A plain count over the sealed answers, rounded to 5, against the files of the bundle."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        document = json.loads(archive.read("report.json"))
        cells = list(csv.DictReader(io.StringIO(archive.read("cells.csv").decode("utf-8-sig"))))
    answers = list(Response.objects.values_list("answers", flat=True))
    visible = [table for table in document["tables"] if table["visible"]]
    alone = [table for table in document["tables"] if len(table["variables"]) == 1]
    hidden = [table for table in alone if not table["visible"]]
    assert len(alone) == 187
    assert len(alone) - len(hidden) >= 187 * 60 / 66
    assert len([table for table in visible if table not in alone]) > 60
    assert hidden
    for table in visible:
        assert table_is_counted_right(table, cells, answers), table["id"]
    for table in hidden:
        assert "audit_failed" in table["reasons"] or smallest_at_coarsest_level(table, answers) <= 9, table["id"]


def table_is_counted_right(table: dict, cells: list[dict[str, str]], answers: list[dict]) -> bool:
    """Every cell that is shown, in both files; a hidden one is marked in both."""
    names = [variable["name"] for variable in table["variables"]]
    counts = Counter(tuple(answer[name] for name in names) for answer in answers)
    groups = product(*([category["codes"] for category in side] for side in table["categories"]))
    true = [rounded(sum(counts[codes] for codes in product(*group))) for group in groups]
    shown = [cell["count"] for cell in table["cells"]]
    in_csv = [row["value"] for row in cells if row["table_id"] == table["id"] and row["measure"] == "count"]
    return (
        all(cell in (None, count) for cell, count in zip(shown, true, strict=True))
        and shown.count(None) <= len(shown) / 4 * (len(names) - 1)
        and in_csv == [":" if count is None else str(count) for count in shown]
    )


def smallest_at_coarsest_level(table: dict, answers: list[dict]) -> int:
    variable = codebook("mris")[table["variables"][0]["name"]]
    counts = Counter(answer[variable.name] for answer in answers)
    return min(
        sum(counts[variable.codes[index]] for index in category.indexes)
        for category in variable.levels[variable.coarsest].categories
    )


def rounded(count: int) -> int:
    return (count + 2) // 5 * 5
