"""What was released, for researchers and the public."""

from django.db.models import QuerySet

from reports.enums import State
from reports.errors import NotFound
from reports.models import Release, Report


def releases() -> QuerySet[Release]:
    """All, newest first, those superseded or retracted included: what was published stays on record."""
    return Release.objects.select_related("report", "supersedes", "superseded_by__report", "retraction")


def public_releases() -> QuerySet[Release]:
    """Those that stand."""
    return releases().filter(report__state=State.RELEASED)


def release(slug: str) -> Release:
    """Raises NotFound."""
    found = releases().filter(slug=slug).first()
    if found is None:
        raise NotFound(f"There is no release {slug!r}.")
    return found


def earlier_releases(report: Report) -> list[Release]:
    """Of the same survey, made before the report and not retracted: the one it replaces first, then those of the same
    waves, then others, each kind newest first."""
    readable = releases().filter(survey_slug=report.survey_slug, report__state__in=(State.RELEASED, State.SUPERSEDED))
    older = [one for one in readable.exclude(report=report) if one.report.number < report.number]
    return sorted(older, key=lambda one: (one.pk != report.supersedes_id, one.report.waves != report.waves, -one.pk))
