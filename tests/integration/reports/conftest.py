"""What all tests of reports share."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from reports.actions import computing, files


@pytest.fixture(autouse=True, scope="session")
def protected_once() -> Iterator[None]:
    """The same counts are protected alike, and that is slow: once per process."""
    protect, known = computing.protect, dict[tuple[Any, ...], Any]()

    def remembered(exact: Any, plan: Any, codebook: Any, earlier: Any) -> Any:
        key = (exact.to_bytes(), plan.digest, codebook.instrument, *(one.to_json() for one in earlier))
        if key not in known:
            known[key] = protect(exact, plan, codebook, earlier)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(computing, "protect", remembered)
        yield


@pytest.fixture(autouse=True, scope="session")
def rendered_once() -> Iterator[None]:
    """Reports of the same answers have the same files, and rendering is slow: each is rendered once per process."""
    render, known = files.render_files, dict[tuple[Any, ...], dict[str, bytes]]()

    def remembered(protected: Any, plan: Any, codebook: Any, texts: Any, meta: Any, beside: Any) -> dict[str, bytes]:
        key = (protected.to_json(), plan.digest, codebook.instrument, tuple(texts), meta, json.dumps(beside))
        if key not in known:
            known[key] = render(protected, plan, codebook, texts, meta, beside)
        return dict(known[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "render_files", remembered)
        yield
