"""When the kind of a client's court orders changes, the open report follows: split, merged or converted (ADR 14)."""
