"""Feedback from the public page. Kept whole: the former service kept only the score and the comments."""

from django.db import models

from foundation import clock


class PublicFeedback(models.Model):
    """``page`` is empty when it is about the whole service. Name, e-mail and phone are given by choice."""

    impersonal = frozenset({"about"})

    class About(models.TextChoices):
        PAGE = "page", "A page"
        SERVICE = "service", "The whole service"

    about = models.CharField(max_length=7, choices=About.choices)
    page = models.CharField(max_length=500, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="5 very satisfied to 1; may be left out")
    comments = models.TextField(max_length=1200, blank=True)
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"feedback {self.pk}"
