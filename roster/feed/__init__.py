"""The read API for other systems and the feed of changes (csr-api-contract)."""
