"""Each audit entry is linked to the one before when it is committed; the heads of the days are kept."""

from django.db import migrations, models

# At the end of the transaction, when nothing else is to be locked: one at a time, in the order of commits. As the
# owner, because nobody else may write links.
_FORWARD = """
CREATE FUNCTION link_audit_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    last public.accounts_auditlink%ROWTYPE;
    place bigint;
    content text;
BEGIN
    PERFORM pg_advisory_xact_lock(2577, 0);
    SELECT * INTO last FROM public.accounts_auditlink ORDER BY position DESC LIMIT 1;
    place := coalesce(last.position, 0) + 1;
    content := jsonb_build_array(place, NEW.id, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.actor_kind, NEW.actor_name, NEW.action, NEW.subject, NEW.detail::text)::text;
    INSERT INTO public.accounts_auditlink (position, entry_id, hash)
        VALUES (place, NEW.id, sha256(coalesce(last.hash, '') || convert_to(content, 'UTF8')));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_linked AFTER INSERT ON accounts_auditentry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION link_audit_entry();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_auditlink
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_audithead
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was written before there was a chain.
DO $$
DECLARE
    one public.accounts_auditentry%ROWTYPE;
    place bigint := 0;
    before bytea := '';
BEGIN
    FOR one IN SELECT * FROM public.accounts_auditentry ORDER BY id LOOP
        place := place + 1;
        before := sha256(before || convert_to(jsonb_build_array(place, one.id,
            to_char(one.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), one.actor_kind, one.actor_name,
            one.action, one.subject, one.detail::text)::text, 'UTF8'));
        INSERT INTO public.accounts_auditlink (position, entry_id, hash) VALUES (place, one.id, before);
    END LOOP;
END $$;
"""
_BACKWARD = """
DROP TRIGGER audit_append_only ON accounts_audithead;
DROP TRIGGER audit_append_only ON accounts_auditlink;
DROP TRIGGER audit_linked ON accounts_auditentry;
DROP FUNCTION link_audit_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_invitations_notices_scopes")]
    operations = [
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("position", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.PositiveBigIntegerField(unique=True)),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("position", models.PositiveBigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={"ordering": ["day"]},
        ),
        migrations.RunSQL(_FORWARD, _BACKWARD),
    ]
