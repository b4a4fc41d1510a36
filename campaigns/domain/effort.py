"""How long a touchpoint takes a person, estimated from its words and questions; an honest guess.

It is made of the file alone, never of how long anybody took: that would be watching people.
"""

from collections.abc import Iterator

from campaigns.domain.definition import Definition, FollowUp, Pulse, Reminder, Vision, pick

SHORT_SECONDS = 20.0  # for a message that no file writes
_OPENING_SECONDS = 5.0  # to notice a message and turn to it; our own guess
# Adults read 238 words of non-fiction a minute (Brysbaert 2019, a mean of 190 studies in English);
# a little less, for text in between other work and for those who read slowly.
_WORDS_PER_MINUTE = 200
# To answer what was read. Of a text, some 20 words at 36 a minute (Palin et al. 2019, on phones)
# and a moment to think; the other two are our own guesses of a choice and a tap.
_ANSWER_SECONDS = {"scale": 5.0, "choice": 7.0, "text": 45.0}


def seconds(definition: Definition, touchpoint: Vision | Pulse | Reminder | FollowUp) -> float:
    """How long it takes to read it and to answer every question it can ask.

    Where some come in turn, give the pulse as a round asks it (`Pulse.in_round`). What a reminder's
    pulse asks is the pulse's, whenever it is answered.
    """
    texts = [touchpoint.title, touchpoint.text or {}]
    asked = touchpoint.questions if isinstance(touchpoint, Pulse) else ()
    answering = 0.0
    for question in definition.campaign.questions:
        if question.key not in asked:
            continue
        texts += [question.prompt, *(option.label for option in question.options)]
        answering += _ANSWER_SECONDS[question.kind]
    n_words = sum(len(text.split()) for text in _in_first_language(definition, texts))
    return _OPENING_SECONDS + n_words * 60 / _WORDS_PER_MINUTE + answering


def _in_first_language(definition: Definition, texts: list[dict[str, str]]) -> Iterator[str]:
    default = definition.default_language
    return (pick(words, default, default) for words in texts if words)
