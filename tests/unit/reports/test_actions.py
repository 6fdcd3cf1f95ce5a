import inspect

import pytest

from reports import actions


@pytest.mark.parametrize("name", actions.__all__)
def test_every_write_takes_an_actor_first(name: str) -> None:
    assert next(iter(inspect.signature(getattr(actions, name)).parameters)) == "actor"


def test_every_public_function_of_the_package_is_listed() -> None:
    public = {name for name, value in vars(actions).items() if inspect.isfunction(value)}
    assert public == set(actions.__all__)
