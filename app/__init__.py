"""Envanter: a register of personal-data processing for Turkish law (KVKK, Law No. 6698)."""

import gc

__version__ = "0.1.0"

# Starting makes some hundred thousand objects that stay; looking for garbage among them again and again takes longer
# than the half of everything else, so it is looked for seldom until there is a ledger (docs/decisions/0014).
gc.set_threshold(100_000, 20, 50)
