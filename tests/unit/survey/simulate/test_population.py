"""Invented people must be plausible, the same for the same seed, and hard enough on disclosure control."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from statistics import correlation

import pytest

from survey.instrument.codebook import encode
from survey.instrument.schema import Code
from survey.instrument.score import Score, scale_rules
from survey.instrument.validate import Facts, Submission, validate
from survey.simulate.population import PACKAGED, Population, PopulationError, load_population
from survey.simulate.respondent import circumstances, fields, person
from tests.unit.survey.instrument.mris import CODEBOOK, MRIS

OF_THE_FLOW_TEST = Path(__file__).parents[3] / "population.yaml"
WAVE = Facts("", {6: "announced"})
RARE = {"role_11", "rit_04", "rit_05", "act_13"}


def submissions(population: Population, responses: int, seed: int = 1, wave: Facts = WAVE) -> list[Submission]:
    found = []
    for number in range(responses):
        someone = person(population, seed, number)
        facts = circumstances(someone, population, population.languages, wave)
        outcome = validate(MRIS, fields(someone, population, MRIS, facts), facts)
        assert outcome.submission is not None, outcome
        found.append(outcome.submission)
    return found


@pytest.fixture(scope="module", params=[PACKAGED, OF_THE_FLOW_TEST], ids=["packaged", "flow test"])
def population(request: pytest.FixtureRequest) -> Population:
    return load_population(MRIS, request.param)


@pytest.fixture(scope="module")
def people(population: Population) -> list[Submission]:
    return submissions(population, 400)


def share(values: Iterable[object], wanted: object) -> float:
    counted = Counter(values)
    return counted[wanted] / counted.total()


def too_small(people: list[Submission]) -> set[str]:
    """Variables with a cell under 10 at the coarsest level of their ladder."""
    coded = [encode(CODEBOOK, submission.answers) for submission in people]
    found = set()
    for variable in CODEBOOK.coded:
        counts = Counter(codes[variable.position or 0] for codes in coded)
        cells = [
            sum(counts[1 + at] for at in category.indexes) for category in variable.levels[variable.coarsest].categories
        ]
        if min(cells) < 10:
            found.add(variable.name)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_most_tables_can_be_shown_and_rare_answers_cannot(population: Population, seed: int) -> None:
    hidden = too_small(submissions(population, 400, seed))
    assert hidden >= RARE
    assert len(hidden) <= 0.09 * CODEBOOK.width


def test_three_to_six_percent_of_what_is_asked_is_left_blank(people: list[Submission]) -> None:
    asked = [code for one in people for code in one.answers.values() if code not in (-6, -7)]
    assert 0.03 <= share(asked, -5) <= 0.06
    assert 0.005 <= share(asked, -8) <= 0.03


def test_ten_to_fifteen_percent_leave_the_sensitive_part_out(people: list[Submission]) -> None:
    assert 0.10 <= share((one.answers["con_sens"] for one in people), 0) <= 0.15


def test_some_draw_straight_lines_and_most_do_not(people: list[Submission]) -> None:
    assert 0.025 <= share((one.answers["straight"] for one in people), 1) <= 0.08


def test_many_have_several_roles_and_some_write(people: list[Submission]) -> None:
    several = [sum(one.answers[f"role_{code:02d}"] == 1 for code in range(1, 15)) >= 2 for one in people]
    assert 0.5 <= share(several, True) <= 0.95
    assert 0.2 <= share((bool(one.texts) for one in people), True) <= 0.5


def test_every_language_of_the_population_is_spoken(population: Population, people: list[Submission]) -> None:
    assert {one.answers["lang"] for one in people} == set(population.languages)


def test_answers_go_together(people: list[Submission]) -> None:
    scales = scale_rules(MRIS)
    pairs = [(scales["ATT"].score(one.answers), scales["GRI"].score(one.answers)) for one in people]
    both = [(att.mean, gri.mean) for att, gri in pairs if isinstance(att, Score) and isinstance(gri, Score)]
    assert 0.3 <= correlation(*zip(*both, strict=True)) <= 0.8
    partner = [(one.answers["role_10"], one.answers["clo_ai"]) for one in people]
    asked = [(role, clo) for role, clo in partner if isinstance(clo, int) and clo >= 0 and role in (0, 1)]
    assert correlation(*zip(*asked, strict=True)) > 0.2


def test_the_same_seed_invents_the_same_people_whatever_their_number(population: Population) -> None:
    assert submissions(population, 20) == submissions(population, 30)[:20]
    assert submissions(population, 20) != submissions(population, 20, seed=2)


@pytest.mark.parametrize("form", ["short", "follow_up"])
def test_shorter_forms_are_answered_too(population: Population, form: str) -> None:
    codes: list[Code] = [one.answers["att_d1"] for one in submissions(population, 30, wave=replace(WAVE, form=form))]
    assert max(code for code in codes if isinstance(code, int)) > 0


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "a table is expected"),
        ("- 1", "a table is expected"),
        ("languages: [", "while parsing"),
        ("colours: {red: 1}", "unknown: colours"),
        ("skipped: 120", "120 is no percentage"),
        ("questions: {eligible: {shares: {1: 100}}}", "eligible"),
        ("questions: {elig: {shares: {7: 100}}}", "elig has no answer 7"),
        ("questions: {elig: {shares: {1: 100}, mood: 0.5}}", "loadings"),
        ("questions: {elig: {shares: {1: 100}, bond: 0.9, strain: 0.9}}", "loadings"),
        ("words: {tst: {share: 10, texts: {ja: [x]}}}", "English"),
    ],
)
def test_a_population_that_does_not_fit_is_refused(tmp_path: Path, source: str, message: str) -> None:
    file = tmp_path / "population.yaml"
    file.write_text(source)
    with pytest.raises(PopulationError, match=message):
        load_population(MRIS, file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PopulationError, match="nowhere"):
        load_population(MRIS, tmp_path / "nowhere.yaml")
