"""Whether the questions measure what they are named after: reliability, validity, fit, and the verdict."""
