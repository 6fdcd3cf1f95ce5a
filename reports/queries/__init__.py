"""All reads of the reports app."""

from reports.queries.files import BUNDLE, MANIFEST, document, documents, file_content
from reports.queries.plans import load_plan_for, plan, plan_names
from reports.queries.releases import find_releases, public_releases, release, release_choices, releases
from reports.queries.reports import (
    artifact,
    artifacts,
    decisions_of_round,
    earlier_cubes,
    is_counted,
    live_release,
    lock_report,
    lock_survey,
    parts_to_count,
    protected_cube,
    report,
    reports_followed_by,
    reports_for_reviewers,
    reports_to_release,
    reports_to_work_on,
    wave_sets_in_use,
)
from reports.queries.sources import Sources, sources, waves_of

__all__ = [
    "BUNDLE",
    "MANIFEST",
    "Sources",
    "artifact",
    "artifacts",
    "decisions_of_round",
    "document",
    "documents",
    "earlier_cubes",
    "file_content",
    "find_releases",
    "is_counted",
    "live_release",
    "load_plan_for",
    "lock_report",
    "lock_survey",
    "parts_to_count",
    "plan",
    "plan_names",
    "protected_cube",
    "public_releases",
    "release",
    "release_choices",
    "releases",
    "report",
    "reports_followed_by",
    "reports_for_reviewers",
    "reports_to_release",
    "reports_to_work_on",
    "sources",
    "wave_sets_in_use",
    "waves_of",
]
