"""Organisations: the firms and public authorities whose members report together (deputy-people 8)."""
