"""What the words of an answer mean, and what a team's answers add up to.

Imports nothing heavy: torch is loaded by the files that score and train, and only when one of them
is imported by name.
"""
