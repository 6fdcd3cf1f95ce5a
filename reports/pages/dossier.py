"""What the review page says, in the order in which a reviewer asks: who and why, what changed, what is hidden, what is
in it, which files, and what follows. Every number comes from the stored files of the round."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from reports import queries
from reports.models import Artifact, Decision, Objection, Release, Report
from reports.objections import is_open, is_settled, is_withdrawn
from reports.pages.edge import is_viewable
from reports.pages.protection import flagged_shares, protection
from reports.pages.words import ACTS, PARAMETERS, TIERS, VERDICTS
from reports.queries import REQUESTED, Step
from reports.render import prose
from reports.render.changes import Changes, changes
from reports.render.outline import sections
from survey.queries import survey_facts

type Document = dict[str, Any]

README = "README.md"


@dataclass(frozen=True, slots=True)
class File:
    artifact: Artifact
    viewable: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """`name` is empty for the files that lie in none. Those of another language than the chosen one are only counted,
    and `files` is empty: eight languages make thousands of rows."""

    name: str
    number: int
    size: int
    files: tuple[File, ...]
    language: str


@dataclass(frozen=True, slots=True)
class FileChanges:
    """Between the files of two rounds, by path and SHA-256."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    same: int


@dataclass(frozen=True, slots=True)
class PastRound:
    """A round that is over: what was decided, and what the requester answered."""

    number: int
    decisions: tuple[tuple[Decision, str | Promise], ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Stand:
    """An objection and what has become of it."""

    objection: Objection
    is_open: bool
    is_settled: bool

    @property
    def withdrawal(self) -> Any:
        return self.objection.withdrawal if is_withdrawn(self.objection) else None


def about(report: Report, steps: Sequence[Step]) -> dict[str, Any]:
    """Who asked, when, why, and what has happened since."""
    return {
        "asked_on": next((step.at.date() for step in steps if step.action == REQUESTED), None),
        "steps": [(step.at, ACTS[step.action], _who(step)) for step in steps if step.action in ACTS],
        "past_rounds": past_rounds(report, steps),
        "survey": survey_facts(report.survey_slug),
    }


OUTCOMES = frozenset({"report.approved", "report.changes_asked", "report.rejected"})
"""What two decisions make together; the log names only who gave the second."""


def _who(step: Step) -> str:
    return "" if step.action in OUTCOMES else step.who


ANSWERS = frozenset({"report.resubmitted", "report.objection_answered"})


def past_rounds(report: Report, steps: Sequence[Step]) -> list[PastRound]:
    """Oldest first; only rounds about which somebody said something. An answer is logged with the round it ends."""
    decisions = queries.earlier_decisions(report)
    answers = {step.round: step.reason for step in steps if step.action in ANSWERS}
    numbers = sorted({one.round for one in decisions} | set(answers))
    return [
        PastRound(
            number,
            tuple((one, VERDICTS[one.verdict]) for one in decisions if one.round == number),
            answers.get(number, ""),
        )
        for number in numbers
    ]


def stands(report: Report) -> list[Stand]:
    """Every objection ever raised against the report, in order."""
    (listed,) = queries.objections_of([report]).values()
    approvers = {one.reviewer_id for one in queries.decisions_of_round(report) if one.verdict == "approve"}
    return [Stand(one, is_open(one, report, approvers), is_settled(one, report, approvers)) for one in listed]


def contents(report: Report, document: Document, language: str, beside: str = "") -> dict[str, Any]:
    """`beside`: slug of the earlier release to compare with; else the nearest one."""
    return {
        "document": document,
        "language": language,
        "tier": TIERS.get(document["tier"], document["tier"]),
        "sections": sections(document, language),
        "pictures": list(_pictures(document, language)),
        "protection": protection(document, language),
        "rules": [(PARAMETERS.get(name, name), value) for name, value in document["parameters"].items()],
        "flags": flagged_shares(document, language),
        "methods": list(prose.parts(queries.file_content(report, README).decode())),
        "folders": folders(queries.artifacts(report), language, document["languages"]),
        **_since_last_round(report, document, language),
        **_since_last_release(report, document, language, beside),
    }


def _pictures(document: Document, language: str) -> Iterator[tuple[str, str, str]]:
    """(path, title, the same in words) of every figure over several tables."""
    for one in document.get("pictures", ()):
        yield f"figures/{language}/{one['id']}.svg", one["title"][language], one["alt"][language]


def folders(artifacts: Sequence[Artifact], chosen: str, languages: Collection[str]) -> list[Folder]:
    """The files by folder, those in none first."""
    lying: dict[str, list[Artifact]] = defaultdict(list)
    for one in artifacts:
        lying[one.path.rpartition("/")[0]].append(one)
    return [_listed(name, lying[name], chosen, languages) for name in sorted(lying)]


def _listed(name: str, artifacts: Sequence[Artifact], chosen: str, languages: Collection[str]) -> Folder:
    last = name.rpartition("/")[2]
    other = last if last in languages and last != chosen else ""
    files = () if other else tuple(File(one, is_viewable(one.path)) for one in artifacts)
    return Folder(name, len(artifacts), sum(one.size for one in artifacts), files, other)


def _since_last_round(report: Report, document: Document, language: str) -> dict[str, Any]:
    last = queries.last_round_with_files(report)
    if last is None:
        return {}
    return {
        "last_round": last,
        "file_changes": file_changes(queries.artifacts(report, last), queries.artifacts(report)),
        "round_changes": changes(queries.document(report, last), document, language),
    }


def file_changes(before: Sequence[Artifact], after: Sequence[Artifact]) -> FileChanges:
    former, now = ({one.path: one.sha256 for one in files} for files in (before, after))
    shared = former.keys() & now.keys()
    return FileChanges(
        added=tuple(sorted(now.keys() - former.keys())),
        removed=tuple(sorted(former.keys() - now.keys())),
        changed=tuple(sorted(path for path in shared if former[path] != now[path])),
        same=sum(former[path] == now[path] for path in shared),
    )


def _since_last_release(report: Report, document: Document, language: str, beside: str) -> dict[str, Any]:
    earlier = queries.earlier_releases(report)
    if not earlier:
        return {"earlier": []}
    chosen = next((one for one in earlier if one.slug == beside), earlier[0])
    return {
        "earlier": earlier,
        "beside": chosen,
        "release_changes": _changes(chosen, document, language),
        "same_people": chosen.report.waves == report.waves,
    }


def _changes(release: Release, document: Document, language: str) -> Changes:
    return changes(queries.document(release.report), document, language)
