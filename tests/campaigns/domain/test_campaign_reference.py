"""The schema and the reference describe every key and word of a campaign file, and no other."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from campaigns.domain.checking import check
from campaigns.domain.definition import Definition
from campaigns.domain.reading import json_schema, read

REFERENCE = Path(__file__).parents[3] / "docs" / "campaign-files.md"


def test_json_schema_describes_every_part_of_the_file() -> None:
    schema = json_schema()
    assert schema["title"] == "Bellwether campaign"
    assert schema["$defs"]["Audience"]["properties"].keys() >= {"teams", "except"}
    assert {"string", "object"} == {
        one["type"] for one in schema["$defs"]["Vision"]["properties"]["text"]["anyOf"]
    }
    assert len(schema["$defs"]["Vision"]["properties"]["when"]["oneOf"]) == 4
    assert json.loads(json.dumps(schema)) == schema


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        waiting: list[Any] = [field.annotation]
        while waiting:
            one = waiting.pop()
            waiting += get_args(one)
            if isinstance(one, type) and issubclass(one, BaseModel):
                yield from _models(one)


@pytest.mark.parametrize("model", sorted(set(_models(Definition)), key=str))
def test_json_schema_has_the_keys_of_the_model_and_no_other(model: type[BaseModel]) -> None:
    schema = json_schema()
    described = schema if model is Definition else schema["$defs"][model.__name__]
    keys = {field.alias or name: field for name, field in model.model_fields.items()}
    assert described["properties"].keys() == keys.keys()
    required = {key for key, field in keys.items() if field.is_required()}
    assert set(described.get("required", ())) - {"kind"} == required - {"kind"}
    assert described["additionalProperties"] is False


def reference() -> str:
    return REFERENCE.read_text(encoding="utf-8")


def test_reference_describes_every_key_and_every_word_of_a_campaign_file() -> None:
    schema, text = json_schema(), reference()
    parts = [schema, *schema["$defs"].values()]
    known = {key for part in parts for key in part.get("properties", {})}
    for part in parts:
        known.update(part.get("enum", []))
        for value in part.get("properties", {}).values():
            known.update(word for word in value.get("enum", []) if isinstance(word, str))
    assert len(known) > 80
    assert sorted(word for word in known if not re.search(rf"\b{word}\b", text)) == []


def test_shortest_file_of_the_reference_can_be_launched() -> None:
    source = reference().rpartition("```yaml\n")[2].partition("```")[0]
    definition = read(source, "campaign-files.md")
    assert check(definition, datetime(2027, 1, 11, tzinfo=UTC), audience_size=100) == []
