import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_frame(client: Client) -> None:
    text = client.get("/page").content.decode()
    print(text)
    assert "<title>Trial – Complete the deputy report</title>" in text
