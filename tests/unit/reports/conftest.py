import pytest

from reports.disclosure import protect
from reports.plan import load_plan
from reports.tabulate import count, workload
from tests.unit.reports.small import BOOK, PLAN, responses


@pytest.fixture
def make_plan(tmp_path):
    def make(source=PLAN):
        path = tmp_path / "small.yaml"
        path.write_text(source, encoding="utf-8")
        return load_plan(path, BOOK)

    return make


@pytest.fixture
def cube_of(make_plan):
    """Count `n` people who answered as `counts` says (see `small.responses`)."""

    def make(n, counts, plan=None, waves=("small/1",)):
        return count([responses(n, counts)], workload(plan or make_plan(), BOOK), waves)

    return make


@pytest.fixture
def protected(make_plan, cube_of):
    def make(n, counts, plan=None, earlier=(), waves=("small/1",)):
        plan = plan or make_plan()
        return protect(cube_of(n, counts, plan, waves), plan, BOOK, earlier)

    return make
