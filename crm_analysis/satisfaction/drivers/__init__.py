"""What goes with satisfaction, and how much of it: shares of R2, dominance, their uncertainty; ordinal outcomes."""
