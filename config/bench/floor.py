"""The floors: a bare WSGI application that sends given bytes, and a bare Django view that does one INSERT."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

TABLE = "bench_floor"
ANSWER = "FLOOR_ANSWER"
"""The environment variable that names the folder of the bytes to be sent: `headers.json` and `body`."""


def fixed() -> Callable[..., Iterable[bytes]]:
    folder = Path(os.environ[ANSWER])
    headers = [(str(name), str(value)) for name, value in json.loads((folder / "headers.json").read_text())]
    body = (folder / "body").read_bytes()

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return [body]

    return application


def one_insert() -> Callable[..., Iterable[bytes]]:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    from config.settings import DATABASES

    settings.configure(
        DATABASES=DATABASES, ROOT_URLCONF=__name__ + "_urls", ALLOWED_HOSTS=["*"], SECRET_KEY="floor", MIDDLEWARE=[]
    )
    return get_wsgi_application()
