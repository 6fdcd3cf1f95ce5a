"""What was released, for researchers and the public."""

from django.db.models import QuerySet

from reports.enums import State
from reports.errors import NotFound
from reports.models import Release


def releases() -> QuerySet[Release]:
    """All, newest first, those superseded or retracted included: what was published stays on record."""
    return Release.objects.select_related("report", "supersedes", "superseded_by", "retraction")


def public_releases() -> QuerySet[Release]:
    """Those that stand."""
    return releases().filter(report__state=State.RELEASED)


def release(slug: str) -> Release:
    """Raises NotFound."""
    found = releases().filter(slug=slug).first()
    if found is None:
        raise NotFound(f"There is no release {slug!r}.")
    return found
