"""`manage.py seal_texts`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import command
from survey.actions import seal_plain_testimonies
from survey.errors import DomainError


class Command(BaseCommand):
    help = (
        "Encrypt the testimonies that an earlier version has sealed in plain, for the reading key. Once, after the "
        "upgrade and after a reviewer has made a key on /review/keys/; then it finds nothing to do."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            waves = seal_plain_testimonies(command("seal_texts"))
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"Texts of {waves} waves were encrypted.")
