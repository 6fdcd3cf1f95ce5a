"""Proposals and their answers by two people, and the versions of events and help lines."""

import django.db.models.deletion
import django.utils.timezone
import survey.enums
from django.conf import settings
from django.db import migrations, models


_TABLES = ("survey_stepproposal", "survey_stepanswer", "survey_eventlist", "survey_helplinelist")

_FUNCTIONS = """
CREATE FUNCTION survey_begins_at(step text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE step WHEN 'open' THEN 'planned' WHEN 'seal' THEN 'closed' END
$$;
CREATE FUNCTION survey_is_admin(person bigint) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM accounts_user WHERE id = person AND is_active AND 'admin' = ANY (roles))
$$;

-- The row of the wave is held, so that of two proposals or answers at once the second sees the first. Respondents,
-- who hold it FOR KEY SHARE, do not wait for that.
CREATE FUNCTION survey_guard_step_proposal() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    wave survey_wave;
BEGIN
    SELECT * INTO STRICT wave FROM survey_wave WHERE id = NEW.wave_id FOR NO KEY UPDATE;
    IF NOT survey_is_admin(NEW.proposed_by_id) THEN
        RAISE EXCEPTION 'Only an admin proposes a step.' USING ERRCODE = 'check_violation';
    END IF;
    IF wave.state <> survey_begins_at(NEW.step) THEN
        RAISE EXCEPTION 'This wave does not stand before this step.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.live <> (SELECT mode = 'live' FROM survey_survey WHERE id = wave.survey_id) THEN
        RAISE EXCEPTION 'A proposal says whether the survey is live.' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM survey_stepproposal AS other WHERE other.wave_id = NEW.wave_id AND other.step = NEW.step
               AND NOT EXISTS (SELECT FROM survey_stepanswer WHERE proposal_id = other.id)) THEN
        RAISE EXCEPTION 'Another proposal waits for an answer.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON survey_stepproposal FOR EACH ROW EXECUTE FUNCTION survey_guard_step_proposal();

CREATE FUNCTION survey_guard_step_answer() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    proposal survey_stepproposal;
    wave survey_wave;
BEGIN
    SELECT * INTO STRICT proposal FROM survey_stepproposal WHERE id = NEW.proposal_id;
    SELECT * INTO STRICT wave FROM survey_wave WHERE id = proposal.wave_id FOR NO KEY UPDATE;
    IF NOT survey_is_admin(NEW.by_id) THEN
        RAISE EXCEPTION 'Only an admin answers a proposal.' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.proposed_by_id, NEW.live) <> (proposal.proposed_by_id, proposal.live) THEN
        RAISE EXCEPTION 'An answer names who proposed.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.confirmed AND wave.state <> survey_begins_at(proposal.step) THEN
        RAISE EXCEPTION 'This wave does not stand before this step.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON survey_stepanswer FOR EACH ROW EXECUTE FUNCTION survey_guard_step_answer();
"""

_FORWARD = [
    *(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
        for table in _TABLES
    ),
    _FUNCTIONS,
]
_BACKWARD = [
    *(f"DROP TRIGGER append_only ON {table};" for table in _TABLES),
    "DROP FUNCTION survey_guard_step_answer() CASCADE;",
    "DROP FUNCTION survey_guard_step_proposal() CASCADE;",
    "DROP FUNCTION survey_is_admin(bigint);",
    "DROP FUNCTION survey_begins_at(text);",
]


class Migration(migrations.Migration):
    dependencies = [
        ("survey", "0006_testimony_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EventList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("instrument", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                ("entries", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("instrument", "number"), name="event_list_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="event_list_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpLineList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("instrument", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=8)),
                ("number", models.PositiveIntegerField()),
                ("entries", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("instrument", "language", "number"), name="help_line_list_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="help_line_list_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            (survey.enums.Step["OPEN"], survey.enums.Step["OPEN"]),
                            (survey.enums.Step["SEAL"], survey.enums.Step["SEAL"]),
                        ],
                        max_length=4,
                    ),
                ),
                ("live", models.BooleanField()),
                ("terms", models.JSONField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="survey.wave"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="StepAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("live", models.BooleanField()),
                ("confirmed", models.BooleanField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="survey.stepproposal"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="stepproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", [survey.enums.Step["OPEN"], survey.enums.Step["SEAL"]])),
                name="step_proposal_step_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stepanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed", False),
                    ("live", False),
                    models.Q(("by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="step_proposal_two_people",
            ),
        ),
        migrations.RunSQL(_FORWARD, _BACKWARD),
    ]
