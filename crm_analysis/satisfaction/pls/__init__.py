"""PLS path modelling: weights, paths, bootstrap, index, importance-performance map, prediction."""
