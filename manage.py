#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if not settings.EMBEDDED:
            raise
        sys.exit(
            "The embedded servers of `make run` do not answer. Start `make run` in this folder first, "
            f"or set DATABASE_URL, OWNER_DATABASE_URL and REDIS_URL.\n({str(error).splitlines()[0]})"
        )


if __name__ == "__main__":
    main()
