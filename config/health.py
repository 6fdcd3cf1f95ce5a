"""For operators and their load balancers: is the process alive, and can it do its work?"""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from config.celery import app
from config.tasks import BEAT_SEEN
from reports import storage


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database, broker, storage and scheduler answer, else 503; each by name."""
    checks = {name: _passes(check) for name, check in _CHECKS.items()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _passes(check: Callable[[], object]) -> bool:
    try:
        return bool(check())
    except Exception:
        # Whatever is wrong with a service, the answer is that it is not ready.
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM survey_wave LIMIT 1")
    return True


def _broker() -> bool:
    with app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return True


_CHECKS: dict[str, Callable[[], object]] = {
    "database": _database,
    "broker": _broker,
    "storage": lambda: storage.store().is_writable(),
    "beat": lambda: cache.get(BEAT_SEEN),
}
