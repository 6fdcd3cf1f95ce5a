"""The stored files of a report. Pages and API show what lies in them, nothing that was computed since."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import F

from reports.models import Artifact, Report
from reports.queries.reports import artifact
from reports.storage import store

DOCUMENT = "report.json"
MANIFEST = "manifest.json"
BUNDLE = "bundle.zip"


def file_content(report: Report, path: str) -> bytes:
    """Raises NotFound, or FilesDiffer when the stored bytes are not those that were listed."""
    return store().get(artifact(report, path).sha256)


def document(report: Report, of_round: int | None = None) -> dict[str, Any]:
    """`report.json` of a round, the present one unless told; see `reports.render`. Not to be changed: it is shared."""
    return _document(artifact(report, DOCUMENT, of_round).sha256)


def documents(reports: Iterable[Report]) -> dict[int, dict[str, Any]]:
    """`document` of each report, under its id, with one query for all."""
    rows = Artifact.objects.filter(report__in=[one.pk for one in reports], round=F("report__round"), path=DOCUMENT)
    return {report_id: _document(sha256) for report_id, sha256 in rows.values_list("report_id", "sha256")}


@lru_cache(maxsize=16)
def _document(sha256: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(store().get(sha256))
    return loaded
