"""Every column has a data class, and every class stands for a column that exists."""

import pytest
from django.apps import apps
from django.db.models import Model

from config.data_classes import DATA_CLASSES
from survey.enums import DataClass

MODELS = {f"{model._meta.app_label}.{model.__name__}": model for model in apps.get_models()}


def columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_column_is_classified(name: str) -> None:
    classified = set(DATA_CLASSES.get(name, {}))

    assert classified == {"*"} or classified == columns(MODELS[name])


def test_no_class_is_left_of_a_table_that_is_gone() -> None:
    assert set(DATA_CLASSES) <= set(MODELS)


@pytest.mark.parametrize("name", ["survey.Inbox", "survey.Tombstone"])
def test_nothing_of_an_unsealed_answer_leaves(name: str) -> None:
    assert set(DATA_CLASSES[name].values()) == {DataClass.NEVER_LEAVES}
