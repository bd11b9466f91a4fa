"""How good the optimiser is, measured: public instances, a protocol, an evaluator that shares no code with it."""
