"""What the database itself refuses, whoever asks: the application's role owns no table and cannot drop a trigger.

Functions name their search path, so that a temporary table of the same name cannot stand in for the real one.
"""

from django.db import migrations

APPEND_ONLY = (
    "reports_storedcube",
    "reports_artifact",
    "reports_decision",
    "reports_release",
    "reports_retraction",
)

TRANSITION_ALLOWED = """
CREATE FUNCTION reports_transition_allowed(source text, target text) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (source, target) IN (
        ('queued', 'computing'),
        ('computing', 'blocked'),
        ('computing', 'failed'),
        ('computing', 'in_review'),
        ('failed', 'queued'),
        ('in_review', 'changes_asked'),
        ('in_review', 'rejected'),
        ('in_review', 'approved'),
        ('changes_asked', 'queued'),
        ('approved', 'released'),
        ('approved', 'failed'),
        ('released', 'superseded'),
        ('released', 'retracted'),
        ('superseded', 'retracted')
    )
$$;
"""

TWO_APPROVALS = """
CREATE FUNCTION reports_two_approvals(report bigint, in_round integer, manifest text, requester bigint)
RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(DISTINCT reviewer_id) FILTER (
               WHERE verdict = 'approve' AND manifest_sha256 = manifest AND reviewer_id <> requester
           ) >= 2
           AND count(*) FILTER (WHERE verdict <> 'approve') = 0
    FROM reports_decision WHERE report_id = report AND round = in_round
$$;
"""

GUARD_NEW_REPORT = """
CREATE FUNCTION reports_guard_new_report() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'queued' OR NEW.round <> 1 OR NEW.manifest_sha256 <> '' THEN
        RAISE EXCEPTION 'A report begins in the queue.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON reports_report
    FOR EACH ROW EXECUTE FUNCTION reports_guard_new_report();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON reports_report
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

GUARD_REPORT = """
CREATE FUNCTION reports_guard_report() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.requested_by_id, NEW.survey_slug, NEW.number, NEW.waves, NEW.plan_name, NEW.supersedes_id)
       IS DISTINCT FROM
       (OLD.requested_by_id, OLD.survey_slug, OLD.number, OLD.waves, OLD.plan_name, OLD.supersedes_id) THEN
        RAISE EXCEPTION 'Who asked for a report, and for what, never changes.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.round <> OLD.round + (CASE WHEN NEW.state = 'queued' AND OLD.state <> 'queued' THEN 1 ELSE 0 END) THEN
        RAISE EXCEPTION 'A new round begins with the return to the queue.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.manifest_sha256 <> OLD.manifest_sha256 AND OLD.state <> 'computing'
       AND NOT (NEW.state = 'queued' AND NEW.manifest_sha256 = '') THEN
        RAISE EXCEPTION 'The files of a report are fixed once they are computed.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT reports_transition_allowed(OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'A report does not go from % to %.', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'approved' AND OLD.state <> 'approved' AND NOT reports_two_approvals(
           NEW.id, NEW.round, NEW.manifest_sha256, NEW.requested_by_id) THEN
        RAISE EXCEPTION 'Two people must approve these files.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'released' AND OLD.state <> 'released' AND NOT EXISTS (
           SELECT FROM reports_release WHERE report_id = NEW.id) THEN
        RAISE EXCEPTION 'There is no release of this report.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'superseded' AND OLD.state <> 'superseded' AND NOT EXISTS (
           SELECT FROM reports_release AS former JOIN reports_release AS later ON later.supersedes_id = former.id
           WHERE former.report_id = NEW.id) THEN
        RAISE EXCEPTION 'No release supersedes this one.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'retracted' AND OLD.state <> 'retracted' AND NOT EXISTS (
           SELECT FROM reports_retraction JOIN reports_release ON reports_release.id = release_id
           WHERE report_id = NEW.id) THEN
        RAISE EXCEPTION 'There is no retraction of this report.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('released', 'superseded', 'retracted')
       AND to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'A released report no longer changes.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_change BEFORE UPDATE ON reports_report
    FOR EACH ROW EXECUTE FUNCTION reports_guard_report();
"""

GUARD_DECISION = """
CREATE FUNCTION reports_guard_decision() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    report reports_report;
BEGIN
    SELECT * INTO STRICT report FROM reports_report WHERE id = NEW.report_id FOR UPDATE;
    IF report.state <> 'in_review' OR report.round <> NEW.round THEN
        RAISE EXCEPTION 'This round is not in review.' USING ERRCODE = 'check_violation';
    END IF;
    IF report.manifest_sha256 <> NEW.manifest_sha256 THEN
        RAISE EXCEPTION 'A decision is about the files of its round.' USING ERRCODE = 'check_violation';
    END IF;
    IF report.requested_by_id <> NEW.requested_by_id THEN
        RAISE EXCEPTION 'A decision names who asked for the report.' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM accounts_user
                   WHERE id = NEW.reviewer_id AND is_active AND 'reviewer' = ANY (roles)) THEN
        RAISE EXCEPTION 'Only a reviewer decides.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON reports_decision
    FOR EACH ROW EXECUTE FUNCTION reports_guard_decision();
"""

GUARD_RELEASE = """
CREATE FUNCTION reports_guard_release() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    report reports_report;
BEGIN
    SELECT * INTO STRICT report FROM reports_report WHERE id = NEW.report_id FOR UPDATE;
    IF report.state <> 'approved' OR report.manifest_sha256 <> NEW.manifest_sha256
       OR NEW.survey_slug <> report.survey_slug OR NEW.slug <> report.survey_slug || '-' || report.number
       OR NEW.supersedes_id IS DISTINCT FROM report.supersedes_id THEN
        RAISE EXCEPTION 'Only an approved report is released, as it was reviewed.' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT reports_two_approvals(report.id, report.round, report.manifest_sha256, report.requested_by_id) THEN
        RAISE EXCEPTION 'Two people must approve these files.' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(*) FROM reports_decision
        WHERE id IN (NEW.first_id, NEW.second_id) AND report_id = report.id AND round = report.round) <> 2 THEN
        RAISE EXCEPTION 'A release names the two decisions of its round.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON reports_release
    FOR EACH ROW EXECUTE FUNCTION reports_guard_release();
"""

GUARD_OUTPUT = """
CREATE FUNCTION reports_guard_output() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM reports_report
                   WHERE id = NEW.report_id AND state = 'computing' AND round = NEW.round) THEN
        RAISE EXCEPTION 'Cubes and files are added only while their round is computed.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON reports_storedcube
    FOR EACH ROW EXECUTE FUNCTION reports_guard_output();
CREATE TRIGGER guard_new BEFORE INSERT ON reports_artifact
    FOR EACH ROW EXECUTE FUNCTION reports_guard_output();
"""

FUNCTIONS = (
    "reports_guard_output()",
    "reports_guard_release()",
    "reports_guard_decision()",
    "reports_guard_report()",
    "reports_guard_new_report()",
    "reports_two_approvals(bigint, integer, text, bigint)",
    "reports_transition_allowed(text, text)",
)

FORWARD = [
    *(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
        for table in APPEND_ONLY
    ),
    TRANSITION_ALLOWED,
    TWO_APPROVALS,
    GUARD_NEW_REPORT,
    GUARD_REPORT,
    GUARD_DECISION,
    GUARD_RELEASE,
    GUARD_OUTPUT,
]

BACKWARD = [
    "DROP TRIGGER never_removed ON reports_report;",
    *(f"DROP TRIGGER append_only ON {table};" for table in APPEND_ONLY),
    *(f"DROP FUNCTION {signature} CASCADE;" for signature in FUNCTIONS),
]


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("accounts", "0002_append_only_audit")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
