"""Words that people let a model learn from are handed out, redacted, so that they can be labelled.

The only way on which words leave, and it leads through the gate alone: whose they are, when and in
which campaign they were written ends here. What the model made of them stays here too, so that
whoever labels them is not led.
"""

from random import SystemRandom

from sqlalchemy import Connection

from campaigns.domain.confidentiality import ReleasedWords, Withheld, release_words
from campaigns.domain.redaction import Redactor
from campaigns.flows.scoring import open_words, prompt
from campaigns.storage import aggregates, answers, campaigns, directory
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault


def released(database: Database, vault: Vault) -> tuple[ReleasedWords, ...] | Withheld:
    """All words that are released at this moment, shuffled; nothing of too few people."""
    with database.read() as connection:
        let_go = answers.released(connection)
        prompts = {answer.id: prompt(connection, answer) for answer in let_go}
        of_campaigns = {answer.campaign_id for answer in let_go}
        minimums = {campaign: _minimum(connection, campaign) for campaign in of_campaigns}
        names = [person.name for person in directory.roster(connection)]
        teams = [team.name for team in directory.tree(connection).teams.values()]
    pairs, _ = open_words(vault, let_go, prompts)
    given = [(one.campaign_id, one.person_id, *pairs[one.id]) for one in let_go if one.id in pairs]
    found = release_words(given, Redactor(names, teams), minimums)
    if isinstance(found, Withheld):
        return found
    shuffled = list(found)
    SystemRandom().shuffle(shuffled)
    return tuple(shuffled)


def _minimum(connection: Connection, campaign_id: int) -> int:
    """How many people the campaign promises for words; the highest of all its versions."""
    launched = campaigns.by_id(connection, campaign_id)
    promise, _ = aggregates.rules(connection, campaign_id, launched.version_at)
    newest = launched.definition.campaign.confidentiality
    return max(promise.minimum_for_words, newest.minimum_for_words)
