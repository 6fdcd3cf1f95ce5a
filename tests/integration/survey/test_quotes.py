"""What of testimonies may be printed: by what their writers allowed, and never where it names a few."""

import pytest

from accounts.models import User
from survey import actions, receipts
from survey.enums import ProposalKind
from survey.errors import Invalid
from survey.instrument.validate import Facts, validate
from survey.models import Testimony, Wave
from survey.moderation import Moderated, judge, propose
from survey.moderation.reading import Opened
from survey.queries import (
    Quote,
    codebook,
    counts_of_testimonies,
    load,
    moderation_is_finished,
    published_quotes,
    testimonies,
)
from survey.queries.testimonies import WaveTexts, protected, protected_counts
from tests.cast import CONSENT, SHELL, open_rehearsal
from tests.readers import PASSPHRASE, readers

type Row = tuple[str, str, str, str]
"""(language, use, tag, kind)"""


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> list[User]:
    monkeypatch.setattr("survey.actions.sealing.rewrite_stores", lambda *_: None)
    return readers()


def told(people: list[User], *rows: Row) -> None:
    """A sealed wave with these texts, each moderated as its kind says; translated into Spanish."""
    wave = open_rehearsal()
    for language, use, tag, _ in rows:
        fields = {**CONSENT, "mdl": ["1"], "role": ["7"], "tst": [f"{language} words"], "tst_use": [use]}
        fields |= {"tst_tag": [tag]} if tag else {}
        outcome = validate(load("mris"), fields, Facts(language=language, events={6: "announced"}))
        assert outcome.submission
        actions.submit(wave.pk, "rehearsal", language, outcome.submission, receipts.make())
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)
    for language, use, tag, kind in rows:
        waiting = Testimony.objects.filter(language=language, use=int(use), proposals=None)
        found = waiting.filter(tag=int(tag)) if tag else waiting
        moderated = Moderated({"tst": f"{kind} {language}"}, {"es": {"tst": f"es of {language}"}})
        testimony = found[0]
        propose(people[0], PASSPHRASE, testimony.pk, 1, ProposalKind(kind), moderated)
        judge(people[1], PASSPHRASE, testimony.pk, 1, True, "")


def quoted(*languages: str) -> list[Quote]:
    return published_quotes("rehearsal", [1], languages)


def said(language: str, *languages: str) -> list[str]:
    """What a report in these languages quotes in the first of them."""
    return sorted(quote.words[language]["tst"] for quote in quoted(language, *languages))


@pytest.mark.parametrize(
    ("use", "kind", "printed"),
    [
        ("1", "as_is", False), ("1", "rephrased", False),
        ("2", "as_is", False), ("2", "redacted", False), ("2", "rephrased", True),
        ("3", "as_is", True), ("3", "redacted", True), ("3", "rephrased", True), ("3", "withheld", False),
    ],
)  # fmt: skip
def test_only_what_its_writer_allowed_is_printed(people: list[User], use: str, kind: str, printed: bool) -> None:
    told(people, ("en", use, "" if use == "1" else "1", kind))
    assert bool(quoted("en")) == printed


def test_a_language_is_named_only_where_allowed_and_where_ten_wrote_in_it(people: list[User]) -> None:
    told(people, *[("ja", "3", "2", "as_is")] * 9, ("ja", "3", "1", "redacted"), ("ko", "3", "2", "redacted"))
    spanish = quoted("es")
    assert sorted({(quote.original_language, quote.words["es"]["tst"]) for quote in spanish}, key=str) == [
        ("ja", "es of ja"), (None, "es of ja"), (None, "es of ko"),
    ]  # fmt: skip
    assert all((quote.original is None) == (quote.original_language is None) for quote in spanish)
    assert {quote.original_language for quote in quoted("en")} == {"ja"}
    assert {quote.original_language for quote in quoted("es", "ja")} == {"ja", None}


def test_below_ten_an_original_is_not_told_from_a_translation(people: list[User]) -> None:
    told(people, ("ja", "3", "2", "redacted"), ("es", "3", "2", "redacted"))
    assert said("es") == ["es of ja", "redacted es"]
    assert {(quote.original, quote.original_language) for quote in quoted("es")} == {(None, None)}
    assert quoted("en") == []


def test_a_language_that_may_not_be_named_is_not_told_by_where_a_text_is_missing(people: list[User]) -> None:
    told(people, ("ja", "3", "1", "redacted"))
    assert said("es", "ja") == ["es of ja"]
    assert quoted("es", "ja", "en") == []


def test_the_group_stands_beside_a_quote_only_with_leave(people: list[User]) -> None:
    told(people, ("en", "3", "3", "redacted"), ("en", "3", "2", "rephrased"))
    groups = {quote.words["en"]["tst"]: quote.role_group for quote in quoted("en")}
    assert groups["rephrased en"] is None
    assert groups["redacted en"] is not None


def test_nothing_is_counted_where_nearly_everybody_wrote(people: list[User]) -> None:
    told(people, *[("en", "1", "", "withheld")] * 13)
    counts = counts_of_testimonies("rehearsal", [1], ["en", "ja"], None)
    assert (counts.total, dict(counts.by_use)) == (None, {(1,): None, (2, 3): None})


def test_responses_are_counted_by_the_byte_of_their_language(people: list[User]) -> None:
    told(people, *[("en", "1", "", "withheld")] * 2, ("ja", "1", "", "withheld"))
    place = codebook("mris")["lang"].position
    spoken = list(map(str, codebook("mris")["lang"].codes))
    found = testimonies._wave("rehearsal", 1, spoken, place)
    assert found.speakers is not None
    assert (found.speakers["en"], found.speakers["ja"], found.responses, found.total) == (2, 1, 3, 3)


def test_moderation_ends_when_two_people_have_agreed_on_every_text(people: list[User]) -> None:
    told(people, ("en", "3", "1", "redacted"))
    assert moderation_is_finished("rehearsal", [1])
    Testimony.objects.create(wave_id=Testimony.objects.get().wave_id, use=3, ciphertext=b"c", for_readers=b"k")
    assert not moderation_is_finished("rehearsal", [1])


def test_a_text_with_an_address_in_it_is_not_agreed_on(people: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    told(people)
    wave = Wave.objects.get()
    testimony = Testimony.objects.create(wave=wave, language="en", use=3, ciphertext=b"c", for_readers=b"k")
    moderated = Moderated({"tst": "Write to me＠example.org"}, {})
    opened = Opened(testimony, bytes(32), b"", None)
    monkeypatch.setattr(Opened, "texts", lambda _: {"tst": "Write to me＠example.org"})
    monkeypatch.setattr("survey.moderation.deciding.open_again", lambda *_: opened)
    with pytest.raises(Invalid, match="holds an address"):
        propose(people[0], PASSPHRASE, testimony.pk, 1, ProposalKind.AS_IS, moderated)


def wave_texts(uses: dict[int, int], texts: dict[str, int], responses: int = 400, **speakers: int) -> WaveTexts:
    return WaveTexts(uses, texts, responses, speakers or None)


def test_consent_levels_are_counted_together_where_one_is_small() -> None:
    counts = protected_counts([wave_texts({1: 20, 2: 4, 3: 30}, {"en": 54})], ["en"])
    assert (counts.total, counts.by_use) == (55, {(1,): 20, (2, 3): 35})
    assert protected_counts([wave_texts({1: 20, 2: 14, 3: 30}, {"en": 64})], ["en"]).by_use == {
        (1,): 20, (2,): 15, (3,): 30,
    }  # fmt: skip


def test_a_language_is_counted_only_where_ten_speakers_wrote_and_ten_did_not() -> None:
    one = wave_texts({1: 60}, {"en": 30, "ja": 15, "ko": 15}, en=200, ja=24, ko=50)
    assert protected_counts([one], ["en", "ja", "ko"]).by_language == {"en": 30, "ja": None, "ko": None}


def test_languages_in_which_nobody_wrote_hide_no_other() -> None:
    """All but two of the Germans wrote: who takes the English texts from all must not be told so."""
    texts = {"en": 100, "de": 48, "ja": 0, "zh-Hans": 0}
    counts = protected_counts([wave_texts({1: 148}, texts, en=350, de=50)], list(texts))
    assert counts.by_language == dict.fromkeys(texts)
    enough = protected_counts([wave_texts({1: 148}, texts, en=350, de=50, ja=40)], list(texts))
    assert enough.by_language == {**dict.fromkeys(texts), "en": 100}


def test_no_number_of_two_waves_tells_a_small_one_of_either() -> None:
    waves = [wave_texts({1: 40}, {"en": 25, "ja": 15}), wave_texts({1: 40}, {"en": 36, "ja": 4})]
    both, (first, second) = (
        protected_counts(waves, ["en", "ja"]),
        [protected_counts([one], ["en", "ja"]) for one in waves],
    )
    assert first.by_language == {"en": 25, "ja": 15}
    assert second.by_language == both.by_language == {"en": None, "ja": None}
    assert protected_counts([waves[0], wave_texts({1: 4}, {"en": 4})], ["en"]).total is None


def test_a_language_that_one_wave_did_not_offer_hides_nothing() -> None:
    waves = [wave_texts({1: 40}, {"en": 25, "ja": 15}), wave_texts({1: 40}, {"en": 40})]
    assert protected_counts(waves, ["en", "ja", "ko"]).by_language == {"en": 65, "ja": 15}


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 41, "b": 22, "c": 12}, {"a": 41, "b": 22, "c": 12}),
        ({"a": 41, "b": 22, "c": 9}, {"a": 41, "b": None, "c": None}),
        ({"a": 41, "b": 3, "c": 9}, {"a": 41, "b": None, "c": None}),
        ({"a": 41, "b": 22, "c": 3, "d": 4}, {"a": 41, "b": None, "c": None, "d": None}),
        ({"a": 41, "b": 0}, {"a": None, "b": None}),
        ({"a": 9}, {"a": None}),
    ],
)
def test_a_hidden_number_is_never_hidden_alone(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert protected(counts) == shown
