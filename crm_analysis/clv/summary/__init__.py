"""From orders to one row per customer: frequency, recency, T and mean spend, with the account of every row."""
