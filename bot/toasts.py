"""The short words after a press, in the person's language. None ever repeats an answer."""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from campaigns.domain.asking import LONGEST_PUBLISHED, MOST_WAITING, Naming, Refused
from campaigns.domain.messages import Action
from campaigns.domain.wording import say, say_date
from campaigns.flows.answering import Refusal
from campaigns.flows.preferring import Postponed


def recorded(language: str, kind: str) -> str:
    """That an answer of that kind was stored."""
    match kind:
        case "skip":
            return say(language, "Skipped. Nobody is told.")
        case "accept":
            return say(language, "Thank you. Nobody else is told.")
        case "training":
            return say(language, "Saved. Nobody else is told.")
        case "free":
            return say(language, "The seat is free again. Nobody is told.")
        case "ack":
            return say(language, "Thank you.")
        case _:
            return say(language, "Saved. Thank you.")


def refused(language: str, refusal: Refusal) -> str:
    """Why nothing was stored, and what to do."""
    match refusal:
        case Refusal.UNKNOWN:
            return say(language, "This message is no longer there. Nothing was saved.")
        case Refusal.NOT_ASKED:
            return say(language, "This is not asked here any more. Nothing was saved.")
        case Refusal.NOT_AN_ANSWER:
            return say(language, "That is not one of the answers. Choose one of those shown.")
        case Refusal.ALREADY:
            return say(language, "You already answered this one; your first answer counts.")
        case Refusal.CLOSED:
            return say(language, "These questions are closed. Nothing was saved.")
        case Refusal.STOPPED:
            return say(language, "These messages have ended. Nothing was saved.")
        case Refusal.FULL:
            return say(
                language,
                "The last seat has just been taken. The message shows what there is instead.",
            )


def unusable(language: str, kind: Literal["forged", "expired"]) -> str:
    """Why a button does nothing, and what to do."""
    if kind == "expired":
        return say(language, "This button is too old. Please wait for the next message.")
    return say(language, "This button is not one of ours. Nothing was saved.")


def not_saved(language: str) -> str:
    """That a form could not be stored, and that its words are still in it."""
    return say(
        language, "This could not be saved just now. Your words are still here: send them again."
    )


def only_you(language: str) -> str:
    """That nobody else sees what is shown now."""
    return say(language, "Only you see this.")


def our_fault(language: str) -> str:
    """That a press came to nothing, through no fault of the person's."""
    return say(language, "Sorry, that was our fault. Please press once more in a minute.")


def handled(language: str, action: Action) -> str:
    """What an agent's press on an alert did."""
    match action:
        case Action.TAKE:
            return say(language, "It is yours now. Thank you.")
        case Action.SNOOZE:
            return say(language, "All right, you will be asked again.")
        case Action.HAND_OVER:
            return say(language, "Handed over.")
        case Action.TRY:
            return say(language, "Noted. When you close it, please say whether it helped.")
        case _:
            return say(language, "Closed. Thank you.")


def postponed(language: str, outcome: Postponed) -> str:
    """What became of a "not now"."""
    match outcome:
        case Postponed.LATER:
            return say(language, "All right, later. Nobody is told.")
        case Postponed.NO_MORE:
            return say(language, "All right. The questions stay here until they close.")
        case Postponed.UNKNOWN:
            return refused(language, Refusal.NOT_ASKED)


def paused(language: str, until: datetime, time_zone: str) -> str:
    """Until which local day messages rest."""
    day = say_date(language, until.astimezone(ZoneInfo(time_zone)).date())
    return say(language, "Your messages are paused until {day}.", day=day)


def resumed(language: str) -> str:
    """That messages come again."""
    return say(language, "Your messages are on again.")


def rarer(language: str, action: Action) -> str:
    """That there will be fewer messages, or as many as planned."""
    if action is Action.FEWER:
        return say(
            language, "All right: from now on, one message a week at the most. Nobody is told."
        )
    return say(language, "All right: from now on, messages come as they are planned.")


def halted(language: str, action: Action) -> str:
    """That a campaign rests, goes on, or may be launched."""
    if action is Action.APPROVE:
        return say(language, "Approved: it can be launched as it is now.")
    if action is Action.HALT:
        return say(language, "Paused: nothing of it goes out until you let it go on.")
    return say(language, "It goes on.")


def not_yours(language: str) -> str:
    """That only the comms team may do this."""
    return say(language, "Only the communications team can do this. Nothing was changed.")


def reached(language: str) -> str:
    """That the contact is told, as agreed."""
    return say(language, "Thank you for saying so. The message is on its way.")


def consented(language: str, action: Action) -> str:
    """That the words are released, or no more."""
    if action is Action.RELEASE:
        return say(language, "Thank you. You can take it back here.")
    return say(language, "Taken back. Nobody is told.")


def asked(language: str, naming: Naming) -> str:
    """That a question is on its way, and how."""
    if naming is Naming.NAMED:
        return say(language, "Your question goes out with your name.")
    return say(language, "Your question is kept and goes out later, without your name.")


def about_question(language: str, action: Action) -> str:
    """What another press about a question did."""
    match action:
        case Action.WITHDRAW:
            return say(language, "Taken back. Nobody has seen it.")
        case Action.REPLY:
            return say(language, "Your answer is on its way. Thank you.")
        case Action.PUBLISH:
            return say(language, "Published. Everybody in the campaign can read it.")
        case _:
            return say(language, "Taken out.")


def answered_by(language: str, name: str) -> str:
    """That somebody else answered first."""
    return say(language, "{name} has answered this already. Yours was not sent.", name=name)


def not_asked(language: str, refused: Refused) -> str:
    """Why nothing was asked, answered or published, and what to do."""
    match refused:
        case Refused.NO_WORDS:
            return say(language, "There was nothing to send. Write a few words first.")
        case Refused.NOBODY:
            return say(
                language,
                "Nobody is named yet who could answer you. Nothing was saved; please ask the "
                "people who run this campaign directly.",
            )
        case Refused.TOO_MANY:
            return say(
                language,
                "{n} questions of yours still wait for an answer. Nothing was saved; please ask "
                "again after the next answer.",
                n=MOST_WAITING,
            )
        case Refused.TOO_LATE:
            return say(language, "It has been passed on already and can't be taken back any more.")
        case Refused.QUOTED:
            return say(
                language, "Please write the question in your own words. Nothing was published."
            )
        case Refused.STOPPED:
            return say(language, "These messages have ended. Nothing was saved.")
        case Refused.ANSWER_QUOTED | Refused.TELLS_NAME | Refused.TOO_LONG:
            return _not_published(language, refused)
        case _:
            return say(language, "This message is no longer there. Nothing was saved.")


def _not_published(language: str, refused: Refused) -> str:
    match refused:
        case Refused.ANSWER_QUOTED:
            return say(
                language,
                "Your answer repeats words of the one who asked. Nothing was published; please "
                "write the answer anew, too, below an empty line.",
            )
        case Refused.TELLS_NAME:
            return say(
                language,
                "Question or answer names the one who asked. Nothing was published; please write "
                "it without the name, the answer below an empty line.",
            )
        case _:
            return say(
                language,
                "The question may have {n} characters at the most. Nothing was published.",
                n=LONGEST_PUBLISHED,
            )


def unreadable(language: str) -> str:
    """That sealed words can't be shown."""
    return say(language, "These words are no longer there.")
