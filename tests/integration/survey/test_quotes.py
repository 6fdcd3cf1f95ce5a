"""What of testimonies may be printed: by what their writers allowed, and never where it names a few."""

import pytest

from accounts.models import User
from survey import actions, receipts
from survey.enums import ProposalKind
from survey.instrument.validate import Facts, validate
from survey.models import Testimony
from survey.moderation import Moderated, judge, propose
from survey.queries import Quote, counts_of_testimonies, load, published_quotes
from survey.queries.testimonies import protected
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


def quoted(language: str) -> list[Quote]:
    return published_quotes("rehearsal", [1], language)


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
    assert sorted({(quote.original_language, quote.words["tst"]) for quote in spanish}, key=str) == [
        ("ja", "es of ja"), (None, "es of ja"), (None, "es of ko"),
    ]  # fmt: skip
    assert all((quote.original is None) == (quote.original_language is None) for quote in spanish)
    assert {quote.original_language for quote in quoted("en")} == {"ja"}


def test_below_ten_an_original_is_not_told_from_a_translation(people: list[User]) -> None:
    told(people, ("ja", "3", "2", "redacted"), ("es", "3", "2", "redacted"))
    assert sorted(quote.words["tst"] for quote in quoted("es")) == ["es of ja", "redacted es"]
    assert {(quote.original, quote.original_language) for quote in quoted("es")} == {(None, None)}
    assert quoted("en") == []


def test_the_group_stands_beside_a_quote_only_with_leave(people: list[User]) -> None:
    told(people, ("en", "3", "3", "redacted"), ("en", "3", "2", "rephrased"))
    groups = {quote.words["tst"]: quote.role_group for quote in quoted("en")}
    assert groups["rephrased en"] is None
    assert groups["redacted en"] is not None


def test_counts_are_protected(people: list[User]) -> None:
    told(people, *[("en", "1", "", "withheld")] * 13)
    counts = counts_of_testimonies("rehearsal", [1], ["en", "ja"])
    assert (counts.total, dict(counts.by_use)) == (15, {1: 15, 2: None, 3: None})
    assert dict(counts.by_language) == {"en": None, "ja": None}


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 41, "b": 22, "c": 12}, {"a": 40, "b": 20, "c": 10}),
        ({"a": 41, "b": 22, "c": 9}, {"a": 40, "b": None, "c": None}),
        ({"a": 41, "b": 3, "c": 9}, {"a": 40, "b": None, "c": None}),
        ({"a": 9}, {"a": None}),
    ],
)
def test_a_hidden_number_is_never_hidden_alone(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert protected(counts) == shown
