"""Whom it pays to contact."""
