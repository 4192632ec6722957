"""Feedback for sellers: credit score and level, detailed ratings, rankings."""
