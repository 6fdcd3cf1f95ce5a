"""The review page: everything that would be published, and a decision about it."""

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry, User
from reports import queries
from reports.actions import object_to, request_report, resubmit
from reports.enums import State
from reports.models import Decision, Objection, Report
from survey.actions import add_member
from survey.models import Survey
from tests.cast import SHELL
from tests.integration.reports.api.callers import received
from tests.integration.reports.cast import colleague, computed, in_review, released, requester, sealed_survey, vote
from tests.unit.reports.attack.releases import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    sealed_survey()
    return computed()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def decide(client: Client, report: Report, **other: str) -> HttpResponse:
    sent = {"verdict": "approve", "reason": "I looked at it all.", "manifest": report.manifest_sha256, **other}
    return client.post(f"/review/{report.pk}/", sent)


@pytest.mark.parametrize("roles", [(Role.REVIEWER,), (Role.ADMIN,)])
def test_reviewers_and_admins_see_it_with_tables_protection_and_files(report: Report, roles: tuple[Role, ...]) -> None:
    client, here = logged_in(colleague(*roles)), f"/review/{report.pk}/"
    seen = text(client.get(here))
    assert report.manifest_sha256 in seen
    in_chinese = text(client.get(f"{here}?lang=zh-Hans"))
    for artifact in queries.artifacts(report):
        assert artifact.path in seen + in_chinese
        assert artifact.sha256 in seen + in_chinese
    for table in queries.document(report)["tables"]:
        assert f"<code>{table['id']}</code>" in seen
    assert "What happens when two people approve" in seen


def test_the_files_of_other_languages_are_counted_and_one_step_away(report: Report) -> None:
    seen = text(logged_in(colleague(Role.REVIEWER)).get(f"/review/{report.pk}/"))
    paths = [one.path for one in queries.artifacts(report) if one.path.startswith("tables/zh-Hans/")]
    assert f"<code>tables/zh-Hans/</code> · {len(paths)} files, " in seen
    assert f'href="/review/{report.pk}/?lang=zh-Hans#files"' in seen
    assert paths[0].replace("zh-Hans", "en") in seen
    assert paths[0] not in seen


@pytest.mark.parametrize(
    "address", ["/review/", "/review/{}/", "/review/{}/files/report.json", "/review/{}/view/report.html"]
)
def test_nobody_else_sees_it(report: Report, address: str) -> None:
    address = address.format(report.pk)
    assert Client().get(address)["Location"].startswith("/accounts/login/")
    for roles in ((), (Role.RESEARCHER,)):
        assert logged_in(colleague(*roles)).get(address).status_code == 403


def test_a_decision_is_recorded_about_the_files_on_the_page(report: Report) -> None:
    reviewer = colleague(Role.REVIEWER)
    assert decide(logged_in(reviewer), report).status_code == 302
    decision = Decision.objects.get()
    assert (decision.reviewer, decision.manifest_sha256) == (reviewer, report.manifest_sha256)


def test_the_requester_finds_the_button_disabled_with_the_sentence_of_the_refusal(report: Report) -> None:
    client = logged_in(report.requested_by)
    page = text(client.get(f"/review/{report.pk}/"))
    told = re.search(r'<button class="main" disabled title="([^"]+)"', page)
    assert told is not None
    refused = decide(client, report)
    assert refused.status_code == 403
    assert f'role="alert">{told[1]}<' in text(refused)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"reason": " "}, 400, "Give a reason."),
        ({"verdict": "perhaps"}, 400, "Choose one of the three decisions."),
        ({"manifest": "0" * 64}, 409, "The files have changed"),
    ],
)
def test_a_refused_decision_comes_back_with_what_was_written(
    report: Report, wrong: dict[str, str], status: int, said: str
) -> None:
    response = decide(logged_in(colleague(Role.REVIEWER)), report, **{"reason": "kept words", **wrong})
    assert response.status_code == status
    assert said in text(response)
    assert wrong.get("reason", "kept words") in text(response)
    assert not Decision.objects.exists()


def test_the_other_vote_is_hidden_until_both_are_in(report: Report) -> None:
    first, second = colleague(Role.REVIEWER), colleague(Role.REVIEWER)
    decide(logged_in(first), report, verdict="ask_for_changes", reason="Label of table 3.")
    waiting = text(logged_in(second).get(f"/review/{report.pk}/"))
    assert "1 of 2 decisions are in." in waiting
    assert "Label of table 3." not in waiting
    decide(logged_in(second), report)
    both = text(logged_in(second).get(f"/review/{report.pk}/"))
    assert "Label of table 3." in both
    report.refresh_from_db()
    assert report.state == State.CHANGES_ASKED


def test_two_approvals_wake_the_worker_that_publishes(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[tuple[str, int]] = []
    monkeypatch.setattr("reports.tasks.nudge", lambda task, row: woken.append((task.name, row)))
    for _ in range(2):
        decide(logged_in(colleague(Role.REVIEWER)), report)
    assert woken == [("reports.tasks.release", report.pk)]


def test_flagged_shares_are_rounded_to_five_per_cent(report: Report) -> None:
    shares = re.findall(
        r"<dt lang=\"en\" dir=\"ltr\">[^<]+</dt><dd>(\d+) %</dd>",
        text(logged_in(colleague(Role.REVIEWER)).get(f"/review/{report.pk}/")),
    )
    assert shares
    assert all(int(share) % 5 == 0 for share in shares)


def test_it_speaks_the_languages_of_the_report(report: Report) -> None:
    client = logged_in(colleague(Role.REVIEWER))
    title = queries.document(report)["sections"][2]["title"]
    assert title["en"] != title["zh-Hans"]
    assert title["zh-Hans"] in text(client.get(f"/review/{report.pk}/?lang=zh-hans"))
    assert title["en"] in text(client.get(f"/review/{report.pk}/?lang=xx"))


def test_a_file_is_sent_as_it_is_stored_and_never_run(report: Report) -> None:
    reviewer = colleague(Role.REVIEWER)
    response = logged_in(reviewer).get(f"/review/{report.pk}/files/report.json")
    assert AuditEntry.objects.get(action="file.downloaded").actor_name == str(reviewer.pk)
    assert received(response) == queries.file_content(report, "report.json")
    assert response["Content-Disposition"] == 'attachment; filename="mris-1-report.json"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_looked_at_as_it_is_stored_in_a_page_that_runs_nothing(report: Report) -> None:
    client = logged_in(colleague(Role.REVIEWER))
    for path, kind in (("report.html", "text/html"), ("report.json", "text/plain"), ("citation.bib", "text/plain")):
        response = client.get(f"/review/{report.pk}/view/{path}")
        assert response.content == queries.file_content(report, path)
        assert response["Content-Type"].startswith(kind)
        policy = response["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src '")
        assert policy.endswith("; sandbox")
        assert "unsafe" not in policy
        assert response["Content-Disposition"] == "inline"
    assert client.get(f"/review/{report.pk}/view/report.pdf").status_code == 404


def test_figures_over_several_tables_are_shown_from_their_files_with_the_same_in_words(report: Report) -> None:
    client = logged_in(colleague(Role.REVIEWER))
    page = text(client.get(f"/review/{report.pk}/"))
    (picture, *_) = queries.document(report)["pictures"]
    source = f"/review/{report.pk}/view/figures/en/{picture['id']}.svg"
    assert f'<img src="{source}" alt="{picture["alt"]["en"]}"' in page
    assert client.get(source)["Content-Type"] == "image/svg+xml"


def test_unknown_reports_and_files_are_not_found(report: Report) -> None:
    client = logged_in(colleague(Role.REVIEWER))
    for address in ("/review/999/", f"/review/{report.pk}/files/../../etc/passwd", f"/review/{report.pk}/files/x.csv"):
        assert client.get(address).status_code == 404


def test_it_loads_nothing_from_elsewhere_and_runs_nothing_inline(report: Report) -> None:
    response = logged_in(colleague(Role.REVIEWER)).get(f"/review/{report.pk}/")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text(response))
    assert not re.search(r"<[^>]+\s(?:style|on\w+)=", text(response))
    assert response["Cache-Control"] == "no-store"


def test_it_says_who_asked_when_and_why_and_what_it_would_replace() -> None:
    # Of people who answered what they were asked: rules about who was asked would take others for one or two people.
    sealed_survey(rows=[bytes(row) for row in people()[:400]])
    first, asked = released(), requester()
    why = "The labels of the notice band were swapped."
    report = computed(request_report(SHELL, asked, "mris", "mris", replace=True, purpose=why))
    page = text(logged_in(colleague(Role.REVIEWER)).get(f"/review/{report.pk}/"))
    asked_on = timezone.now().strftime("%B %Y")
    assert re.search(rf"<dd>{asked}, \d+ {asked_on}</dd>", page)
    assert why in page
    assert f"{first.slug} is marked as superseded" in page
    assert f"Since the release {first.slug} of" in page
    assert "No table changed: all" in page
    assert "every difference comes from the plan" in page


def test_without_an_earlier_release_it_says_that_there_is_none(report: Report) -> None:
    page = text(logged_in(colleague(Role.REVIEWER)).get(f"/review/{report.pk}/"))
    assert "Nothing of mris was released before this report" in page
    assert "None was written." in page


def test_a_new_round_shows_what_was_asked_answered_and_changed(report: Report) -> None:
    reviewer = colleague(Role.REVIEWER)
    decide(logged_in(reviewer), report, verdict="ask_for_changes", reason="Label of table 3.")
    decide(logged_in(colleague(Role.REVIEWER)), report, reason="Fine with me.")
    resubmit(report.requested_by, report.pk, "The label is right now.")
    computed(queries.report(report.pk))
    page = text(logged_in(colleague(Role.REVIEWER)).get(f"/review/{report.pk}/"))
    for said in ("What was said about round 1", "Label of table 3.", "Fine with me.", "The label is right now."):
        assert said in page
    assert f"a decision was given, {reviewer}<" in page
    assert "changes asked for<" in page
    files = len(queries.artifacts(report))
    assert f"Files: 0 changed, 0 new, 0 gone, {files} the same byte for byte." in page
    assert "0 of 2 decisions are in." in page


def test_who_belongs_to_the_study_reads_why_there_is_no_button() -> None:
    sealed_survey()
    report, close = computed(), colleague(Role.REVIEWER)
    add_member(SHELL, Survey.objects.get(slug="mris"), close)
    page = text(logged_in(close).get(f"/review/{report.pk}/"))
    assert "You belong to the study of this survey" in page
    assert 'name="verdict"' not in page
    assert decide(logged_in(close), report).status_code == 403


def test_an_objection_is_raised_read_by_all_at_once_and_withdrawn_by_its_author(report: Report) -> None:
    by, other = colleague(Role.ADMIN), colleague(Role.REVIEWER)
    logged_in(by).post(f"/review/{report.pk}/objections/", {"objection": "Swapped labels."})
    seen = text(logged_in(other).get(f"/review/{report.pk}/"))
    assert "1 objection is open: nothing is published" in seen
    assert "Swapped labels." in seen
    assert "Withdraw my objection" not in seen
    assert "Swapped labels." in text(logged_in(report.requested_by).get(f"/portal/reports/{report.pk}/"))
    address = f"/review/objections/{Objection.objects.get().pk}/withdraw/"
    refused = logged_in(other).post(address, {"withdrawal": "Never mind."})
    assert refused.status_code == 403
    assert f'href="/review/{report.pk}/view/report.html"' in text(refused)
    assert "Withdraw my objection" in text(logged_in(by).get(f"/review/{report.pk}/"))
    logged_in(by).post(address, {"withdrawal": "I misread it."})
    assert "Withdrawn objection" in text(logged_in(other).get(f"/review/{report.pk}/"))


def test_an_objection_is_nothing_for_researchers_nor_one_that_is_not_there() -> None:
    report, by = in_review(), colleague(Role.REVIEWER)
    object_to(by, report.pk, "Swapped labels.")
    address = f"/review/objections/{Objection.objects.get().pk}/withdraw/"
    assert logged_in(colleague(Role.RESEARCHER)).post(address, {"withdrawal": "x"}).status_code == 403
    assert logged_in(colleague(Role.RESEARCHER)).post(f"/review/{report.pk}/objections/").status_code == 403
    assert logged_in(by).post("/review/objections/999/withdraw/").status_code == 404


def test_a_withdrawal_after_two_approvals_wakes_the_worker(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    by = colleague(Role.REVIEWER)
    object_to(by, report.pk, "Swapped labels.")
    vote(report)
    vote(report)
    woken: list[int] = []
    monkeypatch.setattr("reports.tasks.nudge", lambda task, row: woken.append(row))
    logged_in(by).post(f"/review/objections/{Objection.objects.get().pk}/withdraw/", {"withdrawal": "I misread it."})
    assert woken == [report.pk]


def test_five_questions_are_answered_by_the_words_of_the_page_alone(report: Report) -> None:
    page = re.sub(r"<[^>]+>", " ", text(logged_in(colleague(Role.REVIEWER)).get(f"/review/{report.pk}/")))
    words = re.sub(r"\s+", " ", page)
    for answer in (
        f"Asked for by {report.requested_by}, ",
        "are withheld as a whole. Why anything is hidden A number of fewer than 10 people can point at somebody",
        "there is no earlier release to compare with",
        "Then exactly these files are published; nothing is computed again.",
        "An objection is not a vote. Every reviewer and admin can raise one",
    ):
        assert answer in words
