"""What the application's role may do in the database. It owns nothing, so it cannot drop a trigger or alter a table.

Run as the owner after every migration. Append-only tables lack UPDATE and DELETE even before their triggers speak, and
what a trigger alone writes lacks INSERT.
"""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate


def append_only_tables() -> set[str]:
    """Tables whose model says `append_only = True`."""
    return _tables_that_are("append_only")


def tables_written_by_triggers() -> set[str]:
    """Tables whose model says `written_by_trigger = True`."""
    return _tables_that_are("written_by_trigger")


def _tables_that_are(what: str) -> set[str]:
    return {model._meta.db_table for model in installed.get_models() if getattr(model, what, False)}


def grant(using: str) -> None:
    role = connections[using].ops.quote_name(settings.DATABASES["default"]["USER"])
    with connections[using].cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        standing = set(connections[using].introspection.table_names(cursor))
        for table in sorted(append_only_tables() & standing):
            cursor.execute(f'REVOKE UPDATE, DELETE ON "{table}" FROM {role}')
        for table in sorted(tables_written_by_triggers() & standing):
            cursor.execute(f'REVOKE INSERT ON "{table}" FROM {role}')


def _after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    # The last app's signal comes when every table stands.
    if using == "owner" and sender.label == list(installed.app_configs)[-1]:
        grant(using)


def connect() -> None:
    post_migrate.connect(_after_migrate, dispatch_uid="accounts.grants")
