"""`manage.py simulate SLUG --responses N`: answers into a rehearsal. `simulate --like RELEASE`: rows for a script.

Stands here because the one writes into a survey and the other reads a release.
"""

import zlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports import queries as reports
from reports.attack.bundle import UnreadableBundle, read
from reports.enums import State
from reports.like import Document, Drawn, Unusable, draw, instrument, readme, rows
from survey.errors import DomainError
from survey.queries import codebook, form_context
from survey.simulate.population import PACKAGED, PopulationError, load_population
from survey.simulate.sending import send

_SENDING, _DRAWING = ("slug", "responses", "lang", "population"), ("n", "out")


class Command(BaseCommand):
    help = (
        "Send plausible invented answers into the open wave of a rehearsal, through the action that the form uses; or, "
        "with --like, write invented rows that look like a release, to write an analysis script against."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed invents the same people")
        _add_sending(parser)
        _add_drawing(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        _check_together(options)
        try:
            if options["like"]:
                self._write(options)
            else:
                self._send(options)
        except DomainError as error:
            raise CommandError(error.message) from None

    def _send(self, options: dict[str, Any]) -> None:
        context = form_context(options["slug"])
        if context is None:
            raise CommandError(f"There is no survey {options['slug']!r}.")
        try:
            population = load_population(context.instrument, options["population"] or PACKAGED)
        except PopulationError as error:
            raise CommandError(str(error)) from None
        sent = send(context, population, options["responses"], options["seed"], options["lang"])
        languages = ", ".join(f"{language} {number}" for language, number in sent.most_common())
        self.stdout.write(f"{sent.total()} simulated responses sent to {context.slug}: {languages}")

    def _write(self, options: dict[str, Any]) -> None:
        document = self._document(options["like"])
        try:
            drawn = draw(document, codebook(instrument(document)), options["seed"], options["n"])
        except Unusable as error:
            raise CommandError(f"{options['like']}: {error}") from None
        if options["out"] is None:
            self.stdout.write(rows(document, drawn).decode(), ending="")
        else:
            self._save(options["out"], document, drawn)

    def _document(self, like: str) -> Document:
        """`report.json` of a release by its name, or of a downloaded bundle."""
        # Names hold neither a dot nor a slash.
        return _of_bundle(Path(like)) if "." in like or "/" in like else self._of_release(like)

    def _of_release(self, name: str) -> Document:
        release = reports.release(name)
        if release.report.state == State.RETRACTED:
            raise CommandError(f"{name} was retracted: {release.retraction.reason}")
        if release.report.state == State.SUPERSEDED:
            self.stderr.write(f"Warning: {name} was superseded by {release.superseded_by.slug}.")
        return reports.document(release.report)

    def _save(self, out: Path, document: Document, drawn: Drawn) -> None:
        beside = out.with_name(f"{out.name}.README.md")
        try:
            out.write_bytes(rows(document, drawn))
            beside.write_bytes(readme(document, drawn, out.name))
        except OSError as error:
            raise CommandError(f"Cannot write: {error}") from None
        self.stdout.write(f"{drawn.n} invented rows like {document['report']} in {out}; {beside} says what they are.")


def _add_sending(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("answers into a rehearsal")
    group.add_argument("slug", nargs="?")
    group.add_argument("--responses", type=_positive, metavar="N")
    group.add_argument("--lang", nargs="+", default=[], help="only these languages (default: all of the wave)")
    group.add_argument("--population", type=Path, metavar="FILE", help="shares that differ from the packaged ones")


def _add_drawing(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("rows like a release")
    group.add_argument("--like", metavar="RELEASE", help="its name (mris-1), or the path of a bundle (./mris-1.zip)")
    group.add_argument("--n", type=_positive, metavar="N", help="rows (default: as many as the release has responses)")
    group.add_argument("--out", type=Path, metavar="FILE", help="CSV, with a page about it beside (default: no page)")


def _check_together(options: dict[str, Any]) -> None:
    given = ", ".join(name for name in (_SENDING if options["like"] else _DRAWING) if options[name])
    if given:
        raise CommandError(f"These do not go {'with' if options['like'] else 'without'} --like: {given}", returncode=2)
    if not options["like"] and not (options["slug"] and options["responses"]):
        raise CommandError("the following arguments are required: slug, --responses; or --like", returncode=2)


def _of_bundle(path: Path) -> Document:
    try:
        document = read(path).document
    except UnreadableBundle as error:
        raise CommandError(str(error)) from None
    except (OSError, RuntimeError, zlib.error) as error:  # the last two: an archive that is locked or damaged
        raise CommandError(f"{path} cannot be read: {error}") from None
    if not document:
        raise CommandError(f"{path} holds no report.json.")
    return document


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
