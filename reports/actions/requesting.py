"""Asking for a report: from sealed waves, with enough responses, once per plan and waves."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from accounts.actions import record
from accounts.actors import Actor
from accounts.models import User
from reports.actions.moves import move
from reports.disclosure.rules import FEWEST_RESPONSES, FEWEST_RESPONSES_OPEN_LINK
from reports.enums import Stage, State
from reports.errors import AlreadyReported, Invalid, ReasonMissing, TooFewResponses, WrongState
from reports.models import Part, Release, Report
from reports.permissions import check_can_request, check_can_resubmit, check_can_retry
from reports.plan import Plan
from reports.queries import live_release, load_plan_for, lock_report, lock_survey, wave_sets_in_use
from reports.transitions import UNDER_WAY
from survey.queries import SealedWave, SurveyFacts, sealed_waves, survey_facts

LONGEST_TITLE, LONGEST_PURPOSE = 200, 5_000


@transaction.atomic
def request_report(
    actor: Actor,
    requested_by: User,
    survey_slug: str,
    plan_name: str,
    wave_numbers: Collection[int] = (),
    title: str = "",
    replace: bool = False,
    purpose: str = "",
) -> Report:
    """Put a report into the queue; without `wave_numbers`, over all sealed waves of the survey.

    The same plan over the same waves is reported once; `replace` asks for a successor of the present release,
    and `purpose` says why, for reviewers; of a correction it is required, and stands beside both releases.
    Raises NotAllowed, NotFound, Invalid, ReasonMissing, WrongState, TooFewResponses or AlreadyReported.
    """
    check_can_request(requested_by)
    if len(title) > LONGEST_TITLE or len(purpose) > LONGEST_PURPOSE:
        raise Invalid(f"A title may have {LONGEST_TITLE} characters, a reason {LONGEST_PURPOSE}.")
    survey = survey_facts(survey_slug)
    plan = load_plan_for(plan_name, survey.instrument)
    lock_survey(survey_slug)
    waves = _chosen_waves(survey_slug, wave_numbers)
    _refuse_too_few(survey, waves)
    report = Report(
        title=title.strip() or plan.title["en"],
        survey_slug=survey_slug,
        number=1 + Report.objects.filter(survey_slug=survey_slug).count(),
        waves=[wave.number for wave in waves],
        requested_by=requested_by,
        purpose=purpose.strip(),
        **_identity(plan),
    )
    _refuse_differences(report)
    report.supersedes = _predecessor(report, replace)
    report.save(force_insert=True)
    record(actor, "report.requested", f"report:{report.pk}", survey=survey_slug, waves=report.waves, plan=plan_name)
    return report


@transaction.atomic
def resubmit(actor: User, report_id: int, reason: str) -> Report:
    """Answer the reviewers' wish for changes, or an objection, with a new round, made from the plan as it stands."""
    report = lock_report(report_id)
    check_can_resubmit(actor, report)
    plan = load_plan_for(report.plan_name, survey_facts(report.survey_slug).instrument)
    _queue_again(Actor.of(actor), report, reason, **_identity(plan))
    return report


@transaction.atomic
def retry(actor: User, report_id: int) -> Report:
    """Start a failed report over, from the same plan."""
    report = lock_report(report_id)
    check_can_retry(actor, report)
    _queue_again(Actor.of(actor), report, reason="")
    return report


def _queue_again(actor: Actor, report: Report, reason: str, **values: Any) -> None:
    lock_survey(report.survey_slug)
    _refuse_differences(report)
    _refuse_repetition(report)
    if live_release(report) != report.supersedes:
        raise AlreadyReported("Meanwhile another release of this plan and these waves has appeared.")
    Part.objects.filter(report=report).delete()
    move(
        actor,
        report,
        State.QUEUED,
        reason,
        round=report.round + 1,
        stage=Stage.WAITING,
        parts_done=0,
        parts_total=0,
        attempts=0,
        error="",
        manifest_sha256="",
        **values,
    )


def _identity(plan: Plan) -> dict[str, str]:
    return {"plan_name": plan.name, "plan_version": plan.version, "plan_digest": plan.digest}


def _chosen_waves(survey_slug: str, numbers: Collection[int]) -> list[SealedWave]:
    sealed = sealed_waves(survey_slug)
    unsealed = set(numbers) - {wave.number for wave in sealed}
    if unsealed:
        raise WrongState(f"Only sealed waves are reported; wave {min(unsealed)} of {survey_slug} is not sealed.")
    chosen = [wave for wave in sealed if not numbers or wave.number in numbers]
    if not chosen:
        raise WrongState(f"{survey_slug} has no sealed wave yet.")
    return chosen


def _refuse_too_few(survey: SurveyFacts, waves: Sequence[SealedWave]) -> None:
    least = FEWEST_RESPONSES_OPEN_LINK if survey.open_link else FEWEST_RESPONSES
    if sum(wave.responses for wave in waves) < least:
        raise TooFewResponses(f"A report of {survey.slug} needs at least {least} responses.")


def _refuse_differences(report: Report) -> None:
    """No subtraction of one report from another may leave a group smaller than a report may have.

    Waves that lie in the same reports can only be told apart together, so each such group must be large enough.
    """
    own, others = set(report.waves), wave_sets_in_use(report)
    if any(own & other and not (own <= other or other <= own) for other in others):
        raise WrongState(
            "Another report covers some of these waves and not others, and has waves that this one has not. Reports "
            "of one survey lie inside each other or apart, so that they cannot be played off against each other."
        )
    sets = [own, *others]
    groups: dict[tuple[bool, ...], int] = defaultdict(int)
    for wave in sealed_waves(report.survey_slug):
        groups[tuple(wave.number in one for one in sets)] += wave.responses
    if any(0 < responses < FEWEST_RESPONSES for membership, responses in groups.items() if any(membership)):
        raise TooFewResponses(
            "Together with the other reports of this survey, these waves would single out fewer than "
            f"{FEWEST_RESPONSES} responses. Choose the same waves as an earlier report, or larger ones."
        )


def _predecessor(report: Report, replace: bool) -> Release | None:
    _refuse_repetition(report)
    present = live_release(report)
    if replace and present is None:
        raise Invalid("There is no release of this plan and these waves to replace.")
    if present is not None and not replace:
        raise AlreadyReported(
            f"{present.slug} reports this plan and these waves already. Ask to replace it if it must be corrected."
        )
    if replace and not report.purpose:
        raise ReasonMissing("Say what is wrong with the release that is to be replaced.")
    return present


def _refuse_repetition(report: Report) -> None:
    same = Report.objects.filter(
        survey_slug=report.survey_slug, plan_name=report.plan_name, waves=report.waves, state__in=UNDER_WAY
    ).exclude(pk=report.pk)
    if same.exists():
        raise AlreadyReported("A report of this plan and these waves is under way.")
