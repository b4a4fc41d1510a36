"""Words that people let a model learn from are handed out, redacted, so that they can be labelled.

The only way on which words leave, and it leads through the gate alone: whose they are, when and in
which campaign they were written ends here. What the model made of them stays here too, so that
whoever labels them is not led.
"""

from random import SystemRandom

from campaigns.domain.confidentiality import ReleasedWords, Withheld, release_words
from campaigns.domain.redaction import Redactor
from campaigns.flows.scoring import open_words, prompt
from campaigns.storage import answers, directory
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault


def released(database: Database, vault: Vault) -> tuple[ReleasedWords, ...] | Withheld:
    """All words that are released at this moment, shuffled; nothing of too few people."""
    with database.read() as connection:
        let_go = answers.released(connection)
        prompts = {answer.id: prompt(connection, answer) for answer in let_go}
        names = [person.name for person in directory.roster(connection)]
        teams = [team.name for team in directory.tree(connection).teams.values()]
    pairs, _ = open_words(vault, let_go, prompts)
    writers = {answer.id: answer.person_id for answer in let_go}
    given = [(writers[answer_id], *pair) for answer_id, pair in pairs.items()]
    found = release_words(given, Redactor(names, teams))
    if isinstance(found, Withheld):
        return found
    shuffled = list(found)
    SystemRandom().shuffle(shuffled)
    return tuple(shuffled)
