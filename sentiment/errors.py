"""Every error that the package raises on purpose, as one tree.

    SentimentError
    ├── DataError          a line of a data file is not what it should be
    ├── WeightsError       a model folder is missing, damaged or not the one named
    ├── TrainingError      a training run cannot start or go on
    └── ScoringError       a scoring process is gone before its work is done

Messages are whole sentences: what was wrong, where, what to do. They never quote an answer's text.
"""

from __future__ import annotations


class SentimentError(Exception):
    """The root: catch this to catch whatever the package refuses."""


class DataError(SentimentError):
    """A data file cannot be used; the message names the file, the line and what was expected."""


class WeightsError(SentimentError):
    """A model folder cannot be used; the message names the file and what to do about it."""


class TrainingError(SentimentError):
    """A training run cannot start or go on; the message says why and what to do."""


class ScoringError(SentimentError):
    """Scoring cannot go on; the message says why and what to do."""
