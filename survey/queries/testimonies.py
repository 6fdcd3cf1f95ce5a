"""What a report may say of testimonies: protected counts, and the quotes that their writers allowed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from survey.enums import ProposalKind
from survey.models import ModeratedText, Testimony

type Words = Mapping[str, str]
"""By name of the question."""

_ROUNDING = 5
_SMALLEST = 10
"""As in the tables of a report: a cell of fewer is small."""
_NAMED = 10
"""A language with fewer testimonies is never named beside one."""
_REPHRASED_ONLY, _WORD_FOR_WORD = 2, 3
_TAG_LANGUAGE = 2

# What its writer allowed (`tst_use`) -> kinds of moderated text that may be printed.
_PRINTABLE: Mapping[int, tuple[ProposalKind, ...]] = {
    _REPHRASED_ONLY: (ProposalKind.REPHRASED,),
    _WORD_FOR_WORD: ProposalKind.with_words(),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """One moderated text, as a report in one language may print it."""

    words: Words
    """In the language of the report."""
    original: Words | None
    original_language: str | None
    """Both only where the writer allowed the language to be named, and enough wrote in it."""
    role_group: int | None
    """Code of what the model was to the writer, only where they allowed it."""


@dataclass(frozen=True, slots=True)
class TestimonyCounts:
    """By category, to the nearest 5; None where the number is small, or could be worked out to be."""

    total: int | None
    by_use: Mapping[int, int | None]
    by_language: Mapping[str, int | None]


def counts_of_testimonies(survey_slug: str, waves: Sequence[int], languages: Sequence[str]) -> TestimonyCounts:
    """How many texts there are of each consent level and of each of these languages."""
    rows = list(_texts(survey_slug, waves).values_list("use", "language"))
    uses, spoken = Counter(use for use, _ in rows), Counter(language for _, language in rows)
    return TestimonyCounts(
        total=_rounded(len(rows)) if len(rows) >= _SMALLEST else None,
        by_use=protected({use: uses[use] for use in (1, 2, 3)}),
        by_language=protected({tag: spoken[tag] for tag in languages}),
    )


def published_quotes(survey_slug: str, waves: Sequence[int], language: str) -> list[Quote]:
    """What may be printed in a report in `language`, in the order of the random ids: which says nothing.

    A text without words in that language is left out, unless its own language may be named. An original and a
    translation are not told apart unless the writer allowed the language to be named and at least ten wrote in it.
    """
    named = _named_languages(survey_slug, waves)
    texts = ModeratedText.objects.filter(testimony__in=_texts(survey_slug, waves))
    ordered = texts.select_related("testimony", "judgement__proposal").order_by("testimony")
    return [quote for text in ordered for quote in _quotes(text, language, named)]


def protected[K](counts: Mapping[K, int]) -> dict[K, int | None]:
    """Small numbers are hidden, and with a single one the smallest of the others, so that no subtraction finds it."""
    hidden = {key for key, count in counts.items() if count < _SMALLEST}
    if len(hidden) == 1:
        others = {key: count for key, count in counts.items() if key not in hidden}
        hidden |= {min(others, key=lambda key: others[key])} if others else set()
    return {key: None if key in hidden else _rounded(count) for key, count in counts.items()}


def _quotes(text: ModeratedText, language: str, named: frozenset[str]) -> Iterator[Quote]:
    testimony = text.testimony
    if text.judgement.proposal.kind not in _PRINTABLE.get(testimony.use or 0, ()):
        return
    may_name = testimony.tag == _TAG_LANGUAGE and testimony.language in named
    words = text.words if testimony.language == language else text.translations.get(language)
    if words or may_name:
        yield Quote(
            words=words or {},
            original=text.words if may_name else None,
            original_language=testimony.language if may_name else None,
            role_group=testimony.role_group,
        )


def _named_languages(survey_slug: str, waves: Sequence[int]) -> frozenset[str]:
    spoken = Counter(_texts(survey_slug, waves).values_list("language", flat=True))
    return frozenset(language for language, count in spoken.items() if count >= _NAMED)


def _texts(survey_slug: str, waves: Sequence[int]) -> QuerySet[Testimony]:
    """Sealed texts that were not deleted."""
    found = Testimony.objects.filter(wave__survey__slug=survey_slug, wave__number__in=waves)
    return found.filter(ciphertext__isnull=False)


def _rounded(count: int) -> int:
    return (count + _ROUNDING // 2) // _ROUNDING * _ROUNDING
