"""`manage.py first_view`: bytes, requests and third parties of the form's first view, language by language."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.first_view import BOUND, FirstView, look
from survey import queries
from survey.pages.frame import offered_languages

_LINE = "{0:10} {1:>8} {2:>8} {3:>9} {4:>9} {5:>13} {6:>8} {7:>7}  {8}"
_HEADS = ("language", "br", "gzip", "plain", "requests", "third parties", "cookies", "stored", "seen by")


class Command(BaseCommand):
    help = (
        f"Load the form of an open wave in each of its languages and print what that takes. Exits 1 if a first view "
        f"weighs more than {BOUND} bytes with br, takes more than one request, asks another host, or leaves anything."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", default="mris")
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="where the service answers")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        views = dict(_views(options["slug"], options["url"].rstrip("/")))
        if options["json"]:
            self.stdout.write(json.dumps({tag: {**asdict(view), "faults": view.faults} for tag, view in views.items()}))
        else:
            self.stdout.write("\n".join([_LINE.format(*_HEADS), *(_line(*one) for one in views.items())]))
        broken = [f"{tag}: {fault}" for tag, view in views.items() for fault in view.faults]
        if broken:
            raise CommandError("; ".join(broken))


def _views(slug: str, url: str) -> Iterator[tuple[str, FirstView]]:
    context = queries.form_context(slug)
    if context is None or context.wave is None or context.wave.state != "open":
        raise CommandError(f"{slug} has no open wave.")
    for one in offered_languages(context):
        try:
            yield one.tag, look(f"{url}/{one.code}/s/{slug}/")
        except (OSError, ValueError) as error:
            raise CommandError(f"{url} gave no form in {one.tag}: {error}") from None


def _line(tag: str, view: FirstView) -> str:
    hosts = len(view.third_parties)
    numbers = (view.br, view.gzip, view.identity, view.requests, hosts, view.cookies, view.stored)
    return _LINE.format(tag, *numbers, view.seen_by)
