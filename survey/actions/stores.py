"""Rewriting the stores of answers, so that no page holds the image of a row that is gone."""

from django.db import connections

_STORES = ("survey_inbox", "survey_tombstone", "survey_response", "survey_testimony")


def rewrite_tables() -> None:
    """As their owner, outside any transaction."""
    with connections["owner"].cursor() as cursor:
        for table in _STORES:
            cursor.execute(f"VACUUM (FULL) {table}")
