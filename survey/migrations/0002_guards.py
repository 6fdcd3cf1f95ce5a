"""What must never happen to a wave and to sealed answers, whoever asks for it."""

from django.db import migrations

_FORWARD = """
-- planned -> open -> closed -> sealed, never back; the announced seal date never comes earlier.
CREATE FUNCTION wave_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    steps text[] := ARRAY['planned', 'open', 'closed', 'sealed'];
BEGIN
    IF NEW.state <> OLD.state
       AND array_position(steps, NEW.state) <> array_position(steps, OLD.state) + 1 THEN
        RAISE EXCEPTION 'a wave goes from % only to the next state', OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'planned' AND NEW.seal_on < OLD.seal_on THEN
        RAISE EXCEPTION 'the announced seal date never moves earlier'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'planned' AND (NEW.survey_id, NEW.number, NEW.form, NEW.event_states)
       IS DISTINCT FROM (OLD.survey_id, OLD.number, OLD.form, OLD.event_states) THEN
        RAISE EXCEPTION 'what a wave asks is fixed once it has opened'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wave_guard BEFORE UPDATE ON survey_wave FOR EACH ROW EXECUTE FUNCTION wave_guard();

-- Sealed answers are immutable. Only the owner of the table may rebuild the coded column, and nothing else of a row.
CREATE FUNCTION response_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.wave_id, NEW.answers) IS NOT DISTINCT FROM (OLD.id, OLD.wave_id, OLD.answers)
       AND current_user = (SELECT tableowner FROM pg_tables WHERE tablename = TG_TABLE_NAME AND schemaname = 'public')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'sealed answers are immutable' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER response_guard BEFORE UPDATE OR DELETE ON survey_response
    FOR EACH ROW EXECUTE FUNCTION response_guard();
CREATE TRIGGER testimony_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON survey_testimony
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The image of an erased or corrected row should not wait long for the vacuum.
ALTER TABLE survey_inbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
"""
_BACKWARD = """
ALTER TABLE survey_inbox RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
DROP TRIGGER testimony_guard ON survey_testimony;
DROP TRIGGER response_guard ON survey_response;
DROP FUNCTION response_guard();
DROP TRIGGER wave_guard ON survey_wave;
DROP FUNCTION wave_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("survey", "0001_initial"), ("accounts", "0002_append_only_audit")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
