"""A live wave opens in a language only when people have reviewed what must not be misunderstood."""

from dataclasses import replace

import pytest

from survey.instrument.load import load_instrument
from survey.instrument.opening import unreviewed
from survey.instrument.texts import load_catalogue
from survey.queries.files import FOLDER

MRIS = load_instrument(FOLDER / "mris")
CHINESE = load_catalogue(MRIS, FOLDER / "mris", "zh-Hans")


@pytest.mark.parametrize(
    "key",
    ["information", "con_sens", "END_MINOR", "support", "prefer_not_to_say", "att_s1", "att_s1@current", "agree.1",
     "gri_3@changed", "often.0", "role.10", "rit", "cop.3", "tst_use.3", "tst_tag.3@current"],
)  # fmt: skip
def test_drafts_of_consent_support_scales_and_sensitive_texts_hold_it_back(key: str) -> None:
    assert key in unreviewed(MRIS, CHINESE)


@pytest.mark.parametrize("key", ["mdl.1", "freq", "P2.title", "acc.1"])
def test_other_drafts_do_not(key: str) -> None:
    assert key not in unreviewed(MRIS, CHINESE)


def test_it_opens_when_they_are_reviewed() -> None:
    reviewed = replace(CHINESE, statuses=dict.fromkeys(CHINESE.keys, "reviewed"))

    assert unreviewed(MRIS, reviewed) == []


def test_one_outdated_text_is_enough_to_hold_it_back() -> None:
    statuses = {**dict.fromkeys(CHINESE.keys, "reviewed"), "con_store": "outdated"}

    assert unreviewed(MRIS, replace(CHINESE, statuses=statuses)) == ["con_store"]


def test_the_source_language_needs_no_translation_review() -> None:
    assert unreviewed(MRIS, load_catalogue(MRIS, FOLDER / "mris", "en")) == []
