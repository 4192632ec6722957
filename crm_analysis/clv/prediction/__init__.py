"""What comes out for each customer: posterior, the prediction table, intervals for parameters and outcomes."""
