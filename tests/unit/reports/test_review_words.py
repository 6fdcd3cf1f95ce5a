"""Nothing on the review page is told by its name in the code."""

from reports.disclosure import PARAMETERS as RULES
from reports.disclosure.reasons import Tier
from reports.enums import State, Verdict
from reports.pages.turns import BY_STATE
from reports.pages.words import ACTS, EFFECTS, PARAMETERS, STATES, TIERS
from reports.transitions import TRANSITIONS


def test_every_change_of_state_has_words():
    assert {one.audit for one in TRANSITIONS} <= set(ACTS)


def test_every_state_has_a_name_and_a_turn():
    assert set(STATES) == set(BY_STATE) == set(State)


def test_every_verdict_says_what_follows_from_it():
    assert set(EFFECTS) == set(Verdict)


def test_every_rule_and_tier_has_words():
    assert set(PARAMETERS) == set(RULES)
    assert set(TIERS) == set(Tier)
