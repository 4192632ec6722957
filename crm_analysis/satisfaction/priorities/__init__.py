"""What to improve first: Kano, importance-performance, penalty-reward contrasts, and where they agree."""
