"""What the database refuses to the application's own role, in plain SQL and past all of our code."""

from datetime import date
from itertools import product

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.enums import Role
from accounts.models import User
from reports.enums import State, Verdict
from reports.models import Decision, Release, Report
from reports.transitions import find
from tests.integration.reports.cast import MANIFEST, approved, colleague, in_review, queued, vote

pytestmark = pytest.mark.django_db


def refused(statement: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except (IntegrityError, ProgrammingError):
        return True
    return False


def insert_decision(report: Report, reviewer: User, **other: object) -> bool:
    """Whether the database refuses it."""
    row = {
        "report_id": report.pk,
        "round": report.round,
        "reviewer_id": reviewer.pk,
        "requested_by_id": report.requested_by_id,
        "verdict": "approve",
        "reason": "fine",
        "manifest_sha256": report.manifest_sha256,
        **other,
    }
    places = ", ".join(["%s"] * len(row))
    return refused(f"INSERT INTO reports_decision ({', '.join(row)}) VALUES ({places})", *row.values())


def insert_release(report: Report, first: Decision, second: Decision, manifest: str = MANIFEST) -> bool:
    return refused(
        "INSERT INTO reports_release (report_id, slug, survey_slug, first_id, second_id, manifest_sha256, "
        "rehearsal, released_on) VALUES (%s, %s, 'mris', %s, %s, %s, false, %s)",
        report.pk,
        report.name,
        first.pk,
        second.pk,
        manifest,
        date(2026, 11, 23),
    )


def set_state(report: Report, state: str) -> bool:
    return refused("UPDATE reports_report SET state = %s WHERE id = %s", state, report.pk)


def test_the_application_owns_nothing_it_could_drop() -> None:
    assert refused("DROP TRIGGER guard_new ON reports_decision")
    assert refused("ALTER TABLE reports_release DISABLE TRIGGER guard_new")
    assert refused(
        "CREATE OR REPLACE FUNCTION reports_transition_allowed(source text, target text) RETURNS boolean "
        "LANGUAGE sql AS 'SELECT true'"
    )
    assert refused("SET session_replication_role = replica")


@pytest.mark.parametrize("table", ["decision", "release", "retraction", "storedcube", "artifact"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_appended_rows_stay(table: str, statement: str) -> None:
    assert refused(statement.format(f"reports_{table}"))


def test_every_appended_table_has_its_trigger_which_holds_for_the_owner_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only' AND tgenabled = 'O' "
            "AND tgrelid::regclass::text LIKE 'reports%%' ORDER BY 1",
            [],
        )
        found = [name for (name,) in cursor.fetchall()]
    appended = [
        model._meta.db_table
        for model in apps.get_app_config("reports").get_models()
        if getattr(model, "append_only", False)
    ]
    assert found == sorted(appended)


def test_the_database_knows_the_same_transitions_as_the_table() -> None:
    with connection.cursor() as cursor:
        for source, target in product(State, State):
            cursor.execute("SELECT reports_transition_allowed(%s, %s)", [source.value, target.value])
            assert cursor.fetchone() == (find(source, target) is not None,), (source, target)


def test_a_report_begins_in_the_queue() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        queued(state=State.APPROVED.value)


@pytest.mark.parametrize("state", ["approved", "released", "superseded", "retracted", "queued"])
def test_no_report_is_simply_declared(state: str) -> None:
    assert set_state(in_review(), state)


def test_one_approval_is_not_enough() -> None:
    report = in_review()
    vote(report)
    assert set_state(report, "approved")


def test_two_approvals_are_but_an_objection_beside_them_is_not() -> None:
    report = in_review()
    assert not insert_decision(report, colleague(Role.REVIEWER))
    assert not insert_decision(report, colleague(Role.REVIEWER))
    assert not insert_decision(report, colleague(Role.REVIEWER), verdict="ask_for_changes")
    assert set_state(report, "approved")


def test_the_requester_cannot_decide() -> None:
    report = in_review()
    assert insert_decision(report, report.requested_by)


def test_nor_under_the_name_of_another_requester() -> None:
    report = in_review()
    assert insert_decision(report, report.requested_by, requested_by_id=colleague(Role.ADMIN).pk)


def test_nobody_decides_twice_in_a_round() -> None:
    report, reviewer = in_review(), colleague(Role.REVIEWER)
    assert not insert_decision(report, reviewer)
    assert insert_decision(report, reviewer)


def test_only_reviewers_decide() -> None:
    assert insert_decision(in_review(), colleague(Role.ADMIN))


def test_a_decision_is_about_the_files_of_its_round() -> None:
    report = in_review()
    assert insert_decision(report, colleague(Role.REVIEWER), manifest_sha256="b" * 64)
    assert insert_decision(report, colleague(Role.REVIEWER), round=2)


def test_a_decision_has_a_reason() -> None:
    assert insert_decision(in_review(), colleague(Role.REVIEWER), reason="")


@pytest.mark.parametrize(
    "change",
    [
        "requested_by_id = requested_by_id + 1",
        "survey_slug = 'x'",
        "waves = '{2}'",
        "plan_name = 'x'",
        "round = round + 1",
        "manifest_sha256 = 'x'",
    ],
)
def test_what_reviewers_judge_does_not_move_under_their_eyes(change: str) -> None:
    assert refused(f"UPDATE reports_report SET {change} WHERE id = %s", in_review().pk)


def test_files_and_cubes_are_added_only_while_a_round_is_computed() -> None:
    report = in_review()
    assert refused(
        "INSERT INTO reports_artifact (report_id, round, path, sha256, size, media_type) "
        "VALUES (%s, 1, 'more.csv', %s, 1, 'text/csv')",
        report.pk,
        "e" * 64,
    )
    assert refused("INSERT INTO reports_storedcube (report_id, round, document) VALUES (%s, 2, '{}')", report.pk)


def test_a_release_needs_an_approved_report() -> None:
    report = in_review()
    first = vote(report)
    assert insert_release(report, first, first)


def test_a_release_names_two_decisions_of_its_round() -> None:
    report, other = approved(), in_review(waves=[2])
    first, second = Decision.objects.filter(report=report)
    foreign = vote(other)
    assert insert_release(report, first, first)
    assert insert_release(report, first, foreign)
    assert insert_release(report, first, second, manifest="b" * 64)
    assert not insert_release(report, first, second)
    assert not set_state(report, "released")


def test_a_released_report_no_longer_changes() -> None:
    report = approved()
    first, second = Decision.objects.filter(report=report)
    insert_release(report, first, second)
    set_state(report, "released")
    assert refused("UPDATE reports_report SET title = 'x' WHERE id = %s", report.pk)
    assert set_state(report, "superseded")
    assert set_state(report, "retracted")
    assert set_state(report, "queued")
    assert Release.objects.get().report == report


def test_a_temporary_table_cannot_stand_in_for_the_real_one() -> None:
    report = in_review()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE reports_decision (LIKE public.reports_decision) ON COMMIT DROP")
        for reviewer in (colleague(Role.REVIEWER), colleague(Role.REVIEWER)):
            cursor.execute(
                "INSERT INTO pg_temp.reports_decision VALUES (%s, 1, 'approve', 'x', %s, %s, %s, %s)",
                [reviewer.pk, MANIFEST, report.requested_by_id, reviewer.pk, report.pk],
            )
        assert set_state(report, "approved")
        cursor.execute("DROP TABLE pg_temp.reports_decision")


def test_a_report_is_never_removed() -> None:
    report = queued()
    assert refused("DELETE FROM reports_report WHERE id = %s", report.pk)


def test_one_report_at_a_time_of_the_same_plan_and_waves() -> None:
    queued()
    with pytest.raises(IntegrityError), transaction.atomic():
        queued()


def test_two_votes_of_one_person_are_one() -> None:
    report, reviewer = in_review(), colleague(Role.REVIEWER)
    vote(report, Verdict.APPROVE, reviewer)
    with pytest.raises(Exception, match="decided about this round"):
        vote(report, Verdict.APPROVE, reviewer)
