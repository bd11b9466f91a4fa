"""As little Django as can be: a database."""

from foundation import env
from foundation.settings import database

DATABASES = {"default": database(env.text("DATABASE_URL"))}
SECRET_KEY = env.text("SECRET_KEY")
INSTALLED_APPS = ["tests.foundation.trial"]
USE_TZ = True
