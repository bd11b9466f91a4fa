"""Addresses of accounts, the same at every site; root urlconfs include them at the top level."""

from django.urls import path

from foundation.accounts import second_factor_views, settings_views, views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-in/code", second_factor_views.code, name="second_factor"),
    path("sign-in/set-up", second_factor_views.set_up, name="second_factor_set_up"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("activate/new-link", views.resend_activation, name="resend_activation"),
    path("activate/sent", views.check_your_email, name="check_your_email"),
    path("activate/<str:token>", views.activate, name="activate"),
    path("forgotten-password", views.forgotten_password, name="forgotten_password"),
    path("forgotten-password/sent", views.reset_sent, name="reset_sent"),
    path("forgotten-password/done", views.reset_done, name="reset_done"),
    path("forgotten-password/<str:token>", views.reset_password, name="reset_password"),
    path("account", settings_views.account, name="account"),
    path("account/password", settings_views.change_password, name="change_password"),
    path("account/email", settings_views.change_email, name="change_email"),
    path("account/email/<str:token>", settings_views.confirm_email, name="confirm_email"),
    path("account/name", settings_views.change_name, name="change_name"),
    path("account/recovery-codes", second_factor_views.recovery_codes, name="recovery_codes"),
]
