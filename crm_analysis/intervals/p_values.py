"""How a p-value is printed in a sentence."""

from __future__ import annotations


def p_text(p: float) -> str:
    """Return a p-value as sentences print it, never as zero.

    Examples
    --------
    >>> p_text(0.0123), p_text(1e-9)
    ('p = 0.012', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
