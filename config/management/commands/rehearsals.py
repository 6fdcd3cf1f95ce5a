"""What `make run` opens: `mris` (a rehearsal, empty), `mris-demo` (a rehearsal with a sealed wave and a release)."""

import hashlib
import json
import sys
import time
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import actions as accounts
from accounts.actors import command
from accounts.enums import Role
from accounts.models import User
from config import rehearsal_keys
from reports import actions as reports
from reports.enums import State, Verdict
from reports.models import Report
from survey import actions as survey_actions
from survey.enums import Mode, WaveState
from survey.models import Inbox, Survey, Testimony
from survey.pages.frame import long_date
from survey.pages.languages import interface_languages
from survey.queries.instruments import languages_of

_ACTOR = command("rehearsals")
_CAST = (
    ("admin@example.org", "Ada Admin", Role.ADMIN),
    ("researcher@example.org", "Ravi Researcher", Role.RESEARCHER),
    ("reviewer1@example.org", "Rosa Reviewer", Role.REVIEWER),
    ("reviewer2@example.org", "Rui Reviewer", Role.REVIEWER),
)
_OPERATOR: survey_actions.Details = {
    "institution": {
        "en": "Example University (rehearsal)",
        "zh-Hans": "示例大学（演练）",
        "zh-Hant": "範例大學（演練）",
        "ja": "サンプル大学（リハーサル）",
        "ko": "예시 대학교(연습)",
        "id": "Universitas Contoh (gladi)",
        "es": "Universidad de Ejemplo (ensayo)",
        "ar": "جامعة المثال (تجربة)",
    },
    "investigator": {
        "en": "Dr. Example",
        "zh-Hans": "示例博士",
        "zh-Hant": "範例博士",
        "ja": "サンプル博士",
        "ko": "예시 박사",
        "id": "Dr. Contoh",
        "es": "Dra. Ejemplo",
        "ar": "د. مثال",
    },
    "contact": "survey@example.org",
    "ethics_approval": {
        "en": "no approval needed for a rehearsal",
        "zh-Hans": "演练无需伦理审批",
        "zh-Hant": "演練無需倫理審查",
        "ja": "リハーサルのため倫理審査は不要",
        "ko": "연습이므로 윤리 심의 불필요",
        "id": "gladi tidak memerlukan persetujuan etik",
        "es": "un ensayo no necesita aprobación ética",
        "ar": "لا تحتاج التجربة إلى موافقة أخلاقية",
    },
    "data_protection_officer": "privacy@example.org",
    "complaint_office": "complaints@example.org",
    "country": {
        "en": "Example Country",
        "zh-Hans": "示例国",
        "zh-Hant": "範例國",
        "ja": "サンプル国",
        "ko": "예시국",
        "id": "Negara Contoh",
        "es": "País de Ejemplo",
        "ar": "بلد المثال",
    },
    "kept_until": {one.tag: long_date(date(2030, 12, 31), one) for one in interface_languages()},
    "readers": "2",
    "reviewers": "2",
    "funder": {
        "en": "nobody (rehearsal)",
        "zh-Hans": "无（演练）",
        "zh-Hant": "無（演練）",
        "ja": "なし（リハーサル）",
        "ko": "없음(연습)",
        "id": "tidak ada (gladi)",
        "es": "nadie (ensayo)",
        "ar": "لا أحد (تجربة)",
    },
}
_RESPONSES, _SEED = 400, 4
_PATIENCE = 120.0


class Command(BaseCommand):
    help = (
        "Create accounts, reviewers' keys and the two rehearsals, idempotently; print the accounts as JSON, with new "
        "passwords and, for reviewers, passphrases that stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password-seed", required=True, help="random text that the passwords are made from")

    def handle(self, *args: Any, **options: Any) -> None:
        users = {email: _account(email, name, role, options["password_seed"]) for email, name, role in _CAST}
        passphrases = rehearsal_keys.prepare([user for user in users.values() if user.has_role(Role.REVIEWER)])
        _rehearsal("mris")
        demo = _rehearsal("mris-demo")
        if not Report.objects.filter(survey_slug="mris-demo", state=State.RELEASED).exists():
            _release_demo(demo, users)
        survey_actions.add_member(_ACTOR, demo, users["researcher@example.org"])
        if Testimony.objects.filter(plain__isnull=False).exists():
            survey_actions.seal_plain_testimonies(_ACTOR)
        shown = [
            {"role": str(role), "email": email, "password": _password(options["password_seed"], email)}
            | ({"passphrase": passphrases[email]} if email in passphrases else {})
            for email, _, role in _CAST
        ]
        self.stdout.write(json.dumps(shown))


def _password(seed: str, email: str) -> str:
    return hashlib.sha256(f"{seed} {email}".encode()).hexdigest()[:20]


def _account(email: str, name: str, role: Role, seed: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        return accounts.create_user(_ACTOR, email, _password(seed, email), [role], name)
    accounts.set_password(_ACTOR, user, _password(seed, email))
    return user


def _rehearsal(slug: str) -> Survey:
    """The survey with at least one wave, which is open unless it has gone on from there."""
    survey = Survey.objects.filter(slug=slug).first()
    survey = survey or survey_actions.create_survey(_ACTOR, slug, "mris", Mode.REHEARSAL, _OPERATOR)
    if not survey.waves.exists():
        seal_on = timezone.now().date() + timedelta(days=60)
        survey_actions.create_wave(_ACTOR, survey, languages_of("mris"), seal_on)
    planned = survey.waves.filter(state=WaveState.PLANNED).first()
    if planned and not survey.waves.filter(state=WaveState.OPEN).exists():
        survey_actions.open_wave(_ACTOR, planned)
    return survey


def _release_demo(survey: Survey, users: dict[str, User]) -> None:
    """Each step looks at what stands, so that a call after a kill goes on from there."""
    wave = survey.waves.get(number=1)
    if wave.state == WaveState.OPEN:
        missing = _RESPONSES - Inbox.objects.filter(wave=wave).count()
        if missing > 0:
            call_command("simulate", survey.slug, responses=missing, seed=_SEED, verbosity=0, stdout=sys.stderr)
        survey_actions.close_wave(_ACTOR, wave)
    if wave.state == WaveState.CLOSED:
        survey_actions.seal_wave(_ACTOR, wave)
    report = Report.objects.filter(survey_slug=survey.slug).order_by("-id").first()
    report = report or reports.request_report(_ACTOR, users["researcher@example.org"], survey.slug, "mris")
    _until(report, State.IN_REVIEW, State.APPROVED, State.RELEASED)
    for email in ("reviewer1@example.org", "reviewer2@example.org"):
        if report.state == State.IN_REVIEW and not report.decisions.filter(reviewer=users[email]).exists():
            reason = "Rehearsal: looked at every table."
            report = reports.decide(users[email], report.pk, Verdict.APPROVE, reason, report.manifest_sha256)
    _until(report, State.RELEASED)


def _until(report: Report, *states: State) -> None:
    """Wait for the worker, on a busy machine for long. Raises CommandError when nobody works on the report."""
    seen, deadline = _progress(report), time.monotonic() + _PATIENCE
    while report.state not in states:
        if time.monotonic() > deadline or report.state in (State.FAILED, State.BLOCKED, State.REJECTED):
            raise CommandError(f"The demo's report is {report.state}: {report.error or 'is a worker running?'}")
        time.sleep(0.3)
        report.refresh_from_db()
        if _progress(report) != seen:
            seen, deadline = _progress(report), time.monotonic() + _PATIENCE


def _progress(report: Report) -> tuple[object, ...]:
    """What changes while somebody works on it: a worker that lives renews its lease."""
    return report.state, report.stage, report.parts_done, report.lease_until
