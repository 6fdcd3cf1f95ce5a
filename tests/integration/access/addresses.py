"""Every address of the service, as the URL resolver knows it, and an example of each that leads somewhere."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.actions import create_token, make_link
from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import ApiToken, AuditEntry, User
from reports.actions import object_to
from reports.actions.moves import move
from reports.enums import State
from reports.models import Artifact, Release, Report, StoredCube
from survey.models import Survey, Wave
from tests.cast import SHELL
from tests.integration.reports.api.test_access import failed, sent_back
from tests.integration.reports.cast import MANIFEST, colleague, queued

_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
_MODELS: Mapping[str, type[Any]] = {
    "accounts/user": User,
    "accounts/auditentry": AuditEntry,
    "survey/survey": Survey,
    "survey/wave": Wave,
}


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in (resolver or get_resolver()).url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield here, one
        else:
            yield from patterns(one, here)


def waiting(owner: User) -> Report:
    """In review, with the tables and files of the release."""
    report, known = queued(owner, waves=[2]), Release.objects.get().report
    move(WORKER, report, State.COMPUTING)
    document = StoredCube.objects.get(report=known).document
    StoredCube.objects.create(report=report, round=report.round, document=document)
    names = ("path", "sha256", "size", "media_type")
    rows = Artifact.objects.filter(report=known).values(*names)
    Artifact.objects.bulk_create(Artifact(report=report, round=report.round, **row) for row in rows)
    move(WORKER, report, State.IN_REVIEW, manifest_sha256=MANIFEST)
    return report


@dataclass(frozen=True)
class Guide:
    """Fills the places of patterns. `owner` asked for the reports and made the token."""

    owner: User

    def path_to(self, pattern: str) -> str:
        special = _SPECIAL.get(pattern)
        return "/" + (special(self.owner) if special else _PLACE.sub(lambda at: self._value(at[1], pattern), pattern))

    def _value(self, name: str, pattern: str) -> str:
        match name:
            case "slug":
                return "mris" if "surveys/" in pattern else "mris-1"
            case "report_id":
                make = {"retry": failed, "resubmit": sent_back}.get(pattern.split("/")[-2], waiting)
                return str(make(self.owner).pk)
            case "objection_id":
                return str(object_to(colleague(Role.ADMIN), waiting(self.owner).pk, "Swapped labels.").pk)
            case "token_id":
                create_token(SHELL, self.owner, "notebook")
                return str(ApiToken.objects.latest("pk").pk)
            case "object_id":
                model = next(one for name, one in _MODELS.items() if name in pattern)
                return str(model.objects.earliest("pk").pk)
            case _:
                return _WORDS[name]


_WORDS = {"language": "en", "path": "cells.csv", "instrument": "mris", "name": "mris", "table_id": "t2_age"}
_SPECIAL: Mapping[str, Callable[[User], str]] = {
    "s/<slug:slug>/": lambda owner: "s/rehearsal/",
    "<language:language>/s/<slug:slug>/": lambda owner: "en/s/rehearsal/",
    "portal/releases/<slug:slug>/compare/": lambda owner: "portal/releases/mris-1/compare/?with=mris-1",
    r"accounts/^link/(?P<secret>[-\w]{43})/$": lambda owner: f"accounts/link/{make_link(SHELL, owner)}/",
    "admin/r/<path:content_type_id>/<path:object_id>/": lambda owner: "admin/r/1/1/",
    r"admin/^(?P<app_label>accounts|survey)/$": lambda owner: "admin/survey/",
    r"admin/(?P<url>.*)$": lambda owner: "admin/nothing/at/all/",
    r"api/v1/^releases/(?P<slug>[-\w]+)/files/(?P<path>[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)$": lambda owner: (
        "api/v1/releases/mris-1/files/cells.csv"
    ),
    r"api/v1/^[\s\S]*/$": lambda owner: "api/v1/nothing/",
}
