"""What anybody may tell us about the service (deputy-people 12)."""
