"""Notes on a client: what an organisation's members write down for each other (deputy-people 9)."""
