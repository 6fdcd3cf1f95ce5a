"""Log lines as JSON on standard error. Nothing that a respondent's request causes may become one."""

import logging
from typing import Any

import structlog


class NoRespondentRequests(logging.Filter):
    """Drops what Django logs about single requests (refused, not found, failed): it names path and time.

    Staff pages lose these lines too; their actions stand in the audit log, and faults are reported by `LastResort`.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.name.startswith(("django.request", "django.security", "django.server", "django.db"))


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_respondent_requests": {"()": NoRespondentRequests}},
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        },
        "fault": {"format": '{"event": "fault", "message": "%(message)s"}'},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["no_respondent_requests"]},
        "fault": {"class": "logging.StreamHandler", "formatter": "fault"},
    },
    "loggers": {"sunset.fault": {"handlers": ["fault"], "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
