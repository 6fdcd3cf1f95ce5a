"""A worker that dies gives its work back by doing nothing; one that comes late changes nothing."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from reports.errors import LeaseLost
from reports.leases import claim, held
from reports.models import Report
from tests.integration.reports.cast import queued

pytestmark = pytest.mark.django_db


def let_expire(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_one_gets_it() -> None:
    queued()
    assert claim(Report.objects.all()) is not None
    assert claim(Report.objects.all()) is None


def test_a_lease_that_ran_out_is_taken_over_with_a_higher_number() -> None:
    report = queued()
    first = claim(Report.objects.all())
    let_expire(report)
    second = claim(Report.objects.all())
    assert first is not None
    assert second is not None
    assert second.fence > first.fence


def test_the_former_holder_writes_nothing() -> None:
    report = queued()
    former = claim(Report.objects.all())
    let_expire(report)
    present = claim(Report.objects.all())
    assert former is not None
    assert present is not None
    with pytest.raises(LeaseLost):
        former.update(stage="storing")
    former.release()
    report.refresh_from_db()
    assert report.stage == "waiting"
    assert report.lease_until is not None
    present.update(stage="storing")


def test_it_is_given_back_after_an_error_too() -> None:
    queued()
    lease = claim(Report.objects.all())
    assert lease is not None
    with pytest.raises(ZeroDivisionError), held(lease):
        raise ZeroDivisionError
    assert claim(Report.objects.all()) is not None


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    report = queued()
    Report.objects.filter(pk=report.pk).update(lease_until=timezone.now() + timedelta(days=2))
    assert claim(Report.objects.all()) is not None
