"""Answers that follow from others: each link holds for whoever answers, and the known ones are found."""

from survey.instrument.codebook import decode
from tests.unit.reports.attack.releases import BOOK, people


def found(variable, code, other):
    return next(
        (one.codes for one in BOOK.links if (one.variable, one.code, one.other) == (variable, code, other)), None
    )


def test_the_main_role_was_ticked_among_the_roles():
    assert found("role_main", 7, "role_07") == {1}
    assert found("evt_main", 4, "evt_04") == {1}
    assert found("role_main", 7, "role_08") is None


def test_a_group_of_roles_follows_from_each_of_them():
    assert found("role_01", 1, "role_group") == {1, 2}
    assert found("role_14", 1, "role_group") == {2, 3}
    assert found("role_12", 1, "role_group") is None


def test_a_collective_act_and_a_mark_follow_from_some_of_theirs():
    assert {one.variable for one in BOOK.links if one.other == "act_coll"} == {
        f"act_{at:02d}" for at in (1, 2, 4, 5, 9)
    }
    assert {one.variable for one in BOOK.links if one.other == "flagged"} == {"unproven", "straight", "fast"}


def test_nobody_contradicts_a_link():
    for row in people(3, 200):
        answers = decode(BOOK, row.tolist())
        for link in BOOK.links:
            if answers[link.variable] == link.code:
                assert answers[link.other] in link.codes or str(answers[link.other]).startswith("-")
