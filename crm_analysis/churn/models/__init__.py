"""Models of churn, their naive baselines, and what they may be trusted with."""
