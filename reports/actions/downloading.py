"""Who took which file: of a release, or of a report that is not one yet."""

from accounts.actions import record
from accounts.actors import Actor
from accounts.models import User
from reports.models import Artifact


def note_download(actor: User, artifact: Artifact) -> None:
    record(
        Actor.of(actor),
        "file.downloaded",
        f"report:{artifact.report_id}",
        round=artifact.round,
        path=artifact.path,
        sha256=artifact.sha256,
    )
