"""One address, one view, one INSERT of what was sent."""

import os

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.bench.floor import TABLE


def insert(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (receipt, document) VALUES (%s, %s::jsonb) ON CONFLICT DO NOTHING",
            [os.urandom(32), request.body.decode()],
        )
    return HttpResponse(b"stored")


urlpatterns = [path("", insert)]
