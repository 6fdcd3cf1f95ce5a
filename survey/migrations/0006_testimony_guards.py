"""What must never happen to testimonies and to what reviewers say of them, whoever asks for it.

Functions name their search path, so that a temporary table of the same name cannot stand in for the real one.
"""

from django.db import migrations

_SETTINGS = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"

_FORWARD = f"""
-- A testimony is immutable, but for two things: its owner encrypts what an earlier version left in plain; and its key is
-- taken away, with all that stands beside it, when two people have found that its writer is a child.
DROP TRIGGER testimony_guard ON survey_testimony;
CREATE TRIGGER testimony_stays BEFORE DELETE OR TRUNCATE ON survey_testimony
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION testimony_guard() RETURNS trigger {_SETTINGS} AS $$
BEGIN
    IF (NEW.id, NEW.wave_id) IS DISTINCT FROM (OLD.id, OLD.wave_id) OR NEW.plain IS NOT NULL THEN
        RAISE EXCEPTION 'testimonies are immutable' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.plain IS NOT NULL AND NEW.ciphertext IS NOT NULL
       AND (NEW.language, NEW.use, NEW.tag, NEW.role_group)
           IS NOT DISTINCT FROM (OLD.language, OLD.use, OLD.tag, OLD.role_group)
       AND current_user = (SELECT tableowner FROM pg_tables WHERE tablename = TG_TABLE_NAME AND schemaname = 'public')
    THEN
        RETURN NEW;
    END IF;
    IF NEW.language = '' AND num_nonnulls(NEW.use, NEW.tag, NEW.role_group, NEW.ciphertext, NEW.for_readers) = 0
       AND EXISTS (SELECT FROM survey_judgement AS judgement
                   JOIN survey_proposal AS proposal ON proposal.id = judgement.proposal_id
                   WHERE proposal.testimony_id = OLD.id AND proposal.kind = 'under_age' AND judgement.confirmed)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'testimonies are immutable' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER testimony_guard BEFORE UPDATE ON survey_testimony FOR EACH ROW EXECUTE FUNCTION testimony_guard();

-- Who may moderate: active reviewers who do not belong to the study.
CREATE FUNCTION may_moderate(person bigint, testimony uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM accounts_user WHERE id = person AND is_active AND 'reviewer' = ANY (roles))
       AND NOT EXISTS (SELECT FROM survey_testimony AS text JOIN survey_wave AS wave ON wave.id = text.wave_id
                       JOIN survey_studymember AS member ON member.survey_id = wave.survey_id
                       WHERE text.id = testimony AND member.user_id = person)
$$;

CREATE FUNCTION proposal_guard() RETURNS trigger {_SETTINGS} AS $$
BEGIN
    IF NOT may_moderate(NEW.by_id, NEW.testimony_id) THEN
        RAISE EXCEPTION 'Only a reviewer from outside the study moderates.' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM survey_testimony WHERE id = NEW.testimony_id AND ciphertext IS NOT NULL) THEN
        RAISE EXCEPTION 'There is no sealed text.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.number <> 1 + (SELECT count(*) FROM survey_proposal WHERE testimony_id = NEW.testimony_id)
       OR EXISTS (SELECT FROM survey_proposal AS proposal
                  LEFT JOIN survey_judgement AS judgement ON judgement.proposal_id = proposal.id
                  WHERE proposal.testimony_id = NEW.testimony_id AND coalesce(judgement.confirmed, true)) THEN
        RAISE EXCEPTION 'A proposal follows only one that was sent back.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON survey_proposal FOR EACH ROW EXECUTE FUNCTION proposal_guard();

CREATE FUNCTION judgement_guard() RETURNS trigger {_SETTINGS} AS $$
DECLARE
    proposal survey_proposal;
BEGIN
    SELECT * INTO STRICT proposal FROM survey_proposal WHERE id = NEW.proposal_id;
    IF proposal.by_id <> NEW.proposed_by_id THEN
        RAISE EXCEPTION 'A judgement names who made the proposal.' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT may_moderate(NEW.by_id, proposal.testimony_id) THEN
        RAISE EXCEPTION 'Only a reviewer from outside the study moderates.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON survey_judgement FOR EACH ROW EXECUTE FUNCTION judgement_guard();

-- Nothing is in plain before a second person has confirmed it.
CREATE FUNCTION moderated_guard() RETURNS trigger {_SETTINGS} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM survey_judgement AS judgement
                   JOIN survey_proposal AS proposal ON proposal.id = judgement.proposal_id
                   WHERE judgement.id = NEW.judgement_id AND judgement.confirmed
                   AND proposal.testimony_id = NEW.testimony_id
                   AND proposal.kind IN ('as_is', 'redacted', 'rephrased')) THEN
        RAISE EXCEPTION 'Two people must agree on a moderated text.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON survey_moderatedtext FOR EACH ROW EXECUTE FUNCTION moderated_guard();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON survey_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON survey_judgement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON survey_moderatedtext
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON survey_readingkey
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whom a wave's texts are wrapped for is said once.
CREATE FUNCTION wave_key_guard() RETURNS trigger {_SETTINGS} AS $$
BEGIN
    RAISE EXCEPTION 'the reading key of a wave never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER wave_key_guard BEFORE UPDATE ON survey_wave FOR EACH ROW
    WHEN (OLD.reading_key_id IS NOT NULL AND NEW.reading_key_id IS DISTINCT FROM OLD.reading_key_id
          AND OLD.state <> 'planned')
    EXECUTE FUNCTION wave_key_guard();

-- No samples, and no images of a key that was taken away or of a passphrase that was changed.
ALTER TABLE survey_inbox
    ALTER COLUMN ciphertext SET STATISTICS 0, ALTER COLUMN for_receipt SET STATISTICS 0,
    ALTER COLUMN for_readers SET STATISTICS 0;
ALTER TABLE survey_testimony
    ALTER COLUMN ciphertext SET STATISTICS 0, ALTER COLUMN for_readers SET STATISTICS 0,
    ALTER COLUMN plain SET STATISTICS 0;
ALTER TABLE survey_testimony SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
ALTER TABLE survey_reviewerkey
    ALTER COLUMN locked_private SET STATISTICS 0;
ALTER TABLE survey_reviewerkey SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
ALTER TABLE survey_readingkeyshare SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
"""
_BACKWARD = """
ALTER TABLE survey_readingkeyshare RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
ALTER TABLE survey_reviewerkey RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
ALTER TABLE survey_reviewerkey ALTER COLUMN locked_private SET STATISTICS -1;
ALTER TABLE survey_testimony RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
ALTER TABLE survey_testimony
    ALTER COLUMN ciphertext SET STATISTICS -1, ALTER COLUMN for_readers SET STATISTICS -1,
    ALTER COLUMN plain SET STATISTICS -1;
ALTER TABLE survey_inbox
    ALTER COLUMN ciphertext SET STATISTICS -1, ALTER COLUMN for_receipt SET STATISTICS -1,
    ALTER COLUMN for_readers SET STATISTICS -1;
DROP TRIGGER wave_key_guard ON survey_wave;
DROP FUNCTION wave_key_guard();
DROP TRIGGER append_only ON survey_readingkey;
DROP TRIGGER append_only ON survey_moderatedtext;
DROP TRIGGER append_only ON survey_judgement;
DROP TRIGGER append_only ON survey_proposal;
DROP TRIGGER guard_new ON survey_moderatedtext;
DROP FUNCTION moderated_guard();
DROP TRIGGER guard_new ON survey_judgement;
DROP FUNCTION judgement_guard();
DROP TRIGGER guard_new ON survey_proposal;
DROP FUNCTION proposal_guard();
DROP FUNCTION may_moderate(bigint, uuid);
DROP TRIGGER testimony_guard ON survey_testimony;
DROP FUNCTION testimony_guard();
DROP TRIGGER testimony_stays ON survey_testimony;
CREATE TRIGGER testimony_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON survey_testimony
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("survey", "0005_sealed_texts")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
