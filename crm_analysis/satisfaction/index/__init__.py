"""The 0-100 index of each construct: weights, segments, trend, importance-performance map, what-if."""
