"""What a report is made from: its survey, plan, codebook and the coded responses of its waves."""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reports.errors import WrongState
from reports.models import Report
from reports.plan import Plan
from reports.queries.plans import load_plan_for
from survey.instrument.codebook import Codebook
from survey.queries import SealedWave, SurveyFacts, codebook, sealed_waves, stream_codes, survey_facts


@dataclass(frozen=True, slots=True)
class Sources:
    survey: SurveyFacts
    plan: Plan
    codebook: Codebook
    waves: tuple[SealedWave, ...]

    @property
    def wave_names(self) -> tuple[str, ...]:
        return tuple(f"{wave.survey_slug}/{wave.number}" for wave in self.waves)

    def blocks(self, first: int, size: int) -> Generator[NDArray[np.uint8]]:
        """Coded responses `first` to `first + size` of all waves together, in blocks of shape (n, width).

        To be closed by the caller; see `stream_codes`.
        """
        ids = [wave.id for wave in self.waves]
        whole = first == 0 and size == sum(wave.responses for wave in self.waves)
        return stream_codes(ids, self.codebook.width, offset=first, limit=None if whole else size)


def sources(report: Report) -> Sources:
    """Raises WrongState if the plan is no longer the one that was asked for."""
    survey = survey_facts(report.survey_slug)
    plan = load_plan_for(report.plan_name, survey.instrument)
    if plan.digest != report.plan_digest:
        raise WrongState("The plan has changed since this report was asked for. Ask for a new one.")
    # Whether anyone can answer is a property of the survey, not of the plan.
    plan = replace(plan, open_link=survey.open_link)
    return Sources(survey, plan, codebook(survey.instrument), waves_of(report))


def waves_of(report: Report) -> tuple[SealedWave, ...]:
    return tuple(wave for wave in sealed_waves(report.survey_slug) if wave.number in report.waves)
