"""The public feedback page keeps everything that people give (deputy-people 12)."""

import pytest
from django.test import Client as Browser

from reporting.home.feedback.models import PublicFeedback

pytestmark = pytest.mark.django_db
GIVEN = {
    "about": "page", "page": "Bank accounts", "score": "2", "comments": "The list is long", "name": "Zoë",
    "email": "zoe@example.org", "phone": "01632 960001",
}  # fmt: skip


@pytest.mark.defect("people 12", "public feedback drops everything but the score and the comments")
def test_everything_is_kept(client: Browser) -> None:
    assert client.post("/feedback", GIVEN)["Location"] == "/feedback/sent"
    row = PublicFeedback.objects.get()
    assert {name: str(getattr(row, name)) for name in GIVEN} == GIVEN
    assert client.post("/feedback", {"about": "service", "comments": "Good"}).status_code == 302, "no score is needed"
    assert client.post("/feedback", {"about": "service", "score": "5"}).status_code == 302, "nor are comments"


def test_bad_input_keeps_what_was_typed_and_programs_are_refused(client: Browser) -> None:
    page = client.post("/feedback", {**GIVEN, "email": "zoe", "about": ""}).content.decode()
    for words in ("Select what your feedback is about", "name@example.com", "The list is long", "Bank accounts"):
        assert words in page
    assert "could not be sent" in client.post("/feedback", {**GIVEN, "current_address": "1 Road"}).content.decode()
    assert "Tell us what you think" in client.post("/feedback", {"about": "service"}).content.decode()
    assert not PublicFeedback.objects.exists()


def test_one_network_cannot_flood_it(client: Browser) -> None:
    for _ in range(20):
        assert client.post("/feedback", GIVEN).status_code == 302
    page = client.post("/feedback", GIVEN).content.decode()
    assert "in an hour" in page
    assert "The list is long" in page
