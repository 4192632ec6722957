"""Tables behind the plots: tracking, fit by frequency, maps over recency and frequency, P(alive) day by day."""
