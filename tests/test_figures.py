"""New axes, theme, languages, fonts, alt text, pictures."""

from __future__ import annotations

import logging

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from crm_analysis import figures


@figures.plot
def plot_bars(data, *, ax=None, lang="en", fail=False):
    ax = figures.new_axes(ax)
    ax.bar(range(len(data)), data)
    ax.set_xlabel({"en": "customers", "zh": "客户"}[lang])
    if fail:
        raise RuntimeError("drawn badly")
    return figures.describe(ax, {"en": "Bars  of\n data.", "zh": "条形图。"}[lang])


def test_new_axes_never_take_the_current_ones():
    current = plt.figure().add_subplot()
    assert figures.new_axes().figure is not current.figure
    assert figures.new_axes(current) is current


def test_the_size_is_in_inches():
    assert figures.new_axes(width=3, height=2).figure.get_size_inches().tolist() == [3, 2]


def test_drawing_leaves_the_settings_alone_even_when_it_fails():
    before = dict(mpl.rcParams)
    plot_bars([1])
    with pytest.raises(RuntimeError):
        plot_bars([1], fail=True)
    assert dict(mpl.rcParams) == before


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="lang must be one of"):
        plot_bars([1], lang="fr")


def test_the_decorated_function_keeps_its_name_and_gives_back_the_axes_given():
    _, ax = plt.subplots()
    assert plot_bars([1], ax=ax) is ax
    assert plot_bars.__name__ == "plot_bars"


@pytest.mark.parametrize("lang", figures.LANGUAGES)
def test_chinese_and_minus_are_drawn_without_a_missing_glyph(lang, caplog):
    ax = plot_bars([-1, 2], lang=lang)
    ax.set_title("客户终身价值 −5 € ¥ × ≥ “引号”，。、；：（）", parse_math=False)
    ax.set_ylabel("$\\alpha$ 客户")
    with caplog.at_level(logging.WARNING):
        assert figures.png(ax).startswith(b"\x89PNG")
    assert not caplog.records


def test_ticks_are_in_the_font_that_has_chinese():
    ax = plot_bars([1, 2])
    ax.set_xticks([0, 1], ["浏览", "购买"])
    assert all(label.get_fontfamily() == figures.FAMILY for label in ax.get_xticklabels())


def test_alt_text_is_one_line_and_required():
    assert figures.alt_text(plot_bars([1])) == "Bars of data."
    with pytest.raises(ValueError, match="no alt text"):
        figures.alt_text(figures.new_axes())
    with pytest.raises(ValueError, match="no alt text"):
        figures.alt_text(figures.describe(figures.new_axes(), " "))


def test_the_picture_closes_its_figure_and_is_the_same_each_time():
    before = plt.get_fignums()
    assert figures.png(plot_bars([1])) == figures.png(plot_bars([1]))
    assert plt.get_fignums() == before


def test_axes_of_a_subfigure_can_be_pictured():
    ax = plt.figure().subfigures(1, 2)[0].subplots()
    assert figures.png(plot_bars([1], ax=ax)).startswith(b"\x89PNG")
    assert not plt.get_fignums()


def test_colours_can_be_told_apart_and_have_contrast_to_white():
    def luminance(colour):
        """Relative luminance of WCAG 2."""
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in mpl.colors.to_rgb(colour)
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert len(set(figures.PALETTE)) == len(figures.PALETTE)
    assert 1.05 / (luminance(figures.INK) + 0.05) > 7
    assert 1.05 / (luminance(figures.PALETTE[0]) + 0.05) > 3
