"""Stars and reviews: their distribution, ranking with few votes, trend, what selection could hide."""
