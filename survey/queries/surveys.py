"""What other apps may know of a survey: never its model."""

from dataclasses import dataclass

from survey.errors import NotFound
from survey.models import Survey
from survey.queries.instruments import load


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    slug: str
    instrument: str
    version: str
    is_rehearsal: bool
    open_link: bool
    operator: dict[str, str]

    @property
    def title(self) -> str:
        return load(self.instrument).title.source


def survey_facts(slug: str) -> SurveyFacts:
    """Raises NotFound."""
    survey = Survey.objects.filter(slug=slug).first()
    if survey is None:
        raise NotFound(f"There is no survey {slug!r}.")
    return _facts(survey)


def all_surveys() -> list[SurveyFacts]:
    return [_facts(survey) for survey in Survey.objects.order_by("slug")]


def _facts(survey: Survey) -> SurveyFacts:
    return SurveyFacts(
        slug=survey.slug,
        instrument=survey.instrument,
        version=survey.version,
        is_rehearsal=survey.is_rehearsal,
        open_link=survey.open_link,
        operator=survey.operator,
    )
