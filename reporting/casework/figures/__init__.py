"""Figures about the service: measures with their definitions, and extracts to download (deputy-admin 8)."""
