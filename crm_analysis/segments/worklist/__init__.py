"""Who is to be contacted, how, and why: the best use of a budget, with a holdout to learn from."""
