"""What the holder of a receipt code may see. Nobody else can name the row."""

from dataclasses import dataclass

from survey import receipts
from survey.instrument.validate import Submission
from survey.models import Inbox, Survey, Tombstone
from survey.queries.forms import FormContext, WaveInfo, form_context
from survey.sealed_texts import associated, content_key_for_receipt, open_texts


@dataclass(frozen=True, slots=True)
class StoredAnswers:
    context: FormContext
    wave: WaveInfo
    language: str
    submission: Submission


def find_by_receipt(code: str, survey_slug: str | None = None) -> StoredAnswers | None:
    """The unsealed answers under this code: in the named survey, else in any."""
    slugs = _slugs_by_digest(code, survey_slug)
    row = Inbox.objects.select_related("wave__survey").filter(pk__in=list(slugs)).first()
    if row is None:
        return None
    context = form_context(slugs[bytes(row.receipt)], row.wave.number)
    assert context is not None
    assert context.wave is not None  # a wave that holds answers has begun
    return StoredAnswers(context, context.wave, row.language, stored_submission(row, code))


def stored_submission(row: Inbox, code: str) -> Submission:
    """What was sent, with its texts. `row` with its wave and survey. Raises Unreadable for another row's code."""
    answers, texts = row.document["answers"], row.document.get("texts", {})
    if row.ciphertext is not None and row.for_receipt is not None:
        about = associated(row.wave.survey.slug, row.wave.number)
        key = content_key_for_receipt(bytes(row.for_receipt), code, about)
        texts = open_texts(bytes(row.ciphertext), key, about)
    return Submission(answers, texts)


def is_erased(code: str, survey_slug: str | None = None) -> bool:
    return Tombstone.objects.filter(pk__in=list(_slugs_by_digest(code, survey_slug))).exists()


def knows_receipt(code: str, survey_slug: str) -> bool:
    """Whether answers were stored under this code, be they erased since or not."""
    digest = receipts.digest(survey_slug, code)
    return Inbox.objects.filter(pk=digest).exists() or Tombstone.objects.filter(pk=digest).exists()


def _slugs_by_digest(code: str, survey_slug: str | None) -> dict[bytes, str]:
    slugs = Survey.objects.values_list("slug", flat=True) if survey_slug is None else [survey_slug]
    return {receipts.digest(slug, code): slug for slug in slugs}
