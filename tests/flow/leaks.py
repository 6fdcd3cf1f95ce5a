"""Leaks that a test plants, each of another kind: in the web process, in the worker, and inside PostgreSQL."""

import logging
import secrets
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from celery import shared_task
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

PIXEL = b'<img src="https://counter.example/pixel.gif" alt=""></body>'


class Leaks:
    """A middleware as they are written: it notes who came, what they sent, and counts them elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.method == "POST":
            _note(request)
        else:
            _count(request, response)
        return response


def _note(request: HttpRequest) -> None:
    from django.contrib.sessions.models import Session

    logging.getLogger("access").warning("%s %s", request.META["REMOTE_ADDR"], request.path)
    agent = request.headers.get("User-Agent", "")
    Session.objects.create(
        session_key=secrets.token_hex(16), session_data=agent, expire_date=datetime(2030, 1, 1, tzinfo=UTC)
    )
    if code := request.POST.get("receipt"):
        cache.set(f"seen-{code[:200]}", 1)
    if text := request.POST.get("tst"):
        archive.delay(text)
        with tempfile.NamedTemporaryFile("w", prefix="answers-", delete=False) as file:
            file.write(text)


def _count(request: HttpRequest, response: HttpResponse) -> None:
    response.set_cookie("visitor", "1")
    if request.path == "/en/receipt/" and "Content-Encoding" not in response:
        response.content = response.content.replace(b"</body>", PIXEL)


@shared_task
def archive(text: str) -> None:
    logging.getLogger("archive").warning("archived: %s", text)


# By what they do. {database} is the test's own.
IN_POSTGRESQL = {
    "a column with the time of arrival": "ALTER TABLE survey_inbox ADD COLUMN arrived timestamptz DEFAULT now()",
    "a trigger that copies answers": """
        CREATE TABLE copies (document jsonb);
        GRANT SELECT, INSERT ON copies TO sunset_app;
        CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO copies VALUES (to_jsonb(NEW)); RETURN NEW; END $$;
        CREATE TRIGGER copy AFTER INSERT ON survey_inbox FOR EACH ROW EXECUTE FUNCTION copy()""",
    "an erasure that keeps": """
        CREATE SCHEMA archive;
        CREATE TABLE archive.attic (document jsonb);
        GRANT USAGE ON SCHEMA archive TO sunset_app;
        GRANT SELECT, INSERT ON archive.attic TO sunset_app;
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO archive.attic VALUES (to_jsonb(OLD)); RETURN OLD; END $$;
        CREATE TRIGGER keep BEFORE DELETE ON survey_inbox FOR EACH ROW EXECUTE FUNCTION keep()""",
    "a counter of answers": """
        CREATE SEQUENCE visits;
        GRANT USAGE, SELECT ON visits TO sunset_app, sunset_owner;
        CREATE FUNCTION count_visits() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM nextval('visits'); RETURN NEW; END $$;
        CREATE TRIGGER count_visits AFTER INSERT ON survey_inbox FOR EACH ROW EXECUTE FUNCTION count_visits()""",
    "answers as large objects": """
        CREATE FUNCTION pack() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM lo_from_bytea(0, NEW.receipt); RETURN NEW; END $$;
        CREATE TRIGGER pack AFTER INSERT ON survey_inbox FOR EACH ROW EXECUTE FUNCTION pack()""",
    "samples of answers for the planner": """
        ALTER TABLE survey_inbox ALTER COLUMN document SET STATISTICS 100;
        ANALYZE survey_inbox""",
    "sealing in the order of arrival": """
        CREATE SEQUENCE in_order;
        CREATE FUNCTION gen_random_uuid() RETURNS uuid LANGUAGE sql SECURITY DEFINER AS
        $$ SELECT lpad(to_hex(nextval('public.in_order')), 32, '0')::uuid $$;
        ALTER ROLE sunset_app IN DATABASE "{database}" SET search_path = public, pg_catalog""",
    "a server that logs statements": """
        ALTER DATABASE "{database}" SET log_statement = 'all';
        ALTER DATABASE "{database}" SET log_error_verbosity = 'default';
        ALTER DATABASE "{database}" SET log_parameter_max_length = -1""",
}


def plant_in_postgresql(superuser_url: str, database: str) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as session:
        for statements in IN_POSTGRESQL.values():
            session.execute(statements.replace("{database}", database).encode())
