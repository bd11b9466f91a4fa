"""Addresses of registration, of court orders, of an organisation's dashboard, and of a client."""

from django.urls import path

from reporting.home import client_page, dashboard_views, member_registration_views, registration_views, views
from reporting.home.feedback import views as feedback_views

urlpatterns = [
    path("", views.start, name="start"),
    path("court-orders", views.home, name="home"),
    path("court-orders/<str:uid>", views.court_order, name="court_order"),
    path("feedback", feedback_views.feedback, name="feedback"),
    path("feedback/sent", feedback_views.feedback_sent, name="feedback_sent"),
    path("dashboard", dashboard_views.show, name="dashboard"),
    path("clients/<int:client_id>", client_page.client, name="client"),
    path("register", registration_views.register, name="register"),
    path("register/sent", registration_views.sent, name="register_sent"),
    path("register/your-details", registration_views.details, name="register_details"),
    path("register/your-client", registration_views.client, name="register_client"),
    path("register/co-deputy", registration_views.verify, name="register_verify"),
    path("register/organisation", member_registration_views.details, name="register_member"),
    path("terms/updated", member_registration_views.updated_terms, name="updated_terms"),
]
