"""An officer's own pages, notices, calendar, and the diary API (diary-api-contract)."""
