"""Which attributes go with satisfaction, and how surely: LMG, relative weights, dominance, ordinal models."""
