"""Expectation against perception: gaps, what a gap can carry, response surface, gains and losses."""
