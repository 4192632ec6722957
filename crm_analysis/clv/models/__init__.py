"""Models of repeat buying without a contract: one file each, and what they share (fitting, verdict, simulation)."""
