"""What the labels of the code book are called when people read them, in their language."""

from campaigns.domain.wording import say
from sentiment.labels import Barrier, Theme


def barrier_name(language: str, barrier: Barrier) -> str:
    """The barrier as something that is missing: "knowing how"."""
    match barrier:
        case Barrier.AWARENESS:
            return say(language, "knowing why the change is needed")
        case Barrier.DESIRE:
            return say(language, "wanting the change")
        case Barrier.KNOWLEDGE:
            return say(language, "knowing how to do it")
        case Barrier.ABILITY:
            return say(language, "being able to do it day to day")
        case Barrier.REINFORCEMENT:
            return say(language, "seeing that it lasts")
        case Barrier.NONE:
            return say(language, "none")


def theme_name(language: str, theme: Theme) -> str:
    """The theme in a word or two."""
    match theme:
        case Theme.VISION:
            return say(language, "aim of the change")
        case Theme.COMMUNICATION:
            return say(language, "communication")
        case Theme.INVOLVEMENT:
            return say(language, "having a say")
        case Theme.TRAINING:
            return say(language, "training")
        case Theme.WORKLOAD:
            return say(language, "workload")
        case Theme.JOB_SECURITY:
            return say(language, "job security")
        case Theme.TOOLS:
            return say(language, "tools")
        case Theme.PROCESS:
            return say(language, "ways of working")
        case Theme.LEADERSHIP:
            return say(language, "leadership")
        case Theme.PRIVACY:
            return say(language, "data protection")
        case Theme.COLLABORATION:
            return say(language, "working together")
        case Theme.SERVICE:
            return say(language, "service to the public")
