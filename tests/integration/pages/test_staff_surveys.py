"""/admin/surveys/ for admins: everything about surveys and waves without a shell, and nobody else comes in."""

import html
import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry, User
from survey import actions, receipts
from survey.enums import Mode, WaveState
from survey.models import Inbox, StudyMember, Survey, Wave
from survey.pages import documents
from survey.queries import details_of, languages_of
from tests.cast import CONSENT, SHELL, insider, open_rehearsal, send
from tests.readers import readers

pytestmark = pytest.mark.django_db
SOON = timezone.now().date() + timedelta(days=60)
LIST = "/admin/surveys/"
STUDY = "/admin/surveys/study/"
WAVE = "/admin/surveys/study/waves/1/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: HttpResponse) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html.unescape(response.content.decode())).split())


@pytest.fixture
def admin() -> User:
    return insider(Role.ADMIN)


@pytest.fixture
def ada(admin: User) -> Client:
    return client_of(admin)


@pytest.fixture
def abe() -> Client:
    return client_of(insider(Role.ADMIN))


def planned(mode: Mode = Mode.LIVE, **said: str) -> Wave:
    operator = {**dict.fromkeys(details_of("mris"), "said"), **said}
    survey = actions.create_survey(SHELL, "study", "mris", mode, operator)
    if mode == Mode.LIVE:
        readers()
    return actions.create_wave(SHELL, survey, ["en"], SOON)


def every_page() -> list[tuple[str, str]]:
    """(method, address) of each page; the POSTs are those that change something."""
    steps = ("close", "postpone", "propose", "answer")
    return [
        *(("GET", path) for path in (LIST, "/admin/new-survey/", STUDY, f"{STUDY}operator/", f"{STUDY}new-wave/",
                                     WAVE, f"{WAVE}plan/", f"{WAVE}preview/ja/", "/admin/help-lines/",
                                     "/admin/help-lines/mris/ar/", "/admin/events/", "/admin/events/mris/")),
        *(("POST", path) for path in ("/admin/new-survey/", f"{STUDY}operator/", f"{STUDY}members/",
                                      f"{STUDY}new-wave/", f"{WAVE}plan/", *(f"{WAVE}{step}/" for step in steps),
                                      "/admin/help-lines/mris/ar/", "/admin/events/mris/")),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.REVIEWER, None])
def test_others_are_refused_everywhere(role: Role | None) -> None:
    planned()
    client = client_of(insider(role)) if role else Client()
    before = AuditEntry.objects.count()
    for method, path in every_page():
        response = client.generic(method, path)
        assert (path, response.status_code) == (path, 403 if role else 302)
        assert role or response["Location"].startswith("/accounts/login/")
    assert AuditEntry.objects.count() == before


def test_an_admin_sees_every_page(ada: Client) -> None:
    planned()
    for path in (path for method, path in every_page() if method == "GET"):
        response = ada.get(path)
        assert (path, response.status_code, response["Cache-Control"]) == (path, 200, "no-store")


def test_what_does_not_exist_is_not_found_in_words(ada: Client) -> None:
    for method, path in every_page():
        if "study" in path:
            response = ada.generic(method, path)
            assert (path, response.status_code) == (path, 404)
            assert "This is not possible" in words(response)


def test_a_form_needs_its_token(admin: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    planned()
    for method, path in every_page():
        if method == "POST":
            assert client.post(path).status_code == 403, path


def test_a_survey_is_made_and_planned_without_a_shell(ada: Client) -> None:
    made = ada.post("/admin/new-survey/", {"slug": "study", "instrument": "mris", "mode": "live", "link": "invited"})
    assert (made.status_code, made["Location"]) == (302, STUDY)
    survey = Survey.objects.get()
    assert (survey.mode, survey.open_link, survey.version) == (Mode.LIVE, False, "1")
    assert "Not said yet" in words(ada.get(STUDY))

    sent = {"language": ["en", "ar"], "seal_on": SOON.isoformat(), "form": "short"}
    assert ada.post(f"{STUDY}new-wave/", sent)["Location"] == WAVE
    wave = Wave.objects.get()
    assert (wave.languages, wave.seal_on, wave.form, wave.state) == (["en", "ar"], SOON, "short", "planned")
    ada.post(f"{WAVE}plan/", {**sent, "language": ["ja"], "form": ""})
    wave.refresh_from_db()
    assert (wave.languages, wave.form) == (["ja"], "")
    actors = AuditEntry.objects.exclude(action="user.created").values_list("action", "actor_kind")
    assert [*actors] == [("survey.created", "user"), ("wave.created", "user"), ("wave.planned_anew", "user")]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"slug": "Study"}, "small letters"),
        ({"slug": "a" * 51}, "small letters"),
        ({"slug": "../x"}, "small letters"),
        ({"slug": "<b>"}, "small letters"),
        ({"slug": ""}, "small letters"),
        ({"slug": "taken"}, "already"),
        ({"instrument": "../mris"}, "no instrument"),
        ({"instrument": ""}, "no instrument"),
        ({"mode": "real"}, "Choose whether"),
        ({"slug": "a\0b"}, "no text may hold"),
    ],
)
def test_a_survey_that_cannot_be_is_refused_in_words(ada: Client, changed: dict[str, str], says: str) -> None:
    open_rehearsal("taken")
    response = ada.post("/admin/new-survey/", {"slug": "study", "instrument": "mris", "mode": "live", **changed})

    assert response.status_code in (400, 404, 409)
    assert says in words(response)
    assert Survey.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"language": []}, "at least one language"),
        ({"language": ["xx"]}, "no language 'xx'"),
        ({"form": "tiny"}, "no form 'tiny'"),
        ({"seal_on": "soon"}, "as a day"),
        ({"seal_on": ""}, "as a day"),
        ({"seal_on": "2020-01-01"}, "after today"),
        ({"seal_on": "2999-01-01"}, "after today"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(ada: Client, changed: dict[str, object], says: str) -> None:
    planned()
    sent = {"language": ["en"], "seal_on": SOON.isoformat(), "form": "", **changed}
    for path in (f"{STUDY}new-wave/", f"{WAVE}plan/"):
        response = ada.post(path, sent)
        assert response.status_code in (400, 409)
        assert says in words(response)
    assert Wave.objects.get().languages == ["en"]


def test_who_asks_is_said_for_all_or_by_language(ada: Client) -> None:
    planned()
    ada.post(
        f"{STUDY}operator/",
        {"country": "Example", "country.ja": "例の国", "contact": " a@example.org ", "funder.ar": "لا أحد"},
    )
    said = Survey.objects.get().operator

    assert said["country"] == {**dict.fromkeys(languages_of("mris"), "Example"), "ja": "例の国"}
    assert said["contact"] == "a@example.org"
    assert said["funder"] == {"ar": "لا أحد"}
    assert "institution" not in said
    page = words(ada.get(STUDY))
    assert "Not said yet" in page
    assert "missing: English" in page


@pytest.mark.parametrize("text", ["a\u202eb", "a\x07b", "x" * 501])
def test_a_wording_that_nobody_can_read_is_refused_and_stays_in_the_page(ada: Client, text: str) -> None:
    planned()
    response = ada.post(f"{STUDY}operator/", {"country": text})

    assert response.status_code == 400
    assert "country:" in words(response)
    assert Survey.objects.get().operator["country"] == "said"


def test_what_an_open_wave_says_of_who_asks_is_not_changed(ada: Client) -> None:
    actions.open_wave(SHELL, planned())
    response = ada.post(f"{STUDY}operator/", {"country": "Another"})

    assert (response.status_code, Survey.objects.get().operator["country"]) == (409, "said")
    assert "stands until it is sealed" in words(response)


def test_markup_in_what_is_said_stays_text(ada: Client) -> None:
    planned(country="<script>alert(1)</script>")
    for path in (STUDY, f"{STUDY}operator/", f"{WAVE}preview/en/"):
        assert b"<script>alert(1)" not in ada.get(path).content


def test_one_admin_proposes_and_another_opens(ada: Client, abe: Client) -> None:
    planned()
    page = words(ada.get(WAVE))
    for promise in ("can answer, in English", "fixed for good", "never earlier", "another admin must confirm"):
        assert promise in page
    ada.post(f"{WAVE}propose/", {"step": "open"})
    assert "has proposed: open this wave, study wave 1" in words(abe.get(LIST))
    proposal = {"proposal": Wave.objects.get().proposals.get().pk}
    mine = words(ada.get(WAVE))
    assert "another admin must confirm it" in mine
    assert "Confirm:" not in mine
    refused = ada.post(f"{WAVE}answer/", proposal)
    assert (refused.status_code, Wave.objects.get().state) == (403, WaveState.PLANNED)

    assert "Confirm: open this wave" in words(abe.get(WAVE))
    assert abe.post(f"{WAVE}answer/", proposal).status_code == 302
    assert Wave.objects.get().state == WaveState.OPEN
    assert abe.post(f"{WAVE}answer/", proposal).status_code == 409


def test_a_proposal_is_withdrawn(ada: Client, abe: Client) -> None:
    planned()
    ada.post(f"{WAVE}propose/", {"step": "open"})
    proposal = Wave.objects.get().proposals.get().pk
    abe.post(f"{WAVE}answer/", {"proposal": proposal, "withdraw": "1"})

    assert Wave.objects.get().state == WaveState.PLANNED
    assert "withdrawn by" in words(ada.get(WAVE))
    assert abe.post(f"{WAVE}answer/", {"proposal": proposal}).status_code == 409


@pytest.mark.parametrize("sent", [{}, {"proposal": "x"}, {"proposal": "999999"}, {"proposal": "9" * 30}])
def test_an_answer_to_nothing_is_refused(ada: Client, sent: dict[str, str]) -> None:
    planned()
    assert ada.post(f"{WAVE}answer/", sent).status_code in (400, 404)


def test_a_proposal_of_another_wave_is_not_answered_here(ada: Client, abe: Client) -> None:
    wave = planned()
    actions.create_wave(SHELL, wave.survey, ["en"], SOON)
    ada.post(f"{WAVE}propose/", {"step": "open"})
    proposal = wave.proposals.get().pk
    assert abe.post(f"{STUDY}waves/2/answer/", {"proposal": proposal}).status_code == 404
    assert {*Wave.objects.values_list("state", flat=True)} == {"planned"}


def test_what_stands_in_the_way_is_said_instead_of_a_button(ada: Client) -> None:
    wave = planned()
    Wave.objects.update(languages=["en", "ja"])
    page = words(ada.get(WAVE))
    assert "opens in ja only when" in page
    assert "日本語 , 172 texts about consent" in page
    assert "att_s1" in page
    assert "Propose:" not in page
    assert ada.post(f"{WAVE}propose/", {"step": "open"}).status_code == 409
    assert not wave.proposals.exists()
    for step in ("seal", "close", ""):
        assert ada.post(f"{WAVE}propose/", {"step": step}).status_code in (400, 409)


def test_a_rehearsal_is_opened_closed_postponed_and_ordered_to_be_sealed_by_one(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudged = list[bool]()
    monkeypatch.setattr("survey.tasks.nudge", lambda: nudged.append(True))
    wave = planned(Mode.REHEARSAL)
    assert "your word alone is enough" in words(ada.get(WAVE))
    ada.post(f"{WAVE}propose/", {"step": "open"})
    assert Wave.objects.get().state == WaveState.OPEN
    assert ada.get(f"{WAVE}plan/").status_code == 409
    assert ada.post(f"{WAVE}close/").status_code == 400
    assert Wave.objects.get().state == WaveState.OPEN
    later = SOON + timedelta(days=3)
    ada.post(f"{WAVE}postpone/", {"seal_on": later.isoformat()})
    assert Wave.objects.get().seal_on == later
    assert ada.post(f"{WAVE}postpone/", {"seal_on": SOON.isoformat()}).status_code == 409
    ada.post(f"{WAVE}close/", {"sure": "1"})
    assert Wave.objects.get().state == WaveState.CLOSED
    assert "All receipts are destroyed" in words(ada.get(WAVE))
    ada.post(f"{WAVE}propose/", {"step": "seal"})

    assert nudged == [True]
    assert "ordered already" in words(ada.get(WAVE))
    assert wave.proposals.filter(answer__confirmed=True).count() == 2


def test_only_bands_are_shown_before_sealing(ada: Client) -> None:
    wave = open_rehearsal("study")
    for _ in range(3):
        send(wave, mdl="1")
    for path in (LIST, STUDY, WAVE):
        assert "under 50" in words(ada.get(path))


@pytest.mark.parametrize("tag", ["en", "ja", "ar", "zh-hans"])
def test_a_preview_is_the_form_of_respondents_but_for_its_stamp_and_addresses(ada: Client, tag: str) -> None:
    wave = planned(Mode.REHEARSAL)
    Wave.objects.update(languages=languages_of("mris"))
    seen = ada.get(f"{WAVE}preview/{tag}/").content.decode()
    wave.refresh_from_db()
    actions.open_wave(SHELL, wave)
    documents.forget()
    form = Client().get(f"/{tag}/s/study/").content.decode()

    stamp = re.search(r'<aside class="stamp".*?</aside>\n', seen)
    assert stamp
    seen = seen.replace(stamp[0], "").replace(f'action="{WAVE}preview/{tag}/"', f'action="/{tag}/s/study/"')
    seen = re.sub(rf'formaction="{WAVE}preview/([a-z-]+)/"', r'formaction="/\1/s/study/"', seen)
    assert seen == form


def test_a_preview_can_be_walked_and_not_sent(ada: Client) -> None:
    planned()
    answers = {**CONSENT, "wave": "1", "receipt": receipts.make()}
    for client in (ada, Client()):
        sent = client.post(f"{WAVE}preview/en/", answers)
        assert (sent.status_code, "nothing is stored" in words(sent)) == (403, True)
        switched = client.post(f"{WAVE}preview/ja/", {**answers, "switch": "1"})
        assert (switched.status_code, switched["Location"]) == (302, f"{WAVE}preview/ja/")
    assert not Inbox.objects.exists()
    assert Client().get("/en/s/study/").status_code == 200
    assert b'id="form"' not in Client().get("/en/s/study/").content


def test_a_preview_of_no_wave_or_language_is_not_found(ada: Client) -> None:
    planned()
    for path in (f"{STUDY}waves/9/preview/en/", f"{WAVE}preview/xx/"):
        assert ada.get(path).status_code == 404


def test_researchers_join_and_leave_a_study(ada: Client) -> None:
    planned()
    ravi, rosa = insider(Role.RESEARCHER), insider(Role.REVIEWER)
    ada.post(f"{STUDY}members/", {"user": str(ravi.pk)})
    assert StudyMember.objects.get().user == ravi
    assert str(ravi) in words(ada.get(STUDY))
    for wrong in (str(rosa.pk), "", "x", "999999", "9" * 5000):
        assert ada.post(f"{STUDY}members/", {"user": wrong}).status_code == 400
    ada.post(f"{STUDY}members/", {"user": str(ravi.pk), "remove": "1"})
    assert not StudyMember.objects.exists()


def test_djangos_own_pages_lead_here(ada: Client) -> None:
    assert f'href="{LIST}"' in ada.get("/admin/").content.decode()
