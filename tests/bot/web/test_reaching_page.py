"""In the browser: help with an offer, a tap, a receipt; and what the contact reads."""

from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.domain.outbox import Kind
from campaigns.flows import auditing
from campaigns.storage import campaigns, directory, outbox
from campaigns.storage.outbox import NewDelivery
from campaigns.storage.tables import audit
from tests.bot.web.reading import plain, press
from tests.bot.web.stage import Stage, definition

LABEL = "Please get in touch with me"


def test_one_tap_tells_the_contact_and_leaves_a_receipt(stage: Stage, client: FlaskClient) -> None:
    usual = definition()
    named = usual.campaign.model_copy(update={"safeguarding_contact": "P03"})
    stage.launch(usual.model_copy(update={"campaign": named}))
    with stage.database.write() as c:
        launched = campaigns.all_launched(c)[0]
        person = directory.person_by_external_id(c, "P01")
        row = NewDelivery(
            "help:1", Kind.HELP, person.id, stage.now(), launched.id, launched.version_id
        )
        outbox.put(c, [row])
    stage.deliver()
    before = client.get("/chat/P01").text
    assert LABEL in before
    assert "Ada Ångström" not in plain(client.get("/chat/P03").text)
    assert press(client, "P01", LABEL).status_code == 303
    stage.deliver()
    after = client.get("/chat/P01").text
    assert LABEL not in after
    assert "You asked Çiğdem 100% Sure to get in touch with you." in plain(after)
    told = plain(client.get("/chat/P03").text)
    assert "Ada Ångström would like you to get in touch." in told
    assert "hard right now" not in told
    assert [one.deed for one in auditing.every(stage.database)] == ["launched"]
    with stage.database.read() as c:
        assert "P01" not in str(c.execute(select(audit)).all())
