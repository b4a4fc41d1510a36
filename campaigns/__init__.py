"""What is said to whom and when, what came back, and who needs help; it never imports `bot`."""
