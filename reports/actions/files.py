"""The files of a round: rendered once, stored by content, listed in a manifest, bundled."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone

from reports.disclosure import ProtectedCube
from reports.models import Artifact, Report
from reports.queries import BUNDLE, MANIFEST, Sources, sources, stored_beside
from reports.render import Event, Meta, Texts, bundle, languages, manifest, media_type, reader, render_files
from reports.storage import store
from survey.queries import catalogue, events, languages_of, load

ZIP = "application/zip"


def render_round(report: Report, protected: ProtectedCube) -> dict[str, bytes]:
    """Path -> bytes of everything that is to be published, manifest and bundle included."""
    source = sources(report)
    texts, beside = _texts(source), stored_beside(report)
    files = render_files(protected, source.plan, source.codebook, texts, _meta(report, source), beside)
    files[MANIFEST] = manifest(files)
    return {**files, BUNDLE: bundle(files)}


def _texts(source: Sources) -> Texts:
    name = source.survey.instrument
    return {language: reader(load(name), catalogue(name, language)) for language in report_languages(name)}


def report_languages(instrument: str) -> list[str]:
    """Every language that both the instrument and the reports have texts for, unless the operator wants fewer."""
    return [tag for tag in languages_of(instrument) if tag in languages() and _is_wanted(tag)]


def _is_wanted(language: str) -> bool:
    return not settings.REPORT_LANGUAGES or language in settings.REPORT_LANGUAGES


def _meta(report: Report, source: Sources) -> Meta:
    today = timezone.now().date()
    return Meta(
        report=report.name,
        survey=report.survey_slug,
        rehearsal=source.survey.is_rehearsal,
        instrument_digest=load(source.survey.instrument).digest,
        made_on=today,
        publisher=source.survey.detail("institution"),
        contact=source.survey.detail("contact"),
        funder=source.survey.detail("funder"),
        ethics=source.survey.detail("ethics_approval"),
        # A rehearsal may be sealed before the day that was announced.
        sealed=tuple((f"{wave.survey_slug}/{wave.number}", min(wave.seal_on, today)) for wave in source.waves),
        # An event of every model has the date of one example, not its own.
        events=tuple(
            Event(one.code, one.announced, one.first_day, one.last_day)
            for one in events(source.survey.instrument)
            if one.models
        ),
    )


def store_files(report: Report, files: Mapping[str, bytes]) -> list[Artifact]:
    """Write the bytes; the rows that name them are left to the caller, who saves them with the change of state."""
    place = store()
    return [
        Artifact(
            report=report,
            round=report.round,
            path=path,
            sha256=place.put(content),
            size=len(content),
            media_type=ZIP if path == BUNDLE else media_type(path),
        )
        for path, content in sorted(files.items())
    ]
