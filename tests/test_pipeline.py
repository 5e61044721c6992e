"""The spaCy side: exact spans in any tokeniser, plain Docs, and extraction that no text breaks."""

from __future__ import annotations

import json

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

import yaodian
from yaodian.components import record as to_record
from yaodian.record import parse

PLAN = "某市应急管理局2023年工作要点\n一、总体\n(一)加强监管。市应急管理局提前2小时发布暴雨预警,落实《安全生产法》。"
CHARACTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from(
    "一二三四五六七八九十百千万亿（）()《》〈〉“”。；：、，0123456789%局委部各市县年月日、\n\r\t　🚒𠮷"
)


def test_the_default_pipeline_keeps_the_text(nlp: spacy.language.Language, seed_text: str) -> None:
    doc = nlp(seed_text)
    assert doc.text == seed_text
    assert len(doc) == len(seed_text)
    assert {span.label_ for span in doc.spans["yaodian"]} == {"INSTITUTION", "REGULATION", "HAZARD", "QUANTITY"}
    assert len(doc.spans["yaodian_measures"]) == 100


@pytest.mark.parametrize("language", ["zh", "en", "xx"])
def test_spans_are_exact_in_a_foreign_pipeline(language: str) -> None:
    nlp = spacy.blank(language)
    for name in ("yaodian_segmenter", "yaodian_tagger", "yaodian_relator", "yaodian_classifier"):
        nlp.add_pipe(name)
    doc = nlp(PLAN)
    expected = yaodian.extract(PLAN)
    assert doc.text == PLAN
    found = [(span.start_char, span.end_char, span.label_, span.text) for span in doc.spans["yaodian"]]
    assert found == [(e.start, e.end, e.type, e.text) for e in expected.entities]
    assert to_record(doc) == expected


def test_pipe_and_pickling_keep_the_record(nlp: spacy.language.Language) -> None:
    docs = list(nlp.pipe([PLAN, "", PLAN]))
    assert to_record(docs[0]) == to_record(docs[2]) == yaodian.extract(PLAN)
    copied = spacy.tokens.Doc(nlp.vocab).from_bytes(docs[0].to_bytes())
    assert to_record(copied) == to_record(docs[0])


def test_a_component_out_of_order_says_what_to_do() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("yaodian_relator")
    with pytest.raises(ValueError, match="yaodian_segmenter"):
        nlp(PLAN)


def check(text: str) -> None:
    record = yaodian.extract(text)
    assert record.text == text
    assert parse(json.loads(record.to_json()), where="again") == record
    for entity in record.entities:
        assert text[entity.start : entity.end] == entity.text
        assert entity.text == entity.text.strip()
    ends = [entity.end for entity in record.entities]
    assert all(end <= entity.start for end, entity in zip(ends, record.entities[1:], strict=False))
    for measure in record.measures:
        assert text[measure.start : measure.end].strip()


@settings(deadline=None, max_examples=300)
@given(st.text(CHARACTERS, max_size=80))
def test_any_text_gives_a_consistent_record(text: str) -> None:
    check(text)


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    assert yaodian.extract("一\ud800二").text == "一\ufffd二"


@settings(deadline=None, max_examples=150)
@given(st.text(CHARACTERS, max_size=30), st.integers(0, len(PLAN)))
def test_any_disturbance_of_a_plan_gives_a_consistent_record(noise: str, place: int) -> None:
    check(PLAN[:place] + noise + PLAN[place:])


@pytest.mark.parametrize("unit", ["1", "一", "（", "《", "市", "各", "“", "第一", "、局", "，1", "2-", "年"])
def test_hostile_repetition_stays_near_linear(unit: str) -> None:
    """Work is counted by the interpreter's own events, so that a slow machine changes nothing."""
    import sys

    def work(size: int) -> int:
        count = 0

        def trace(*_: object) -> None:
            nonlocal count
            count += 1

        text = PLAN + unit * size
        sys.setprofile(trace)
        try:
            yaodian.extract(text)
        finally:
            sys.setprofile(None)
        return count

    yaodian.extract(PLAN)
    small, large = work(500), work(2000)
    assert large < 6 * small


def test_predictions_are_those_of_scikit_learn(seed_text: str) -> None:
    import numpy as np

    from yaodian.classify import Classifier, fit, fit_estimators, seen
    from yaodian.classify.features import features

    measures = seen(yaodian.extract(seed_text))
    functions = ["party" if i % 3 else "enforcement" for i in range(len(measures))]
    instruments = ["supply" if i % 2 else "environment" for i in range(len(measures))]
    vectoriser, (model, _) = fit_estimators(measures, functions, instruments)
    expected = model.predict_proba(vectoriser.transform(features(measures)))
    found = Classifier(fit(measures, functions, instruments)).predict(measures)
    got = np.array([[p.function_scores[name] for name in model.classes_] for p in found])
    assert np.abs(got - expected).max() < 1e-3


def test_the_doc_carries_its_record_and_jiebas_words(nlp: spacy.language.Language) -> None:
    doc = nlp(PLAN)
    assert doc._.yaodian_record == yaodian.extract(PLAN)
    assert "".join(doc._.yaodian_words) == PLAN


def test_jieba_knows_the_projects_terms() -> None:
    from yaodian.lexicon.words import words

    assert "两客一危" in words("整治两客一危车辆")
