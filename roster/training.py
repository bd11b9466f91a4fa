"""What leaves a training server says so: on paper and in calendars there is no banner (R-025)."""

from django.conf import settings


def marked(title: str) -> str:
    return f"TRAINING: {title}" if settings.TRAINING else title
