import secrets
from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings: Settings) -> None:
    """Storage, folder of copies and key of the test's own."""
    settings.STORAGE_URL = (tmp_path / "storage").as_uri()
    settings.BACKUP_FOLDER = str(tmp_path / "copies")
    settings.BACKUP_KEY = secrets.token_hex(32)
