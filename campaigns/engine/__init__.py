"""What makes the flows run: actors of three lines and a clock; no rule and no SQL lives here."""
