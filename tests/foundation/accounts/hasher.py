from django.contrib.auth.hashers import Argon2PasswordHasher


class Quick(Argon2PasswordHasher):
    """Argon2 with as little work as it allows."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
