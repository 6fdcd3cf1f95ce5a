"""What was released, for researchers and the public."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from reports.enums import State
from reports.errors import NotFound
from reports.models import Artifact, Release, Report


def releases() -> QuerySet[Release]:
    """All, newest first, those superseded or retracted included: what was published stays on record."""
    return Release.objects.select_related("report", "supersedes", "superseded_by__report", "retraction")


def find_releases(text: str = "", survey: str = "", plan: str = "", language: str = "") -> QuerySet[Release]:
    """Those that hold `text` in their title or one of their names, and are of this survey, plan and language."""
    found = releases()
    if text:
        names = Q(slug__icontains=text) | Q(survey_slug__icontains=text) | Q(report__plan_name__icontains=text)
        found = found.filter(Q(report__title__icontains=text) | names)
    if survey:
        found = found.filter(survey_slug=survey)
    if plan:
        found = found.filter(report__plan_name=plan)
    return found.filter(_speaks(language)) if language else found


def _speaks(language: str) -> Exists:
    """Every release has files of figures or tables for each of its languages."""
    files = Artifact.objects.filter(report=OuterRef("report"), round=F("report__round"))
    return Exists(files.filter(path__startswith=f"tables/{language}/"))


def release_choices() -> tuple[list[str], list[str]]:
    """Surveys and plans that there are releases of, in order."""
    pairs = list(Release.objects.order_by().values_list("survey_slug", "report__plan_name").distinct())
    return sorted({survey for survey, _ in pairs}), sorted({plan for _, plan in pairs})


def public_releases() -> QuerySet[Release]:
    """Those that stand."""
    return releases().filter(report__state=State.RELEASED)


def release(slug: str) -> Release:
    """Raises NotFound."""
    found = releases().filter(slug=slug).first()
    if found is None:
        raise NotFound(f"There is no release {slug!r}.")
    return found


def releases_of_other_waves(report: Report) -> list[Release]:
    """Those that stand, of one wave alone which the report does not hold; one for each wave, in the order of the waves.

    Of several on one wave the one of the report's own plan, else the newest.
    """
    standing = public_releases().filter(survey_slug=report.survey_slug, report__waves__len=1)
    by_wave: dict[int, Release] = {}
    for one in sorted(standing, key=lambda one: (one.report.plan_name == report.plan_name, one.pk)):
        by_wave[one.report.waves[0]] = one
    return [by_wave[wave] for wave in sorted(by_wave) if wave not in report.waves]


def earlier_releases(report: Report) -> list[Release]:
    """Of the same survey, made before the report and not retracted: the one it replaces first, then those of the same
    waves, then others, each kind newest first."""
    readable = releases().filter(survey_slug=report.survey_slug, report__state__in=(State.RELEASED, State.SUPERSEDED))
    older = [one for one in readable.exclude(report=report) if one.report.number < report.number]
    return sorted(older, key=lambda one: (one.pk != report.supersedes_id, one.report.waves != report.waves, -one.pk))
