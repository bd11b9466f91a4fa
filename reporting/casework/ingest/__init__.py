"""The nightly files of the case system, as super admins watch and start them (deputy-admin 9, 12.7)."""
