"""Compile the interface's gettext catalogues without the gettext tools, which a plain machine lacks."""

from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Write a .mo file beside every .po file of the interface that is newer."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for source in sorted(settings.BASE_DIR.glob("*/locale/*/LC_MESSAGES/*.po")):
            compiled = source.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
                polib.pofile(str(source)).save_as_mofile(str(compiled))
