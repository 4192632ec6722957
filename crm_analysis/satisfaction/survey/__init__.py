"""What respondents answered, made fit for a model: items, codes, scales, missing answers; and the path model."""
