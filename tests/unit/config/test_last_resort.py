"""The log names faults of the program, and nothing that a request brought upon itself."""

import logging

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from config.middleware import LastResort


@pytest.fixture
def faults(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr("config.middleware._reported", set())
    logger = logging.getLogger("sunset.fault")
    monkeypatch.setattr(logger, "propagate", True)
    return caplog


def meet(error: Exception) -> None:
    last_resort = LastResort(lambda request: HttpResponse())
    try:
        raise error
    except Exception as raised:
        last_resort.process_exception(RequestFactory().get("/"), raised)


@pytest.mark.parametrize("error", [Http404(), PermissionDenied(), SuspiciousOperation(), BadRequest()])
def test_what_is_answered_with_a_4xx_is_no_fault(error: Exception, faults: pytest.LogCaptureFixture) -> None:
    meet(error)
    assert not faults.records


def test_a_fault_is_named_once_by_class_and_place_and_never_by_its_message(faults: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        meet(ZeroDivisionError("what somebody wrote"))
    assert len(faults.records) == 1
    assert "ZeroDivisionError at " in faults.text
    assert "what somebody wrote" not in faults.text
