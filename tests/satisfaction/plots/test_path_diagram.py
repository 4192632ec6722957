"""The path diagram read back: names, numbers and lines as in the model, and nothing on top of anything else."""

from __future__ import annotations

import itertools
import logging

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, Polygon

from crm_analysis import figures
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.plots.path_diagram import plot_path_diagram
from crm_analysis.satisfaction.plots.path_layout import Grid, depths, place_nodes
from crm_analysis.satisfaction.plots.path_routes import Shape, route
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.inference import bootstrap
from crm_analysis.satisfaction.pls.templates import MOBI_BLOCKS, acsi, ccsi, ecsi
from crm_analysis.satisfaction.survey.model import PathModel

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def without(name: str) -> dict:
    return {construct: items for construct, items in MOBI_BLOCKS.items() if construct != name}


TWO = PathModel({"a": ["IMAG1", "IMAG2"], "b": ["CUSL1"]}, [("a", "b")])
MODELS = {"ecsi": ecsi(), "acsi": acsi(without("image")), "ccsi": ccsi(without("complaints")), "two": TWO}


def fitted_to_moments(model: PathModel, moments) -> PLS:
    return PLS(model).fit_moments(moments)


def ovals(ax: Axes) -> list[Ellipse]:
    return [patch for patch in ax.patches if isinstance(patch, Ellipse)]


def extents(ax: Axes) -> list[tuple[str, mpl.transforms.Bbox]]:
    ax.figure.draw_without_rendering()
    return [(text.get_text(), text.get_window_extent()) for text in ax.texts if text.get_text()]


def assert_nothing_overlaps(ax: Axes) -> None:
    """No text on another, none cut off, ovals apart, no arrow through a strange oval."""
    found = extents(ax)
    frame = ax.figure.bbox
    for text, box in found:
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1, text
        assert frame.y0 <= box.y0 < box.y1 <= frame.y1, text
    for (one, a), (two, b) in itertools.combinations(found, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 1 or up <= 3, (one, two)  # pixels; the extent of a line reaches beyond its letters
    shapes = [Shape(*oval.center, oval.width, oval.height) for oval in ovals(ax)]
    for line in ax.lines:
        course = line.get_xydata()
        inside = [shape.holds(course).mean() for shape in shapes]
        assert max(inside) < 0.1, line


@LANGUAGES
def test_sample_company_with_intervals(sample_model, sample_survey, lang):
    fitted = PLS(sample_model).fit(sample_survey)
    drawn = bootstrap(fitted, draws=100)
    ax = plot_path_diagram(fitted, drawn, lang=lang)
    texts = [text.get_text() for text in ax.texts]
    for row in drawn.paths.to_dict("records"):
        assert f"{row['path']:.2f}" in texts
        assert f"[{row['path_low']:.2f}, {row['path_high']:.2f}]" in texts
    for name in sample_model.constructs:
        assert sample_model.label(name, lang) in [text.replace("\n", " ") for text in texts]
    for value in fitted.r_squared_["r_squared"]:
        assert f"R² = {value:.2f}" in texts
    assert_nothing_overlaps(ax)
    covers = (drawn.paths["path_low"] <= 0) & (drawn.paths["path_high"] >= 0)
    assert covers.any()
    assert [line.get_linestyle() != "-" for line in ax.lines] == covers.tolist()
    sure = [line for line, hit in zip(ax.lines, covers) if not hit]
    order = np.argsort(drawn.paths.loc[~covers, "path"].abs())
    assert np.all(np.diff([sure[k].get_linewidth() for k in order]) >= 0)
    assert len({line.get_color() for line in ax.lines}) == 2  # black, and grey for what is not told from 0


@LANGUAGES
@pytest.mark.parametrize(("name", "items"), [*((name, False) for name in MODELS), ("ecsi", True)])
def test_models_of_the_literature(mobi_moments, name, items, lang):
    fitted = fitted_to_moments(MODELS[name], mobi_moments)
    ax = plot_path_diagram(fitted, items=items, lang=lang)
    assert len(ax.lines) == len(MODELS[name].paths)
    assert sum(isinstance(patch, Polygon) and len(patch.get_xy()) == 4 for patch in ax.patches) == len(ax.lines)
    assert_nothing_overlaps(ax)
    width, height = ax.figure.get_size_inches()
    assert width <= figures.WIDTH + 0.3
    assert height <= (10 if items else 6)


def test_arrows_run_from_source_to_target_and_to_the_right(mobi_moments):
    model = MODELS["ecsi"]
    ax = plot_path_diagram(fitted_to_moments(model, mobi_moments))
    at = {name: np.array(oval.center) for name, oval in zip(model.constructs, ovals(ax))}
    for (source, target), line in zip(model.paths, ax.lines):
        course = line.get_xydata()
        size = np.array([ovals(ax)[0].width, ovals(ax)[0].height]) / 2 + 0.3
        assert (np.abs(course[0] - at[source]) < size).all()
        assert (np.abs(course[-1] - at[target]) < size).all()
        assert at[source][0] <= at[target][0] + 1e-9


def test_both_languages_stand_alike(mobi_moments):
    fitted = fitted_to_moments(MODELS["ecsi"], mobi_moments)
    zh, en = ([oval.center for oval in ovals(plot_path_diagram(fitted, lang=lang))] for lang in ("zh", "en"))
    np.testing.assert_allclose(zh, en)


@LANGUAGES
def test_alt_text_reads_the_strongest_paths(mobi_moments, lang):
    alt = figures.alt_text(plot_path_diagram(fitted_to_moments(MODELS["ecsi"], mobi_moments), lang=lang))
    strongest = {"zh": "感知质量 → 感知价值 0.56", "en": "perceived quality → perceived value 0.56"}[lang]
    assert strongest in alt
    assert {"zh": "7 个潜变量，12 条路径", "en": "7 constructs, 12 paths"}[lang] in alt
    assert "R² = 0.68" in alt


def test_items_show_loadings_and_weights_of_formative_blocks(mobi_moments):
    fitted = fitted_to_moments(MODELS["ecsi"].change(modes={"value": "B"}), mobi_moments)
    ax = plot_path_diagram(fitted, items=True)
    texts = [text.get_text() for text in ax.texts]
    assert f"{fitted.weights_.loc['IMAG1', 'loading']:.2f}" in texts
    assert f"w {fitted.weights_.loc['PERV1', 'weight']:.2f}" in texts
    assert set(MODELS["ecsi"].items) <= set(texts)
    assert any("weights" in text for text in texts)


def test_a_model_alone_has_no_numbers():
    ax = plot_path_diagram(MODELS["ccsi"], lang="zh")
    assert not any(char.isdigit() for text in ax.texts for char in text.get_text())
    assert "企业形象 → 顾客期望" in figures.alt_text(ax)


def test_given_axes_are_used_and_letters_shrink_with_them(mobi_moments):
    fitted = fitted_to_moments(MODELS["ecsi"], mobi_moments)
    _, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
    ax = plot_path_diagram(fitted, ax=left)
    assert ax is left
    assert not right.texts
    sizes = [text.get_fontsize() for text in ax.texts]
    assert max(sizes) < 6
    assert plot_path_diagram(fitted).figure is not plot_path_diagram(fitted).figure


def test_settings_stay_and_no_letter_is_missing(mobi_moments, caplog):
    before = dict(mpl.rcParams)
    model = MODELS["two"].change(labels={"a": {"zh": "企业社会责任感知", "en": "$cost_1$"}})
    for lang in ("zh", "en"):
        with caplog.at_level(logging.WARNING):
            figures.png(plot_path_diagram(fitted_to_moments(model, mobi_moments), lang=lang), dpi=40)
    assert dict(mpl.rcParams) == before
    assert "font" not in caplog.text.lower()


@settings(max_examples=8, deadline=None)
@given(data=st.data(), nodes=st.integers(2, 6))
def test_any_model_is_laid_out_without_overlap(data, nodes):
    every = list(itertools.combinations(range(nodes), 2))
    chosen = data.draw(st.lists(st.sampled_from(every), min_size=1, unique=True))
    edges = tuple(sorted({*chosen, *((k, k + 1) for k in range(nodes - 1) if not {k, k + 1} & {*sum(chosen, ())})}))
    grid = Grid(min(4, depths(np.array(edges), nodes).max() + 1), 2 * nodes, 1.9, 0.75, (0.7, 0.3))
    at = np.array(place_nodes(edges, ((1.1, 0.7, 0.0),) * nodes, grid))
    for a, b in itertools.combinations(range(nodes), 2):
        assert (np.abs(at[a] - at[b]) >= [1.1, 0.7]).any()
    assert all(at[target][0] >= at[source][0] for source, target in edges)
    shapes = [Shape(x, y, 1.1, 0.7) for x, y in at]
    for edge, course in zip(edges, route(list(edges), shapes)):
        strangers = [shape for place, shape in enumerate(shapes) if place not in edge]
        assert sum(shape.holds(course).sum() for shape in strangers) <= 0.1 * len(course)
        assert len(course) >= 2


def test_depths_count_the_longest_way():
    assert depths(np.array([[2, 0], [0, 1], [2, 1]]), 3).tolist() == [1, 2, 0]


def test_paths_of_a_table_with_limits_keep_label_and_value_together(sample_model, sample_survey):
    fitted = PLS(sample_model).fit(sample_survey)
    drawn = bootstrap(fitted, draws=50)
    ax = plot_path_diagram(fitted, drawn)
    labels = {text.get_text(): np.array(text.get_position()) for text in ax.texts}
    for row, line in zip(drawn.paths.to_dict("records"), ax.lines):
        course = line.get_xydata()
        place = labels[f"[{row['path_low']:.2f}, {row['path_high']:.2f}]"]
        assert np.hypot(*(course - place).T).min() < 0.75
    assert isinstance(drawn.paths, pd.DataFrame)


def test_a_bootstrap_of_another_fit_is_refused_and_chinese_keeps_its_signs(sample_model, sample_survey):
    found = bootstrap(PLS(sample_model).fit(sample_survey.iloc[:200]), draws=20)
    with pytest.raises(InputError, match="another fit"):
        plot_path_diagram(PLS(sample_model).fit(sample_survey), found)
    alt = figures.alt_text(plot_path_diagram(sample_model, lang="zh"))
    assert not set(alt) & set(",.;:()")
