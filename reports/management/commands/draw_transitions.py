from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reports.transitions import document


class Command(BaseCommand):
    help = "Write docs/release-states.md from reports/transitions.py."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "release-states.md"
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(str(path))
