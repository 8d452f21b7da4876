"""The vocabulary over the whole road: its list, its version, and its tags asked for by name."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest

from protos import common_pb2, inference_pb2, models_pb2
from scripts.sidecar_client import SidecarClient, SidecarProcess
from sidecar.tagging.vocabulary import shipped_vocabulary
from tests.asking import analyze_one


def test_the_shipped_vocabulary_is_listed_with_what_the_model_can_judge(client: SidecarClient) -> None:
    answer = client.models.ListVocabulary(models_pb2.ListVocabularyRequest(model="lite"))
    shipped = shipped_vocabulary()
    assert [(tag.name, tag.category, tag.phrasings) for tag in answer.tags] == [
        (tag.name, tag.category, len(tag.phrasings)) for tag in shipped.tags
    ]
    judged = {tag.name for tag in answer.tags if tag.judged}
    assert {"cat", "beach", "motorcycle"} <= judged
    assert 50 < len(judged) < len(answer.tags), "the embedded model knows concrete things only"
    listed = client.models.ListModels(models_pb2.ListModelsRequest())
    assert answer.vocabulary_version == listed.vocabulary_version == shipped.version
    assert (len(shipped.version), answer.model) == (12, "lite")
    with pytest.raises(grpc.RpcError) as refused:
        client.models.ListVocabulary(models_pb2.ListVocabularyRequest(model="no/such/model"))
    assert refused.value.code() in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION)


def test_a_tag_of_the_vocabulary_is_judged_in_its_words_when_it_is_named(
    client: SidecarClient, cuts_video: Path
) -> None:
    def spans(query: common_pb2.TagQuery) -> list[common_pb2.Span]:
        answer = analyze_one(client, cuts_video, query=query, sampling=inference_pb2.Sampling())
        return [span for span in answer.spans if span.tag.casefold() == "cat"]

    in_vocabulary = spans(common_pb2.TagQuery(model="lite", vocabulary=True))
    named = common_pb2.TagQuery(model="lite", vocabulary=True, tags=[common_pb2.TagDefinition(name="Cat")])
    by_name = spans(named)
    assert [(s.start_s, s.end_s) for s in by_name] == [(s.start_s, s.end_s) for s in in_vocabulary]
    assert [s.score for s in by_name] == pytest.approx([s.score for s in in_vocabulary], abs=1e-3)
    assert {span.tag for span in by_name} == {"Cat"}
    assert {span.category for span in by_name} == {"Animals"}
    named.tags[0].enter = 99.0
    named.tags[0].category = "Mine"
    assert spans(named) == []
    own_words = common_pb2.TagDefinition(name="cat", phrasings=["a cup of coffee"])
    other = spans(common_pb2.TagQuery(model="lite", tags=[own_words]))
    assert {span.category for span in other} == {"custom"}
    assert [s.start_s for s in other] != [s.start_s for s in in_vocabulary]


def test_an_edited_vocabulary_has_another_version_and_a_broken_one_says_where(data_dir: Path) -> None:
    (data_dir / "vocabulary.txt").write_text("[Animals]\ncat: a cat | a kitten\n", encoding="utf-8")
    with SidecarProcess(data_dir, []) as process:
        client = process.client()
        first = client.models.ListVocabulary(models_pb2.ListVocabularyRequest(model="lite"))
        assert [(tag.name, tag.category, tag.phrasings, tag.judged) for tag in first.tags] == [
            ("cat", "Animals", 2, True)
        ]
        (data_dir / "vocabulary.txt").write_text(
            "# a comment\r\n\n[Animals]\r\ncat: a cat | a kitten", encoding="utf-8"
        )
        same = client.models.ListModels(models_pb2.ListModelsRequest())
        assert same.vocabulary_version == first.vocabulary_version, "comments and line ends are no words"
        (data_dir / "vocabulary.txt").write_text("[Animals]\ncat: a cat | a kitty\n", encoding="utf-8")
        other = client.models.ListModels(models_pb2.ListModelsRequest())
        assert other.vocabulary_version != first.vocabulary_version
        (data_dir / "vocabulary.txt").write_text("[Animals\n", encoding="utf-8")
        assert client.models.ListModels(models_pb2.ListModelsRequest()).vocabulary_version == ""
        with pytest.raises(grpc.RpcError) as broken:
            client.models.ListVocabulary(models_pb2.ListVocabularyRequest(model="lite"))
        assert broken.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert "line 1" in str(broken.value.details())
        client.close()
