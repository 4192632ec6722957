"""What goes with churn, for all customers and for one."""
