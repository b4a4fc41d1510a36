"""All tables in one place. Times are aware UTC; what a person wrote is stored encrypted only."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from campaigns.storage.approval_table import approvals as approvals
from campaigns.storage.audit_table import audit as audit
from campaigns.storage.chat_tables import chat_messages as chat_messages
from campaigns.storage.chat_tables import inbox as inbox
from campaigns.storage.chat_tables import lanes as lanes
from campaigns.storage.columns import Id, new_id, reading, ref
from campaigns.storage.columns import metadata as metadata
from campaigns.storage.detector_tables import detector_people as detector_people
from campaigns.storage.detector_tables import detector_states as detector_states
from campaigns.storage.detector_tables import detector_weeks as detector_weeks
from campaigns.storage.experiment_tables import effects as effects
from campaigns.storage.experiment_tables import team_draws as team_draws
from campaigns.storage.ledger_tables import ledger as ledger
from campaigns.storage.moment import Moment
from campaigns.storage.offer_table import offers as offers
from campaigns.storage.question_tables import faq as faq
from campaigns.storage.question_tables import questions as questions
from campaigns.storage.rights_tables import counted as counted
from campaigns.storage.rights_tables import loose_answers as loose_answers

teams = Table(
    "teams",
    metadata,
    new_id(),
    Column("name", String(200), nullable=False, unique=True),
    ref("parent_id", "teams.id", nullable=True),
    Column("active", Boolean, nullable=False, default=True),
)

people = Table(
    "people",
    metadata,
    new_id(),
    Column("external_id", String(100), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("email", String(320), nullable=False, default=""),
    ref("team_id", "teams.id", index=True),
    Column("role", String(100), nullable=False, default=""),
    Column("location", String(100), nullable=False, default=""),
    Column("language", String(20), nullable=False, default="en"),
    Column("time_zone", String(60), nullable=False, default="UTC"),
    Column("work_start", String(5), nullable=False, default="08:00"),
    Column("work_end", String(5), nullable=False, default="17:00"),
    Column("work_days", String(7), nullable=False, default="01234"),  # digits, 0 is Monday
    Column("chat_id", String(100), nullable=False, default=""),
    Column("active", Boolean, nullable=False, default=True),
    Column("paused_until", Moment),
    Column("slack_id", String(40), unique=True, index=True),
    Column("slack_channel", String(40)),  # the bot's conversation with them, once there is one
    Column("per_week", Integer),  # at most so many campaign messages: the person's own wish
    Column("holidays", String(20), nullable=False, server_default=""),  # DE-BY, FR, none
    Column("away_from", Date),  # one absence, from its first to its last day
    Column("away_until", Date),
    Column("champion", Boolean, nullable=False, server_default=false()),
)

team_agents = Table(
    "team_agents",
    metadata,
    ref("team_id", "teams.id"),
    ref("person_id", "people.id"),
    UniqueConstraint("team_id", "person_id"),
)

initiatives = Table(
    "initiatives",
    metadata,
    new_id(),
    Column("key", String(40), nullable=False, unique=True),
    # Encrypted; names people in what the detector carries. Without it, nobody can be found there.
    Column("secret", LargeBinary),
)

campaigns = Table(
    "campaigns",
    metadata,
    new_id(),
    ref("initiative_id", "initiatives.id"),
    Column("key", String(40), nullable=False, unique=True),
    Column("state", String(10), nullable=False),  # running, paused, stopped
    ref("version_id", "campaign_versions.id", nullable=True),  # the current one
    Column("launched_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("reason", String(200), nullable=False, server_default=""),  # why nobody paused it
)

campaign_versions = Table(
    "campaign_versions",
    metadata,
    new_id(),
    # No foreign key back to campaigns: the two would need each other to be created.
    Column("campaign_id", Id, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("definition", Text, nullable=False),  # JSON of domain.definition.Definition
    Column("sha256", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("campaign_id", "number"),
)

# One row an occurrence of a touchpoint; `cursor` is the last person already fanned out (D5).
runs = Table(
    "runs",
    metadata,
    new_id(),
    ref("campaign_id", "campaigns.id"),
    ref("version_id", "campaign_versions.id"),
    Column("touchpoint", String(40), nullable=False),
    Column("occurrence", String(40), nullable=False),  # the local moment it stands for, ISO
    Column("starts_at", Moment, nullable=False),  # the earliest moment anywhere on earth
    Column("state", String(10), nullable=False),  # open, done, cancelled
    Column("cursor", Id, nullable=False, default=0),
    Column("lease_until", Moment),
    Column("noticed_at", Moment),  # a pulse's: when its silence was followed up
    Column("held_at", Moment),  # a pulse's: since when it waits for something to be told back
    Column("freed_at", Moment),  # and since when it does no longer
    Column("asks", String(500)),  # a pulse's: the questions that have their turn, from its start on
    UniqueConstraint("campaign_id", "touchpoint", "occurrence"),
    Index("ix_runs_state_starts_at", "state", "starts_at"),
)

# The outbox: one row a sending to one person. `key` is the opaque id that platforms see.
deliveries = Table(
    "deliveries",
    metadata,
    new_id(),
    Column("key", String(32), nullable=False, unique=True),
    # What makes a sending unique, e.g. "run:17:person:4"; the second insert is refused.
    Column("once", String(120), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),  # domain.outbox.Kind
    ref("person_id", "people.id"),
    ref("campaign_id", "campaigns.id", nullable=True),
    ref("version_id", "campaign_versions.id", nullable=True),
    ref("run_id", "runs.id", nullable=True),
    Column("touchpoint", String(40), nullable=False, default=""),
    # The alert, the ledger's entry, or the pulse delivery that a reminder is about.
    Column("subject_id", Id),
    Column("state", String(10), nullable=False),  # domain.outbox.State
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("sent_at", Moment),
    Column("closes_at", Moment),  # a pulse takes no answers after this
    Column("external_id", String(100)),
    Column("reason", String(100), nullable=False, default=""),  # why dropped, failed, moved
    # Stands in line: it is due, and the platform's lane had no slot for it.
    Column("waits", Boolean, nullable=False, server_default=false()),
    Index("ix_deliveries_state_waits_kind_due_at", "state", "waits", "kind", "due_at"),
    Index("ix_deliveries_person_id_sent_at", "person_id", "sent_at"),
    Index("ix_deliveries_run_id_state", "run_id", "state"),
    Index("ix_deliveries_campaign_id_kind_state", "campaign_id", "kind", "state"),
)

answers = Table(
    "answers",
    metadata,
    new_id(),
    ref("delivery_id", "deliveries.id"),
    ref("campaign_id", "campaigns.id"),
    ref("person_id", "people.id"),
    # The team at the time of the answer: later moves must not change closed periods.
    ref("team_id", "teams.id"),
    Column("question", String(40), nullable=False),
    Column("kind", String(8), nullable=False),  # scale, choice, text, ack, accept, skip
    Column("number", Integer),
    Column("choice", String(40)),
    Column("words", LargeBinary),  # encrypted
    Column("answered_at", Moment, nullable=False),
    Column("scoring", String(10), nullable=False, default=""),  # "", pending, done
    Column("lease_until", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    UniqueConstraint("delivery_id", "question"),
    Index("ix_answers_scoring_lease_until", "scoring", "lease_until"),
    Index("ix_answers_campaign_id_answered_at", "campaign_id", "answered_at"),
)


scores = Table(
    "scores",
    metadata,
    Column("answer_id", Id, ForeignKey("answers.id"), primary_key=True),
    Column("model", String(80), nullable=False),
    *reading(),
    # Both are the first reading's for good: when a text counts in the figures, and whether (D9).
    Column("scored_at", Moment, nullable=False),
    Column("counts", Boolean, nullable=False),
)

# What another version of the model says of scored texts, until it has read them all.
rescores = Table(
    "rescores",
    metadata,
    # They go with the answer, whoever takes it away and whoever writes here at that moment.
    Column("answer_id", Id, ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("model", String(80), primary_key=True),
    *reading(),
)

# Whether the writer lets a model learn from the words; only where the campaign asks.
consents = Table(
    "consents",
    metadata,
    Column("answer_id", Id, ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("state", String(10), nullable=False),  # domain.consent.Consent
    Column("changed_at", Moment, nullable=False),
)

# Every follow-up decision: which rule, on which kind of input, by which model.
decisions = Table(
    "decisions",
    metadata,
    new_id(),
    ref("campaign_id", "campaigns.id"),
    ref("person_id", "people.id"),
    ref("answer_id", "answers.id", nullable=True),
    ref("delivery_id", "deliveries.id", nullable=True),
    Column("rule", String(40), nullable=False),
    Column("inputs", String(80), nullable=False),  # kinds, never values: "stance+barrier"
    Column("model", String(80), nullable=False, default=""),
    Column("decided_at", Moment, nullable=False),
    Column("due_at", Moment),  # as it was decided; what became of it stands in the delivery
    # The variant, and the chance it had; whether it was held out, and the chance of that.
    Column("send", String(40), nullable=False, server_default=""),
    Column("p_send", Float),
    Column("held", Boolean, nullable=False, server_default=false()),
    Column("p_held", Float),
    ref("run_id", "runs.id", nullable=True),  # both where a whole team was held out or not
    ref("team_id", "teams.id", nullable=True),
    Index("ix_decisions_campaign_id_person_id", "campaign_id", "person_id"),
    UniqueConstraint("answer_id"),
)

# What was published, once and for good: one row a campaign, closed period and team.
releases = Table(
    "releases",
    metadata,
    new_id(),
    ref("campaign_id", "campaigns.id"),
    Column("period", Integer, nullable=False),  # 0, 1, 2 ... since the launch
    ref("team_id", "teams.id", nullable=True),  # none: all, where the tree has several roots
    ref("parent_id", "teams.id", nullable=True),  # the team's parent when it was published
    Column("cell", Text, nullable=False),  # JSON of confidentiality.Released or Withheld
    Column("released_at", Moment, nullable=False),
    UniqueConstraint("campaign_id", "period", "team_id"),
)

alerts = Table(
    "alerts",
    metadata,
    new_id(),
    ref("campaign_id", "campaigns.id"),
    ref("team_id", "teams.id"),
    Column("state", String(10), nullable=False),  # open, taken, snoozed, closed, resolved
    Column("version", Integer, nullable=False, default=1),
    ref("agent_id", "people.id", nullable=True),
    Column("finding", Text, nullable=False),  # JSON of domain.alerts.Finding
    Column("raised_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("snoozed_until", Moment),
    Column("note", LargeBinary),  # encrypted
    Column("ending", String(10), nullable=False, default="", server_default=""),
    Column("escalated_at", Moment),  # when more people than the team's agents were told
    # Of the campaign's agent actions, the one that was tried last.
    Column("tried", String(40), nullable=False, server_default=""),
    Index("ix_alerts_campaign_id_team_id", "campaign_id", "team_id"),
)
