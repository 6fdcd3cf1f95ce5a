"""What all tests of the API share."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from pytest_django import Settings


@pytest.fixture(scope="session")
def openapi() -> dict[str, Any]:
    """The OpenAPI document."""
    return dict(SchemaGenerator().get_schema(public=True))


@pytest.fixture
def own_storage(storage: Path, tmp_path: Path, settings: Settings) -> Path:
    """A copy of the stored files that a test may damage."""
    shutil.copytree(storage, tmp_path / "files")
    settings.STORAGE_URL = (tmp_path / "files").as_uri()
    return tmp_path / "files"
