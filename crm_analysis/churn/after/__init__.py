"""What becomes of customers after a complaint or the closing of a shop."""
