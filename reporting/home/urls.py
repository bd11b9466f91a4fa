"""Addresses of registration and of court orders."""

from django.urls import path

from reporting.home import registration_views, views
from reporting.home.feedback import views as feedback_views

urlpatterns = [
    path("", views.start, name="start"),
    path("court-orders", views.home, name="home"),
    path("court-orders/<str:uid>", views.court_order, name="court_order"),
    path("feedback", feedback_views.feedback, name="feedback"),
    path("feedback/sent", feedback_views.feedback_sent, name="feedback_sent"),
    path("register", registration_views.register, name="register"),
    path("register/sent", registration_views.sent, name="register_sent"),
    path("register/your-details", registration_views.details, name="register_details"),
    path("register/your-client", registration_views.client, name="register_client"),
    path("register/co-deputy", registration_views.verify, name="register_verify"),
]
