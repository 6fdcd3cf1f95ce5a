from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.role_matrix import document


class Command(BaseCommand):
    help = "Write docs/role-matrix.md from config/role_matrix.py."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "role-matrix.md"
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(str(path))
