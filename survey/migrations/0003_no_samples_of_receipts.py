"""ANALYZE keeps samples of a column's values, and keeps them when the table has been emptied: receipt hashes would
outlive their sealing in `pg_stats`. A look-up by a unique key needs no sample. Naming the type anew, the same as
before, rewrites nothing and makes PostgreSQL forget the samples it has."""

from django.db import migrations

_FORWARD = """
ALTER TABLE survey_inbox
    ALTER COLUMN receipt TYPE bytea,
    ALTER COLUMN receipt SET STATISTICS 0, ALTER COLUMN language SET STATISTICS 0,
    ALTER COLUMN document SET STATISTICS 0;
ALTER TABLE survey_tombstone ALTER COLUMN receipt TYPE bytea, ALTER COLUMN receipt SET STATISTICS 0;
"""
_BACKWARD = """
ALTER TABLE survey_inbox
    ALTER COLUMN receipt SET STATISTICS -1, ALTER COLUMN language SET STATISTICS -1,
    ALTER COLUMN document SET STATISTICS -1;
ALTER TABLE survey_tombstone ALTER COLUMN receipt SET STATISTICS -1;
"""


class Migration(migrations.Migration):
    dependencies = [("survey", "0002_guards")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
