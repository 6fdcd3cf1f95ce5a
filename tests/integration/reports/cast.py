"""Reports at every place of their life, brought there by the real actions."""

import random
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import count

from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import User
from reports.actions import decide, release, request_report, work_on_part, work_on_report
from reports.actions.moves import move
from reports.enums import State, Verdict
from reports.models import Artifact, Decision, Release, Report, StoredCube
from survey.enums import Mode, ProposalKind, WaveState
from survey.models import Judgement, ModeratedText, Proposal, Response, Survey, Testimony, Wave
from survey.queries import codebook
from tests.cast import SHELL

MANIFEST = "a" * 64
_numbers = count(1)


def colleague(*roles: Role) -> User:
    """Somebody who never logs in with a password: hashing one takes half a second."""
    return User.objects.create(email=f"colleague{next(_numbers)}@example.org", roles=list(roles), password="!")


def requester() -> User:
    return colleague(Role.RESEARCHER, Role.REVIEWER)


def queued(requested_by: User | None = None, **fields: object) -> Report:
    known = {"title": "T", "survey_slug": "mris", "waves": [1], "plan_name": "mris", "plan_version": "1"}
    number = 1 + Report.objects.count()
    requested_by = requested_by or requester()
    return Report.objects.create(requested_by=requested_by, number=number, **{**known, "plan_digest": "d", **fields})


def in_review(requested_by: User | None = None, **fields: object) -> Report:
    report = queued(requested_by, **fields)
    move(WORKER, report, State.COMPUTING)
    StoredCube.objects.create(report=report, round=report.round, document={})
    Artifact.objects.create(
        report=report, round=report.round, path="cells.csv", sha256="c" * 64, size=1, media_type="text/csv"
    )
    move(WORKER, report, State.IN_REVIEW, manifest_sha256=MANIFEST)
    return report


def vote(report: Report, verdict: Verdict = Verdict.APPROVE, reviewer: User | None = None) -> Decision:
    reviewer = reviewer or colleague(Role.REVIEWER)
    decide(reviewer, report.pk, verdict, "I looked at every table.", report.manifest_sha256)
    report.refresh_from_db()
    return Decision.objects.get(report=report, round=report.round, reviewer=reviewer)


def approved(requested_by: User | None = None, **fields: object) -> Report:
    report = in_review(requested_by, **fields)
    vote(report)
    vote(report)
    return report


def computed(report: Report | None = None) -> Report:
    """In review with real files, brought there as workers do it."""
    report = report or request_report(SHELL, requester(), "mris", "mris")
    for part in work_on_report(WORKER, report.pk):
        work_on_part(WORKER, part)
    work_on_report(WORKER, report.pk)
    report.refresh_from_db()
    return report


def released(report: Report | None = None) -> Release:
    report = computed(report)
    vote(report)
    vote(report)
    published = release(WORKER, report.pk)
    assert published is not None
    return published


def sealed_survey(
    slug: str = "mris", responses: int = 400, open_link: bool = True, rows: Sequence[bytes] = ()
) -> Survey:
    """A survey whose only wave is sealed, with `rows`, or answers drawn at random for each variable of the codebook."""
    survey = Survey.objects.filter(slug=slug).first()
    survey = survey or Survey.objects.create(
        slug=slug, instrument="mris", version="1", mode=Mode.REHEARSAL, open_link=open_link
    )
    add_sealed_wave(survey, responses, rows)
    return survey


def add_sealed_wave(survey: Survey, responses: int, rows: Sequence[bytes] = ()) -> Wave:
    number = survey.waves.count() + 1
    wave = Wave.objects.create(
        survey=survey, number=number, languages=["en"], seal_on=date(2027, 1, 10), state=WaveState.SEALED
    )
    width = len(codebook("mris").coded)
    rows = rows or drawn(number, responses)
    Response.objects.bulk_create(Response(wave=wave, answers={}, codes=codes, width=width) for codes in rows)
    return wave


@cache
def drawn(seed: int, responses: int) -> tuple[bytes, ...]:
    """Coded answers of that many people."""
    chosen, coded = random.Random(seed), codebook("mris").coded
    return tuple(bytes(_byte(chosen, len(variable.codes)) for variable in coded) for _ in range(responses))


def _byte(chosen: random.Random, codes: int) -> int:
    """A code, drawn unevenly; now and then not asked or no answer."""
    return 1 + min(int(chosen.expovariate(0.7)), codes - 1) if chosen.random() < 0.95 else chosen.choice([0, 255])


def moderated_text(wave: Wave, words: str = "It held them.", **allowed: int) -> ModeratedText:
    """A text of a sealed wave, as two reviewers have rephrased it. Its ciphertext opens with no key."""
    first, second = colleague(Role.REVIEWER), colleague(Role.REVIEWER)
    told = Testimony.objects.create(
        wave=wave, language="en", ciphertext=b"c", for_readers=b"k", **{"use": 3, "tag": 1, **allowed}
    )
    proposal = Proposal.objects.create(testimony=told, number=1, by=first, kind=ProposalKind.REPHRASED, sealed=b"s")
    judgement = Judgement.objects.create(proposal=proposal, by=second, proposed_by=first, confirmed=True)
    return ModeratedText.objects.create(testimony=told, judgement=judgement, words={"tst": words}, translations={})
