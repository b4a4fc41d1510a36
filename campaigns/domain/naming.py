"""What labels of the code book and endings of alerts are called, in the language of who reads."""

from campaigns.domain.alerts import Ending
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


def ending_name(language: str, ending: Ending) -> str:
    """What came of an alert, as a sentence."""
    match ending:
        case Ending.HELPED:
            return say(language, "Something was done, and it helps.")
        case Ending.NO_HELP:
            return say(language, "Something was done, and it does not help.")
        case Ending.STARTED:
            return say(language, "Something was done; it is too early to say.")
        case Ending.PASSED_ON:
            return say(language, "It was passed on to somebody who can decide it.")
        case Ending.NOTHING:
            return say(language, "There was nothing behind it.")


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
