"""What other apps may know of a survey: never its model."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from survey.errors import NotFound
from survey.instrument.texts import SOURCE_LANGUAGE
from survey.models import StudyMember, Survey
from survey.queries.instruments import load


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    slug: str
    instrument: str
    version: str
    is_rehearsal: bool
    open_link: bool
    operator: dict[str, str | dict[str, str]]

    def detail(self, name: str) -> str:
        """What the operator says for a place in the texts, in English if in several languages; empty if nothing."""
        return wording(self.operator.get(name, ""), SOURCE_LANGUAGE)

    @property
    def title(self) -> str:
        return load(self.instrument).title.source


def wording(detail: str | Mapping[str, str], language: str) -> str:
    """A live wave opens only with the wording of each of its languages; rehearsals and receipts go beyond them."""
    if isinstance(detail, str):
        return detail
    return detail.get(language) or detail.get(SOURCE_LANGUAGE) or next(iter(detail.values()), "")


def survey_facts(slug: str) -> SurveyFacts:
    """Raises NotFound."""
    survey = Survey.objects.filter(slug=slug).first()
    if survey is None:
        raise NotFound(f"There is no survey {slug!r}.")
    return _facts(survey)


def all_surveys() -> list[SurveyFacts]:
    return [_facts(survey) for survey in Survey.objects.order_by("slug")]


def is_study_member(user_id: int, slug: str) -> bool:
    """Whether somebody belongs to the study that a survey is made for."""
    return StudyMember.objects.filter(survey__slug=slug, user_id=user_id).exists()


def members_of(slugs: Collection[str]) -> dict[str, set[int]]:
    """Ids of the people who belong to the studies of these surveys, by slug; one query for all."""
    found: dict[str, set[int]] = {slug: set() for slug in slugs}
    for slug, user_id in StudyMember.objects.filter(survey__slug__in=found).values_list("survey__slug", "user_id"):
        found[slug].add(user_id)
    return found


def _facts(survey: Survey) -> SurveyFacts:
    return SurveyFacts(
        slug=survey.slug,
        instrument=survey.instrument,
        version=survey.version,
        is_rehearsal=survey.is_rehearsal,
        open_link=survey.open_link,
        operator=survey.operator,
    )
