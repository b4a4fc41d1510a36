"""What the words of an answer mean, and what a team's answers add up to.

Imports nothing heavy: torch is loaded by `sentiment.model`, `sentiment.training` and
`sentiment.scorer` alone, and only when one of them is imported by name.
"""
