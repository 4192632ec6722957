"""What is known of each customer on the evening of the cutoff."""
