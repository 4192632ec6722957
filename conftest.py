"""Doctests draw without a screen and close what they drew."""

import matplotlib as mpl

mpl.use("Agg")
