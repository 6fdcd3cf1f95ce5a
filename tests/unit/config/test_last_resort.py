"""The log names faults of the program, and nothing that a request brought upon itself."""

import logging

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from config.logs import class_and_place
from config.middleware import LastResort
from survey import receipts


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


def test_a_fault_inside_a_library_is_also_placed_in_our_own_code() -> None:
    with pytest.raises(TypeError) as caught:
        receipts.normalise(b"bytes are no code")  # type: ignore[arg-type]

    assert "TypeError in survey/receipts.py:" in class_and_place(caught.value)


def test_a_fault_that_follows_from_another_names_both_classes() -> None:
    try:
        raise ValueError("words") from KeyError("more words")
    except ValueError as error:
        said = class_and_place(error)

    assert said.startswith("ValueError (KeyError) at ")
    assert "words" not in said
