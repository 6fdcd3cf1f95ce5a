"""What is due in the surveys: seal dates, texts, help lines, the operator's details."""

import re
from collections.abc import Iterator, Mapping

from django.db.models import Exists, OuterRef
from django.utils import timezone

from config.doctor.findings import Finding, warning, wrong
from config.doctor.process import live_waves
from config.selftest.run import SLUG
from survey import queries
from survey.enums import Mode, WaveState
from survey.instrument.helplines import GOOD_FOR, overdue
from survey.models import Inbox, Survey, Wave
from survey.queries.instruments import details_of, unreviewed_for_live

_UNFILLED = re.compile(r"\bexample\b|example\.|rehearsal|\btodo\b|\btbd\b|xxx|[\[\]{}]|\?\?", re.IGNORECASE)


def waves_are_sealed_in_time() -> Iterator[Finding]:
    today, now = timezone.now().date(), timezone.now()
    worker = "Look whether beat and a worker run; by hand: manage.py wave close, manage.py wave seal."
    due = Wave.objects.select_related("survey").filter(seal_on__lt=today)
    for wave in due.filter(survey__mode=Mode.LIVE, state=WaveState.OPEN):
        yield wrong(f"{wave} is open past its seal date, {wave.seal_on}.", worker)
    for wave in due.filter(survey__mode=Mode.LIVE, state=WaveState.CLOSED, late_until__lt=now):
        yield wrong(f"{wave} is not sealed, and its seal date was {wave.seal_on}.", worker)
    for wave in due.filter(survey__mode=Mode.REHEARSAL, state=WaveState.OPEN):
        yield warning(f"The rehearsal {wave} is open past its seal date, {wave.seal_on}.", "manage.py wave close.")


def sealed_waves_are_rewritten() -> Iterator[Finding]:
    for wave in Wave.objects.select_related("survey").filter(state=WaveState.SEALED, rewritten=False):
        yield wrong(
            f"{wave} is sealed, but images of its inbox are still in the files of the tables.",
            "The sweep rewrites them within a minute: look whether beat and a worker run.",
        )


def sealed_waves_have_no_inbox() -> Iterator[Finding]:
    sealed = Wave.objects.select_related("survey").filter(state=WaveState.SEALED)
    for wave in sealed.filter(Exists(Inbox.objects.filter(wave=OuterRef("pk")))):
        yield wrong(
            f"{wave} is sealed and has answers in its inbox.", "Report this as a fault: sealing takes them all."
        )


def no_self_test_is_left_open() -> Iterator[Finding]:
    if Wave.objects.filter(survey__slug=SLUG, state=WaveState.OPEN).exists():
        yield warning(f"{SLUG} is open: a self-test runs, or was killed.", f"manage.py wave close {SLUG}.")


def instruments_are_what_they_were() -> Iterator[Finding]:
    for survey in Survey.objects.filter(waves__state=WaveState.OPEN).distinct():
        present = queries.load(survey.instrument).version
        if present != survey.version:
            yield wrong(
                f"{survey.slug} began with {survey.instrument} {survey.version}, and this code has {present}.",
                "Close the wave, or run the version of the service that it began with.",
            )


def open_texts_are_reviewed() -> Iterator[Finding]:
    for wave in live_waves():
        for language in wave.languages:
            drafts = unreviewed_for_live(wave.survey.instrument, language)
            if drafts:
                yield wrong(
                    f"{wave} is open in {language} with {len(drafts)} texts that are not reviewed; first {drafts[0]}.",
                    "Let two people review them, or close the wave.",
                )


def the_operator_is_named() -> Iterator[Finding]:
    for wave in live_waves():
        said = wave.survey.operator
        for name in details_of(wave.survey.instrument):
            for language in wave.languages:
                yield from _judge_detail(wave, name, language, queries.wording(said.get(name, ""), language))


def _judge_detail(wave: Wave, name: str, language: str, text: str) -> Iterator[Finding]:
    do = f"Say it in the operator's details of {wave.survey.slug}."
    if not text.strip():
        yield wrong(f"{wave} does not say {name!r} in {language} on its consent page.", do)
    elif _UNFILLED.search(text):
        yield warning(f"{wave} says {text!r} for {name!r} in {language}: is that meant?", do)


def help_lines_are_checked() -> Iterator[Finding]:
    for (instrument, language), is_live in _offered().items():
        lines = queries.help_lines(instrument, language)
        late = overdue(lines, timezone.now().date())
        never = sum(line.checked_on is None for line in late)
        page = f"/admin/help-lines/{instrument}/{language.lower()}/"
        if not lines:
            finding = wrong if is_live else warning
            yield finding(f"There is no help line in {language}.", f"Find some for its readers; add them at {page}")
        elif late:
            yield warning(
                f"{len(late)} of {len(lines)} help lines in {language} were not checked within {GOOD_FOR.days} days, "
                f"{never} of them never.",
                f"Call or write to each, then press “Checked today” (at {page})",
            )


def _offered() -> Mapping[tuple[str, str], bool]:
    """(instrument, language) of what is open, or else of every survey -> whether any of it is live."""
    surveys = Survey.objects.exclude(slug=SLUG)
    waves = Wave.objects.select_related("survey").filter(survey__in=surveys, state=WaveState.OPEN)
    pairs = [(wave.survey, language) for wave in waves for language in wave.languages]
    pairs = pairs or [(survey, tag) for survey in surveys for tag in queries.languages_of(survey.instrument)]
    found: dict[tuple[str, str], bool] = {}
    for survey, language in pairs:
        key = survey.instrument, language
        found[key] = found.get(key, False) or not survey.is_rehearsal
    return found
