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


def test_none_of_these_excludes_what_is_asked_of_the_same_people():
    assert found("keep_00", 1, "keep_01") == {0}
    assert found("keep_01", 1, "keep_00") is None
    assert found("lost_00", 1, "lost_06") is None  # of fewer people: it is asked of those who allow sensitive questions
    assert {one.variable for one in BOOK.covers} >= {"keep_00", "cop_00", "cop_10"}


def route(variable, other):
    return next((one.codes, one.all_asked) for one in BOOK.routes if (one.variable, one.other) == (variable, other))


def test_who_is_asked_gave_certain_answers_before():
    assert route("mig", "elig") == ({1, 2, 3}, True)
    assert route("learn", "elig") == ({1, 2, 3}, False)
    assert route("gri_1", "elig") == route("gri_band", "elig") == ({1, 2}, False)
    assert route("evt_03", "mdl") == ({1, 2, 3, 4, 5}, False)
    assert route("mig_same", "mig") == ({1, 2, 3, 4, 5}, False)
    assert not any(one.variable == "age" for one in BOOK.routes)


def test_nobody_was_asked_against_a_route_or_ticked_nothing_without_saying_so():
    for row in people(3, 200):
        answers = decode(BOOK, row.tolist())
        for one in BOOK.routes:
            is_asked, gave = answers.get(one.variable, -7) != -7, answers.get(one.other) in one.codes
            assert gave or not is_asked
            assert is_asked or not (gave and one.all_asked)
        for one in BOOK.covers:
            assert answers[one.variable] != one.code or any(answers[option] == 1 for option in one.options)


def test_nobody_contradicts_a_link():
    for row in people(3, 200):
        answers = decode(BOOK, row.tolist())
        for link in BOOK.links:
            if answers[link.variable] == link.code:
                assert answers[link.other] in link.codes or str(answers[link.other]).startswith("-")
