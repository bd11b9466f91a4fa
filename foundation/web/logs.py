"""Logs: one JSON object a line on standard output, from our code and from every package, free of personal data."""

import logging
import logging.config
import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

SECRET_KEYS = re.compile(
    r"password|token|secret|cookie|authorization|api_?key|session_?key|body|payload|answer|comment|email|e_mail|"
    r"first_?name|last_?name|full_?name|address|phone|postcode",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:=]+")
DATABASE_DETAIL = re.compile(r"\b(DETAIL|CONTEXT):.*", re.DOTALL)
"""PostgreSQL quotes the row that it refused: "Failing row contains (...)"."""
HIDDEN = "[hidden]"


def scrub(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Hide the values of telling keys, and e-mail addresses anywhere else."""
    return {key: HIDDEN if SECRET_KEYS.search(key) else _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return EMAIL.sub(HIDDEN, DATABASE_DETAIL.sub(HIDDEN, value))
    if isinstance(value, dict):
        return {key: HIDDEN if SECRET_KEYS.search(str(key)) else _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_clean(item) for item in value]
    return value if isinstance(value, int | float | bool | None) else EMAIL.sub(HIDDEN, str(value))


def drop_request(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Django hangs the whole request on its records; it is full of personal data and no JSON."""
    for key in ("request", "server_time", "status_code", "taskName"):
        event.pop(key, None)
    return event


# Without the values of local variables: they are what people typed.
TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    structlog.processors.StackInfoRenderer(),
]


def configure(config: dict[str, Any]) -> None:
    """Set up structlog and the standard library's logging; called by Django as LOGGING_CONFIG."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*SHARED, structlog.stdlib.PositionalArgumentsFormatter()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            drop_request,
            TRACEBACKS,
            scrub,
            structlog.processors.JSONRenderer(),
        ],
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": lambda: formatter}},
            "handlers": {
                "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}
            },
            "root": {"handlers": ["stdout"], "level": "INFO"},
            "loggers": {
                "django": {"level": "INFO", "propagate": True, "handlers": []},
                # Our own line says it: with the name of the route instead of its address, which may hold a token.
                "django.request": {"level": "CRITICAL"},
                "django.server": {"level": "CRITICAL"},
                "django.security.csrf": {"level": "CRITICAL"},
                # Every five seconds a job looks for jobs that stalled: what jobs did is in our own lines.
                "procrastinate": {"level": "WARNING"},
                "httpx": {"level": "WARNING"},
            },
            **config,
        }
    )
