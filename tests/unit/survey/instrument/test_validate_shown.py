"""What a page shows for answers that may be unfinished or wrong."""

from dataclasses import replace

from survey.instrument.validate import relevance
from tests.unit.survey.instrument.small import FACTS, MIDDLE, SMALL


def test_relevance_tells_what_a_page_shows_even_with_errors() -> None:
    shown = relevance(SMALL, {"con_sens": ["1"], "elig": ["2"], "role": ["1", "2"], "att_a": ["oops"]}, FACTS)
    assert shown.pages == {"begin", "middle", "hidden", "words"}
    assert shown.asks("best")
    assert shown.asks("att_b")
    assert not shown.asks("line")
    assert shown.offered["best"] == {1, 2}
    assert shown.text(MIDDLE.items[1].text).source == "what it is"
    assert shown.text(MIDDLE.items[0].text).source == "elig"
    assert shown.pipes["model"].source == "o2"
    assert shown.notes == frozenset()


def test_relevance_before_any_answer() -> None:
    shown = relevance(SMALL, {}, replace(FACTS, events={6: "announced"}))
    assert shown.pages == {"begin", "middle", "words"}
    assert shown.offered["role"] == {1, 2, 0}
    assert shown.notes == {("middle", 1)}
    assert shown.below == {("role", 1)}
    assert (shown.pipes["model"].source, shown.pipes["Model"].source) == ("neutral", "Neutral")


def test_relevance_names_what_a_rule_has_set() -> None:
    shown = relevance(SMALL, {"con_sens": ["1"], "role": ["10"]}, FACTS)
    assert not shown.asks("best")
    assert shown.given_by_rule == {"best": 10}


def test_a_text_that_is_too_long_still_counts_as_written() -> None:
    assert relevance(SMALL, {"con_sens": ["1"], "tst": ["x" * 99]}, FACTS).asks("tst_use")
