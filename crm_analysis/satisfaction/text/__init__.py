"""What reviews say about which aspect, in Chinese and English, offline and explainable."""
