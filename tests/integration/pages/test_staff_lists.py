"""/admin/help-lines/ and /admin/events/: what is changed there stands on the forms, and every version is kept."""

import html
from datetime import date, timedelta

import pytest
from django.db import Error, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from config.doctor import surveys
from survey import actions, queries
from survey.errors import WrongState
from survey.models import EventList, HelpLineList, Wave
from survey.pages import documents
from survey.queries import directory
from tests.cast import SHELL, insider, open_rehearsal

pytestmark = pytest.mark.django_db
ENGLISH, ARABIC, EVENTS = "/admin/help-lines/mris/en/", "/admin/help-lines/mris/ar/", "/admin/events/mris/"
LINE = {"name": "A new line", "what": "listens", "phone": "0800 123", "url": "https://example.org", "hours": "",
        "countries": "GB", "source": "seen on their page", "place": "1"}  # fmt: skip
EVENT = {"kind": "removed", "channel": "app", "models": "", "announced": "", "first_day": "2027-02-01",
         "last_day": "", "evidence": "seen", "source": "a notice", "notice": ""}  # fmt: skip


@pytest.fixture
def ada() -> Client:
    client = Client()
    client.force_login(insider(Role.ADMIN))
    return client


def text(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


def test_a_new_line_stands_on_the_form_and_its_bytes_change(ada: Client, wave: Wave) -> None:
    before = Client().get("/en/s/rehearsal/")
    other = Client().get("/ja/s/rehearsal/")["ETag"]
    assert ada.post(ENGLISH, {**LINE, "number": "0", "add": "1"}).status_code == 302
    documents.forget()
    after = Client().get("/en/s/rehearsal/")

    assert after["ETag"] != before["ETag"]
    assert "A new line" in text(after)
    assert text(after).index("A new line") < text(after).index("Samaritans")
    assert 'href="tel:0800123"' in text(after)
    assert Client().get("/ja/s/rehearsal/")["ETag"] == other
    for page in ("/en/", "/en/receipt/", "/en/nothing/"):
        assert "A new line" in text(Client().get(page)), page


def test_every_process_sees_a_change_within_a_minute(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(directory.time, "monotonic", lambda: now)
    assert "A new line" not in [line.name for line in queries.help_lines("mris", "en")]
    ada.post(ENGLISH, {**LINE, "number": "0", "add": "1"})  # rolled back later: this process is not told to forget
    assert "A new line" not in [line.name for line in queries.help_lines("mris", "en")]
    now += 60
    assert queries.help_lines("mris", "en")[0].name == "A new line"


def test_nothing_new_makes_no_new_object(django_assert_num_queries: object) -> None:
    known = queries.present_directory("mris")
    directory._known["mris"] = (0.0, known)
    assert queries.present_directory("mris") is known
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert queries.present_directory("mris") is known


def test_without_a_database_the_last_known_lines_stand(
    ada: Client, wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.post(ENGLISH, {**LINE, "number": "0", "add": "1"})
    documents.forget()
    queries.present_directory("mris")
    directory._known["mris"] = (0.0, directory._known["mris"][1])

    def gone(*_: object) -> None:
        from django.db import OperationalError

        raise OperationalError

    monkeypatch.setattr("survey.queries.all_surveys", gone)
    assert "A new line" in text(Client().get("/en/nothing/"))


def test_a_line_is_changed_moved_checked_and_removed_and_each_is_logged(ada: Client) -> None:
    ada.post(ENGLISH, {**LINE, "number": "0", "add": "1"})
    ada.post(ENGLISH, {"number": "1", "index": "0", "checked": "1"})
    assert queries.listed_help_lines("mris", "en").entries[0].checked_on == timezone.now().date()
    ada.post(ENGLISH, {**LINE, "number": "2", "index": "0", "hours": "nights", "place": "3"})
    moved = queries.listed_help_lines("mris", "en").entries[2]
    assert (moved.name, moved.hours, moved.checked_on) == ("A new line", "nights", timezone.now().date())
    ada.post(ENGLISH, {"number": "3", "index": "2", "remove": "1"})
    shipped = queries.shipped_directory("mris").help_lines["en"]

    assert queries.listed_help_lines("mris", "en").entries == shipped
    assert [*HelpLineList.objects.values_list("number", flat=True)] == [1, 2, 3, 4]
    log = AuditEntry.objects.filter(subject="help lines:mris/en")
    assert [entry.action for entry in log] == [
        f"help_line.{done}" for done in ("added", "checked", "changed", "removed")
    ]
    assert log[0].detail["line"]["name"] == "A new line"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"url": "javascript:alert(1)"}, "Web address:"),
        ({"url": "http://example.org"}, "Web address:"),
        ({"phone": "<b>1</b>"}, "Phone:"),
        ({"name": "a\u202eb"}, "cannot be seen"),
        ({"name": "a\0b"}, "no text may hold"),
        ({"place": "99"}, "Place:"),
        ({"place": "x"}, "Place:"),
        ({"place": "1" * 5000}, "Place:"),
        ({"number": "x"}, "load the page again"),
        ({"number": "7"}, "has changed"),
        ({"countries": "XX"}, "Countries:"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(ada: Client, changed: dict[str, str], says: str) -> None:
    response = ada.post(ENGLISH, {**LINE, "number": "0", "add": "1", **changed})

    assert response.status_code in (400, 409)
    assert says in text(response)
    if "\0" not in changed.get("name", ""):
        assert "seen on their page" in text(response)  # what was typed is still there
    assert not HelpLineList.objects.exists()


@pytest.mark.parametrize("index", ["", "-1", "99", "x"])
def test_a_line_that_is_not_there_is_not_changed(ada: Client, index: str) -> None:
    assert ada.post(ENGLISH, {"number": "0", "index": index, "remove": "1"}).status_code in (400, 404)


@pytest.mark.parametrize("path", ["/admin/help-lines/none/en/", "/admin/help-lines/mris/xx/", "/admin/events/none/"])
def test_what_is_not_asked_has_no_list(ada: Client, path: str) -> None:
    assert ada.get(path).status_code == 404
    assert ada.post(path, {**LINE, "number": "0", "add": "1"}).status_code == 404
    with pytest.raises(Exception, match="not asked in fr"):
        actions.save_help_line(SHELL, "mris", "fr", 0, None, LINE)


def test_markup_and_direction_stay_where_they_are(ada: Client, wave: Wave) -> None:
    ada.post(ARABIC, {**LINE, "name": "<i>خط</i> & line", "number": "0", "add": "1"})
    documents.forget()
    for page in (ada.get(ARABIC), Client().get("/ar/s/rehearsal/"), Client().get("/ar/")):
        assert b"&lt;i&gt;" in page.content
        assert b"<i>" not in page.content
    assert '<bdi lang="ar"><i>' in text(ada.get(ARABIC))


def test_of_two_who_change_a_list_the_second_looks_again(ada: Client) -> None:
    ada.post(ENGLISH, {**LINE, "number": "0", "add": "1"})
    late = ada.post(ENGLISH, {**LINE, "name": "Late", "number": "0", "add": "1"})
    assert (late.status_code, "Somebody has changed this list" in text(late)) == (409, True)
    ada.post(EVENTS, {**EVENT, "number": "0", "add": "1"})
    with pytest.raises(WrongState):
        actions.save_event(SHELL, "mris", 0, None, EVENT)


@pytest.mark.parametrize("model", [HelpLineList, EventList])
def test_versions_are_never_changed(ada: Client, model: type[HelpLineList | EventList]) -> None:
    ada.post(ENGLISH, {**LINE, "number": "0", "add": "1"})
    ada.post(EVENTS, {**EVENT, "number": "0", "add": "1"})
    with pytest.raises(Error, match=r"append-only|permission denied"), transaction.atomic():
        model.objects.update(number=9)


def test_a_check_counts_for_the_doctor_and_in_the_list(ada: Client, wave: Wave) -> None:
    lines = len(queries.listed_help_lines("mris", "en").entries)
    assert f"{lines} to be checked" in text(ada.get("/admin/help-lines/"))
    for number in range(lines):
        ada.post(ENGLISH, {"number": str(number), "index": str(number), "checked": "1"})
    documents.forget()
    assert "all checked" in text(ada.get("/admin/help-lines/"))
    assert not [finding for finding in surveys.help_lines_are_checked() if " in en " in finding.what]


def test_an_event_is_added_corrected_and_removed(ada: Client) -> None:
    ada.post(EVENTS, {**EVENT, "number": "0", "add": "1"})
    added = queries.listed_events("mris").entries[-1]
    assert (added.code, added.kind, added.first_day, added.state) == (10, "removed", "2027-02-01", "past")
    ada.post(EVENTS, {**EVENT, "number": "1", "code": "10", "last_day": "2027-02-03"})
    assert queries.listed_events("mris").entries[-1].last_day == "2027-02-03"
    assert ada.post(EVENTS, {"number": "2", "code": "4", "remove": "1"}).status_code == 409
    ada.post(EVENTS, {"number": "2", "code": "10", "remove": "1"})
    assert queries.listed_events("mris").entries == queries.shipped_directory("mris").events
    log = AuditEntry.objects.filter(subject="events:mris").values_list("action", flat=True)
    assert [*log] == ["event.added", "event.changed", "event.removed"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"first_day": "soon"}, "First day:"), ({"kind": "x"}, "Kind:"), ({"code": "99"}, "no such event"),
     ({"code": "x"}, "load the page"), ({"first_day": ""}, "give the day")],
)  # fmt: skip
def test_an_odd_correction_is_refused(ada: Client, changed: dict[str, str], says: str) -> None:
    response = ada.post(EVENTS, {**EVENT, "number": "0", "code": "6", **changed})
    assert response.status_code in (400, 404)
    assert says in text(response)
    assert not EventList.objects.exists()


def test_a_corrected_day_reaches_waves_that_open_later_only(ada: Client, wave: Wave) -> None:
    assert wave.event_states == {"6": "announced"}
    ada.post(EVENTS, {**EVENT, "models": "1", "number": "0", "code": "6", "first_day": "2026-01-01"})
    wave.refresh_from_db()
    assert wave.event_states == {"6": "announced"}
    assert open_rehearsal("later").event_states == {"6": "past"}


def test_a_notice_reaches_those_who_have_sent(ada: Client) -> None:
    assert queries.event_notice("mris", 1).startswith("https://developers.openai.com/")
    shipped = next(one for one in queries.listed_events("mris").entries if one.code == 6)
    fields = {**EVENT, "models": "1", "first_day": shipped.first_day, "notice": "https://example.org/notice"}
    ada.post(EVENTS, {**fields, "number": "0", "code": "6"})
    documents.forget()
    assert queries.event_notice("mris", 1) == "https://example.org/notice"


def test_a_check_grows_old(ada: Client) -> None:
    ada.post(ENGLISH, {"number": "0", "index": "0", "checked": "1"})
    lines = queries.listed_help_lines("mris", "en")
    old = [{**entry, "checked_on": (date.today() - timedelta(days=181)).isoformat()} for entry in
           HelpLineList.objects.get().entries[:1]]  # fmt: skip
    HelpLineList.objects.create(instrument="mris", language="en", number=lines.number + 1, entries=old)
    assert "1 to be checked" in text(ada.get("/admin/help-lines/"))
