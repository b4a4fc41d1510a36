"""Sentences and buttons that several messages share. Each sentence about confidentiality must
stay true word by word: whoever changes how answers are used changes it here in the same commit.
"""

from campaigns.domain.consent import Consent
from campaigns.domain.definition import Confidentiality, Definition
from campaigns.domain.messages import Action, Actions, Button, Note, Part, Picker, Tap
from campaigns.domain.retention import unlink_after_weeks
from campaigns.domain.wording import say, say_count

NOT_NOW_HOURS = 24
PAUSE_DAYS = 28


def confidentiality(definition: Definition, language: str) -> str:
    """The promise in a few sentences, with this campaign's own numbers."""
    promise = definition.campaign.confidentiality
    group = say(
        language,
        "Confidential: no page, list or report shows your own answers to anyone, whatever their "
        "rank. Results appear only for groups of {group} or more, topics from what people write "
        "only for groups of {words} or more.",
        group=promise.shown_from,
        words=promise.named_from,
    )
    if promise.staff_see_results:
        seen = say(
            language,
            "What is shown of your own groups, you and everybody else in them can see.",
        )
        group = f"{group} {seen}"
    program = say(language, "A program reads your answers to choose your next message.")
    erased = kept(promise, language)
    if not definition.campaign.learn_from_words:
        return f"{group} {program} {erased}"
    released = say(
        language,
        "A person reads words only where their writer released them afterwards, and not whose "
        "they are.",
    )
    return f"{group} {program} {released} {erased}"


def kept(promise: Confidentiality, language: str) -> str:
    """For how long an answer is somebody's, and for how long it is kept at all."""
    unlinked = say_count(
        language,
        "Your words are erased {n} week after the end of the period they belong to; from then on, "
        "nobody can tell which answers were yours.",
        "Your words are erased {n} weeks after the end of the period they belong to; from then "
        "on, nobody can tell which answers were yours.",
        unlink_after_weeks(promise),
    )
    erased = say_count(
        language,
        "Answers are erased after {n} month.",
        "Answers are erased after {n} months.",
        promise.erase_after_months,
    )
    return f"{unlinked} {erased}"


def how_it_works(definition: Definition, language: str) -> str:
    """For a person's first message: what will come, how to decline it, and the promise."""
    hello = say(
        language,
        "How this works: now and then you get a short message here, and sometimes a question. "
        "You can skip any question, say “not now” or pause; nobody is told.",
    )
    return f"{hello} {confidentiality(definition, language)}"


def why_this(language: str) -> str:
    """Why a follow-up came to this person, without saying what it follows."""
    return say(
        language,
        "A program chose this message for you. No person looked at your answers for it, "
        "and nobody else learns that you got it.",
    )


def after_yes(language: str) -> str:
    """The answer to “yes, interested”."""
    return say(
        language,
        "Good to know, thank you. Nobody else is told, so the next step is yours: "
        "it is described above, for whenever it suits you.",
    )


def after_pulse(definition: Definition, language: str, answered: bool) -> str:
    """Thanks, and what happens with the answers."""
    if not answered:
        return say(language, "That's fine. You skipped this time, and nobody is told.")
    promise = definition.campaign.confidentiality
    thanks = say(language, "Thank you, that helps.")
    what_next = say_count(
        language,
        "What happens next: every {n} week the answers of each group of {group} or more are put "
        "together. On its own, what you said only decides which message you get next.",
        "What happens next: every {n} weeks the answers of each group of {group} or more are put "
        "together. On its own, what you said only decides which message you get next.",
        promise.period_weeks,
        group=promise.shown_from,
    )
    return f"{thanks}\n\n{what_next}"


def consent(language: str, standing: Consent | None) -> list[Part]:
    """The question whether a model may learn from the words, or the way back from a yes."""
    match standing:
        case Consent.OFFERED:
            offer = say(
                language,
                "Only if you like: Bellwether may learn from what you wrote here. A person who "
                "runs Bellwether will then read it, without your name and among the words of ten "
                "people or more; names and contact details are taken out as far as a program "
                "finds them. You can take it back here until it has been passed on. "
                "Nobody is told what you choose.",
            )
            return [Note(offer), Actions((_release_button(language),))]
        case Consent.GIVEN:
            given = say(
                language,
                "Besides, Bellwether may learn from what you wrote here, because you said so. "
                "You can take it back until it has been passed on.",
            )
            back = Button(say(language, "Take this back"), Tap(Action.TAKE_BACK))
            return [Note(given), Actions((back,))]
        case Consent.TAKEN_BACK:
            taken = say(
                language,
                "You took it back: from now on, what you wrote here is passed on to nobody.",
            )
            return [Note(taken)]
        case _:
            return []


def _release_button(language: str) -> Button:
    return Button(
        say(language, "Learn from my words"),
        Tap(Action.RELEASE),
        description=say(language, "Bellwether may learn from my words"),
    )


def after_close(language: str, answered: bool) -> str:
    """That no answers are taken any more, and that what came in time counts."""
    if answered:
        return say(
            language, "These questions are closed. What you answered in time counts, thank you."
        )
    return say(language, "These questions are closed. There is nothing left to do here.")


def after_not_now(language: str) -> str:
    """That the questions stay, for somebody who will be asked again."""
    return say(
        language, "You said “not now”, and that's fine. Until they close you can answer here, too."
    )


def pause_button(language: str) -> Button:
    """Under every message that can wait: no more of them for four weeks."""
    return Button(
        say(language, "Pause messages"),
        Tap(Action.PAUSE, value=str(PAUSE_DAYS)),
        description=say(language, "Pause messages for four weeks"),
    )


def resume_button(language: str) -> Button:
    """The end of a pause."""
    return Button(say(language, "Resume messages"), Tap(Action.RESUME), "primary")


def fewer_button(language: str) -> Button:
    """Under every message that can wait: one message a week at the most."""
    return Button(
        say(language, "Fewer messages"),
        Tap(Action.FEWER),
        description=say(language, "Fewer messages: one a week at the most"),
    )


def usual_button(language: str) -> Button:
    """The way back from fewer messages."""
    return Button(
        say(language, "As many as planned"),
        Tap(Action.USUAL),
        description=say(language, "As many messages as planned"),
    )


def held_button(language: str) -> Button:
    """What is kept about the person, shown to that person alone."""
    return Button(say(language, "What do you hold about me?"), Tap(Action.HELD))


def not_now_picker(language: str) -> Picker:
    """The same questions again, at a time that suits; the first one is what most people want."""
    return Picker(
        say(language, "Not now, but ask me again"),
        (
            (str(NOT_NOW_HOURS), say(language, "tomorrow")),
            ("3", say(language, "in three hours")),
            ("72", say(language, "in three days")),
        ),
        Tap(Action.NOT_NOW),
        say(language, "Not now"),
    )


def skip_button(language: str, question: str) -> Button:
    """On to the next question without an answer to this one."""
    return Button(
        say(language, "Skip"),
        Tap(Action.SKIP, question),
        description=say(language, "Skip this question"),
    )
