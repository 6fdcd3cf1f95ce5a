"""What a report may say of testimonies: protected counts, and the quotes that their writers allowed.

Both wait until every text of the report's waves has been moderated. A text may still be deleted before, and two
reports, one made before that and one after, would tell so.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from survey.enums import ProposalKind
from survey.identifiers import leaves_a_trace
from survey.models import Judgement, ModeratedText, Testimony, Wave

type Words = Mapping[str, str]
"""By name of the question."""

_ROUNDING = 5
_SMALLEST = 10
"""As in the tables of a report: a cell of fewer is small. A language with fewer testimonies is never named."""
_REPHRASED_ONLY, _WORD_FOR_WORD = 2, 3
_TAG_LANGUAGE = 2

USE_LEVELS = (((1,), (2,), (3,)), ((1,), (2, 3)))
"""Consent levels, each alone, or those that allow to publish together: the first way that shows all is taken."""

# What its writer allowed (`tst_use`) -> kinds of moderated text that may be printed.
_PRINTABLE: Mapping[int, tuple[ProposalKind, ...]] = {
    _REPHRASED_ONLY: (ProposalKind.REPHRASED,),
    _WORD_FOR_WORD: ProposalKind.with_words(),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """One moderated text, as a report may print it."""

    use: int
    """What its writer allowed: 2 only rephrased, 3 word for word or translated."""
    words: Mapping[str, Words]
    """By language of the report. Where the text's own language may not be named, every one of them has it."""
    original: Words | None
    original_language: str | None
    """Both only where the writer allowed the language to be named, and enough wrote in it."""
    role_group: int | None
    """Code of what the model was to the writer, only where they allowed it."""


@dataclass(frozen=True, slots=True)
class TestimonyCounts:
    """By category, to the nearest 5; None where the number is small, or could be worked out to be."""

    total: int | None
    by_use: Mapping[tuple[int, ...], int | None]
    """By consent levels that are counted together."""
    by_language: Mapping[str, int | None]
    """Of the languages that were offered."""


@dataclass(frozen=True, slots=True)
class WaveTexts:
    """Exact counts of one wave: texts by consent level and by language, responses in all and by language."""

    uses: Mapping[int, int]
    texts: Mapping[str, int]
    """Also 0, of every language that was offered."""
    responses: int
    speakers: Mapping[str, int] | None = None
    """None where no table of a report tells them."""

    @property
    def total(self) -> int:
        return sum(self.uses.values())


def moderation_is_finished(survey_slug: str, waves: Sequence[int]) -> bool:
    """Two reviewers have agreed on every text of these waves, and none still waits to be encrypted."""
    agreed = Judgement.objects.filter(confirmed=True).values("proposal__testimony")
    waiting = Q(ciphertext__isnull=False) & ~Q(pk__in=agreed)
    return not _of_waves(survey_slug, waves).filter(waiting | Q(plain__isnull=False)).exists()


def counts_of_testimonies(
    survey_slug: str, waves: Sequence[int], languages: Collection[str], place_of_language: int | None
) -> TestimonyCounts:
    """How many texts there are of each consent level and of each of these languages that was offered.

    `place_of_language`: of the coded byte that holds a response's language, whose codes are `languages` in order.
    """
    return protected_counts([_wave(survey_slug, wave, languages, place_of_language) for wave in waves], languages)


def published_quotes(survey_slug: str, waves: Sequence[int], languages: Sequence[str]) -> list[Quote]:
    """What may be printed in a report in `languages`, in the order of the random ids.

    A text whose own language may not be named is printed where it stands in every language of the report, or else
    nowhere: the languages in which it is missing would tell which one is its own.
    """
    named = _named_languages(survey_slug, waves)
    texts = ModeratedText.objects.filter(testimony__in=_texts(survey_slug, waves))
    ordered = texts.select_related("testimony", "judgement__proposal").order_by("testimony")
    quotes = (_quote(text, languages, named) for text in ordered if _may_print(text))
    return [quote for quote in quotes if quote]


def protected_counts(waves: Sequence[WaveTexts], languages: Collection[str]) -> TestimonyCounts:
    """A number is shown where each wave could show its own.

    Reports of one survey lie inside each other or apart, so whatever is subtracted from whatever else is made of
    whole waves. No earlier report has to be looked up, and none made later can tell more.
    """
    offered = [tag for tag in languages if any(tag in wave.texts for wave in waves)]
    if not waves or not all(_may_tell_total(wave) for wave in waves):
        return TestimonyCounts(None, dict.fromkeys(USE_LEVELS[-1]), dict.fromkeys(offered))
    levels = [_summed([_by_use(wave, level) for wave in waves]) for level in USE_LEVELS]
    return TestimonyCounts(
        total=_rounded(sum(wave.total for wave in waves)),
        by_use=next((level for level in levels if None not in level.values()), levels[-1]),
        by_language=_summed([_by_language(wave, offered) for wave in waves]),
    )


def protected[K](counts: Mapping[K, int], others: Mapping[K, int] | None = None) -> dict[K, int | None]:
    """Without small numbers, and the smallest of those that are left, until those that are hidden hold ten people
    together or nothing is shown: no subtraction from the whole leaves fewer.

    `others`: how many of the same category were not counted, where that is told; neither are there fewer of them.
    """
    sides = [counts] if others is None else [counts, others]
    hidden = {key for key in counts if any(side[key] < _SMALLEST for side in sides)}
    shown = sorted(counts.keys() - hidden, key=lambda key: counts[key], reverse=True)
    while hidden and shown and any(sum(side[key] for key in hidden) < _SMALLEST for side in sides):
        hidden.add(shown.pop())
    return {key: None if key in hidden else count for key, count in counts.items()}


def _may_tell_total(wave: WaveTexts) -> bool:
    """Ten people wrote, and ten did not."""
    return wave.total >= _SMALLEST and wave.responses - wave.total >= _SMALLEST


def _by_use(wave: WaveTexts, level: tuple[tuple[int, ...], ...]) -> dict[tuple[int, ...], int | None]:
    return protected({uses: sum(wave.uses.get(use, 0) for use in uses) for uses in level})


def _by_language(wave: WaveTexts, languages: Collection[str]) -> dict[str, int | None]:
    """Of those who answered in a language and wrote nothing there are ten, too, where a table tells how many answered.
    A language that the wave did not offer has none, and tells nothing by it."""
    speakers = wave.speakers
    silent = speakers and {tag: max(0, speakers.get(tag, 0) - n) for tag, n in wave.texts.items()}
    shown = protected(wave.texts, silent)
    return {tag: shown.get(tag, 0) for tag in languages}


def _summed[K](waves: Sequence[Mapping[K, int | None]]) -> dict[K, int | None]:
    """To the nearest 5, None where one of them is."""
    found = {key: [counts[key] for counts in waves] for key in waves[0]}
    known = {key: [count for count in counts if count is not None] for key, counts in found.items()}
    return {key: _rounded(sum(known[key])) if None not in counts else None for key, counts in found.items()}


def _wave(survey_slug: str, wave: int, languages: Collection[str], place: int | None) -> WaveTexts:
    rows = list(_texts(survey_slug, [wave]).values_list("use", "language"))
    offered = Wave.objects.get(survey__slug=survey_slug, number=wave).languages
    spoken = _responses_by_byte(survey_slug, wave, place)
    by_language = {tag: spoken.get(byte, 0) for byte, tag in enumerate(languages, 1)}
    return WaveTexts(
        uses=Counter(use or 0 for use, _ in rows),
        texts={**dict.fromkeys(offered, 0), **Counter(language for _, language in rows)},
        responses=sum(spoken.values()),
        speakers=None if place is None else by_language,
    )


def _responses_by_byte(survey_slug: str, wave: int, place: int | None) -> dict[int | None, int]:
    """Responses of a sealed wave by the byte at that place, or all together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN %s::integer IS NOT NULL THEN get_byte(codes, %s) END, count(*) FROM survey_response "
            "JOIN survey_wave ON survey_wave.id = wave_id JOIN survey_survey ON survey_survey.id = survey_id "
            "WHERE slug = %s AND number = %s AND state = 'sealed' GROUP BY 1",
            [place, place, survey_slug, wave],
        )
        return dict(cursor.fetchall())


def _may_print(text: ModeratedText) -> bool:
    """Texts that an earlier version took as they were may still hold an address."""
    versions = (text.words, *text.translations.values())
    traced = any(leaves_a_trace(words) for version in versions for words in version.values())
    return text.judgement.proposal.kind in _PRINTABLE.get(text.testimony.use or 0, ()) and not traced


def _quote(text: ModeratedText, languages: Sequence[str], named: Collection[str]) -> Quote | None:
    testimony = text.testimony
    may_name = testimony.tag == _TAG_LANGUAGE and testimony.language in named
    known = {**text.translations, testimony.language: text.words}
    words = {tag: known[tag] for tag in languages if known.get(tag)}
    everywhere = all(words.get(tag, {}).keys() == text.words.keys() for tag in languages)
    if not may_name and not everywhere:
        return None
    return Quote(
        use=testimony.use or 0,
        words=words,
        original=text.words if may_name else None,
        original_language=testimony.language if may_name else None,
        role_group=testimony.role_group,
    )


def _named_languages(survey_slug: str, waves: Sequence[int]) -> frozenset[str]:
    spoken = Counter(_texts(survey_slug, waves).values_list("language", flat=True))
    return frozenset(language for language, count in spoken.items() if count >= _SMALLEST)


def _texts(survey_slug: str, waves: Sequence[int]) -> QuerySet[Testimony]:
    """Sealed texts that were not deleted."""
    return _of_waves(survey_slug, waves).filter(ciphertext__isnull=False)


def _of_waves(survey_slug: str, waves: Sequence[int]) -> QuerySet[Testimony]:
    return Testimony.objects.filter(wave__survey__slug=survey_slug, wave__number__in=waves)


def _rounded(count: int) -> int:
    return (count + _ROUNDING // 2) // _ROUNDING * _ROUNDING
