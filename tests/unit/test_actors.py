"""Who writes is always named: every action of staff and services takes an actor; what respondents do takes none."""

import inspect
from collections.abc import Callable

import pytest

from accounts import actions as accounts_actions
from reports import actions as reports_actions
from survey import actions as survey_actions

BY_RESPONDENTS = {"submit", "correct", "erase"}


def public_functions(module: object) -> dict[str, Callable[..., object]]:
    names = getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")])
    functions = {name: getattr(module, name) for name in names}
    return {name: one for name, one in functions.items() if inspect.isfunction(inspect.unwrap(one))}


ACTIONS = {
    f"{module.__name__}.{name}": function
    for module in (accounts_actions, survey_actions, reports_actions)
    for name, function in public_functions(module).items()
    if function.__module__.startswith(module.__name__)
}


def test_all_three_apps_have_actions() -> None:
    assert {name.partition(".")[0] for name in ACTIONS} == {"accounts", "survey", "reports"}
    assert len(ACTIONS) > 15


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_an_action_takes_its_actor_first(name: str) -> None:
    first = next(iter(inspect.signature(ACTIONS[name]).parameters))

    assert (first == "actor") == (name.rpartition(".")[2] not in BY_RESPONDENTS)
