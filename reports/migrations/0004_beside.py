"""What stands in a report beside its counts: quotes. Reports that were computed before have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_objections")]

    operations = [
        migrations.AddField("storedcube", "beside", models.JSONField(default=dict)),
    ]
