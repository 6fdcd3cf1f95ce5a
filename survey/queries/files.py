"""Where the files of the instruments lie."""

from pathlib import Path

from survey.errors import NotFound

FOLDER = Path(__file__).resolve().parent.parent / "instruments"


def folder(name: str) -> Path:
    """Raises NotFound for what is no instrument."""
    found = FOLDER / name
    if not name.replace("-", "").isalnum() or not (found / "instrument.yaml").is_file():
        raise NotFound(f"There is no instrument {name!r}.")
    return found


def all_instruments() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob("*/instrument.yaml"))
