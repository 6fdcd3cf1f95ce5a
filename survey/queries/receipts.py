"""What the holder of a receipt code may see. Nobody else can name the row."""

from dataclasses import dataclass

from survey import receipts
from survey.instrument.validate import Submission
from survey.models import Inbox, Survey, Tombstone
from survey.queries.forms import FormContext, form_context


@dataclass(frozen=True, slots=True)
class StoredAnswers:
    context: FormContext
    language: str
    submission: Submission


def find_by_receipt(code: str) -> StoredAnswers | None:
    slugs = {receipts.digest(slug, code): slug for slug in Survey.objects.values_list("slug", flat=True)}
    row = Inbox.objects.select_related("wave").filter(pk__in=list(slugs)).first()
    if row is None:
        return None
    context = form_context(slugs[bytes(row.receipt)], row.wave.number)
    assert context is not None
    return StoredAnswers(context, row.language, Submission(**row.document))


def is_erased(code: str) -> bool:
    digests = [receipts.digest(slug, code) for slug in Survey.objects.values_list("slug", flat=True)]
    return Tombstone.objects.filter(pk__in=digests).exists()
