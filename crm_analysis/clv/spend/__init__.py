"""What a purchase is worth: the Gamma-Gamma model, and what its assumption costs."""
