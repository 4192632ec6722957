"""Models before they are fitted, with answers filled in, with items that run the wrong way: said by name."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.index.index import satisfaction_index
from crm_analysis.satisfaction.measurement.gate import measurement_gate
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.inference import bootstrap
from crm_analysis.satisfaction.pls.templates import LABELS, MOBI_BLOCKS, ecsi


@pytest.mark.parametrize("use", [bootstrap, measurement_gate, satisfaction_index])
def test_a_model_that_was_not_fitted_is_told_so(sample_model, use):
    with pytest.raises(InputError, match="not been fitted"):
        use(PLS(sample_model))


def test_filled_answers_are_a_caution_everywhere(sample_model, sample_survey):
    items = list(sample_model.items)
    holes = (
        sample_survey[items]
        .astype(float)
        .mask(np.random.default_rng(1).random((len(sample_survey), len(items))) < 0.02)
    )
    fitted = PLS(sample_model, missing="mean").fit(holes)
    count = f"{int(holes.isna().any(axis=1).sum()):,}"
    gate = measurement_gate(fitted, draws=50)
    assert gate.claims.set_index("reason_key").loc["answers_invented", "claim_verdict"] == "claim_caution"
    for text in (
        gate.text("en"),
        bootstrap(fitted, draws=50).text("en"),
        satisfaction_index(fitted, draws=50).text("en"),
    ):
        assert count in text
        assert "filled in with means" in text


def test_an_index_with_a_negative_weight_is_called_invalid(sample_model, sample_survey):
    turned = sample_survey.assign(satisfaction_2=11 - sample_survey["satisfaction_2"])
    with pytest.warns(UserWarning, match="satisfaction_2"):
        index = satisfaction_index(PLS(sample_model).fit(turned), draws=50)
    assert "not valid" in index.text("en")
    assert "不能使用" in index.text("zh")


def test_the_constructs_of_a_template_may_be_named_in_words():
    chinese = {LABELS[name]["zh"]: items for name, items in MOBI_BLOCKS.items()}
    assert ecsi(chinese) == ecsi(MOBI_BLOCKS)


def test_the_printed_form_says_what_was_fitted(sample_model, sample_survey):
    assert repr(PLS(sample_model)) == "PLS(7 constructs, 19 items, scheme='path'; not fitted)"
    assert "fitted to 500 respondents" in repr(PLS(sample_model).fit(sample_survey))
