"""One number from one question: NPS, CSAT, CES, and how many respondents they need."""
