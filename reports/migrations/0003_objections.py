"""Objections that stop a release, why a report was asked for, and people of the study who cannot review its reports."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

guards = import_module("reports.migrations.0002_guards")

APPEND_ONLY = ("reports_objection", "reports_withdrawal")

# An approved report with an open objection may return to the queue; `ANSWERED_OBJECTION` sees to the objection.
TRANSITION_ALLOWED = guards.TRANSITION_ALLOWED.replace(
    "('approved', 'failed'),", "('approved', 'failed'),\n        ('approved', 'queued'),"
)

IN_STUDY = """
CREATE FUNCTION reports_in_study(person bigint, survey text) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM survey_studymember AS member JOIN survey_survey AS asked ON asked.id = member.survey_id
        WHERE member.user_id = person AND asked.slug = survey
    )
$$;
"""

# As before, but a vote of somebody who has joined the study meanwhile counts for nothing.
TWO_APPROVALS = """
CREATE OR REPLACE FUNCTION reports_two_approvals(report bigint, in_round integer, manifest text, requester bigint)
RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(DISTINCT reviewer_id) FILTER (
               WHERE verdict = 'approve' AND decision.manifest_sha256 = manifest AND reviewer_id <> requester
           ) >= 2
           AND count(*) FILTER (WHERE verdict <> 'approve') = 0
    FROM reports_decision AS decision JOIN reports_report AS about ON about.id = decision.report_id
    WHERE decision.report_id = report AND decision.round = in_round
          AND NOT reports_in_study(reviewer_id, about.survey_slug)
$$;
"""

OPEN_OBJECTION = """
CREATE FUNCTION reports_open_objection(report bigint, in_round integer) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM reports_objection AS objection
        WHERE objection.report_id = report
              AND NOT EXISTS (SELECT FROM reports_withdrawal WHERE objection_id = objection.id)
              AND NOT (objection.round < in_round AND (
                  SELECT count(DISTINCT reviewer_id) FROM reports_decision AS decision
                  WHERE decision.report_id = report AND decision.round = in_round AND verdict = 'approve'
                        AND reviewer_id <> objection.by_id
              ) >= 2)
    )
$$;
"""

OUTSIDE_THE_STUDY = """
CREATE FUNCTION reports_guard_study() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT reports_in_study(NEW.reviewer_id, survey_slug) FROM reports_report WHERE id = NEW.report_id) THEN
        RAISE EXCEPTION 'Who belongs to the study does not review its reports.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_study BEFORE INSERT ON reports_decision
    FOR EACH ROW EXECUTE FUNCTION reports_guard_study();
"""

UNDISPUTED_RELEASE = """
CREATE FUNCTION reports_guard_undisputed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM reports_decision WHERE id IN (NEW.first_id, NEW.second_id)
               AND reports_in_study(reviewer_id, NEW.survey_slug)) THEN
        RAISE EXCEPTION 'Who belongs to the study does not release its reports.' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT reports_open_objection(id, round) FROM reports_report WHERE id = NEW.report_id) THEN
        RAISE EXCEPTION 'An objection is open.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_undisputed BEFORE INSERT ON reports_release
    FOR EACH ROW EXECUTE FUNCTION reports_guard_undisputed();
"""

# The row of the report is locked first: an objection comes either before its release or not at all.
NEW_OBJECTION = """
CREATE FUNCTION reports_guard_objection() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    report reports_report;
BEGIN
    SELECT * INTO STRICT report FROM reports_report WHERE id = NEW.report_id FOR UPDATE;
    IF report.state NOT IN ('in_review', 'approved') OR report.round <> NEW.round THEN
        RAISE EXCEPTION 'An objection is about files that may soon be published.' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM accounts_user
                   WHERE id = NEW.by_id AND is_active AND roles::text[] && ARRAY['reviewer', 'admin']) THEN
        RAISE EXCEPTION 'Only reviewers and admins object.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON reports_objection
    FOR EACH ROW EXECUTE FUNCTION reports_guard_objection();
"""

OWN_WITHDRAWAL = """
CREATE FUNCTION reports_guard_withdrawal() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM reports_objection WHERE id = NEW.objection_id AND by_id = NEW.by_id) THEN
        RAISE EXCEPTION 'An objection is withdrawn by whom it came from.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON reports_withdrawal
    FOR EACH ROW EXECUTE FUNCTION reports_guard_withdrawal();
"""

ANSWERED_OBJECTION = """
CREATE FUNCTION reports_guard_answer() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.purpose <> OLD.purpose THEN
        RAISE EXCEPTION 'Why a report was asked for never changes.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'approved' AND NEW.state = 'queued' AND NOT reports_open_objection(OLD.id, OLD.round) THEN
        RAISE EXCEPTION 'Only an objection sends an approved report back.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_answer BEFORE UPDATE ON reports_report
    FOR EACH ROW EXECUTE FUNCTION reports_guard_answer();
"""

FUNCTIONS = (
    "reports_guard_answer()",
    "reports_guard_withdrawal()",
    "reports_guard_objection()",
    "reports_guard_undisputed()",
    "reports_guard_study()",
    "reports_open_objection(bigint, integer)",
    "reports_in_study(bigint, text)",
)


def _replacing(function: str) -> str:
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


FORWARD = [
    *(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
        for table in APPEND_ONLY
    ),
    _replacing(TRANSITION_ALLOWED),
    IN_STUDY,
    TWO_APPROVALS,
    OPEN_OBJECTION,
    OUTSIDE_THE_STUDY,
    UNDISPUTED_RELEASE,
    NEW_OBJECTION,
    OWN_WITHDRAWAL,
    ANSWERED_OBJECTION,
]

BACKWARD = [
    _replacing(guards.TRANSITION_ALLOWED),
    _replacing(guards.TWO_APPROVALS),
    *(f"DROP FUNCTION {signature} CASCADE;" for signature in FUNCTIONS),
    *(f"DROP TRIGGER append_only ON {table};" for table in APPEND_ONLY),
]


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_guards"),
        ("survey", "0004_study_members"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(model_name="report", name="purpose", field=models.TextField(blank=True)),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveIntegerField()),
                ("reason", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="reports.report"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="objection_has_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "objection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="reports.objection"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="withdrawal_has_reason"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
