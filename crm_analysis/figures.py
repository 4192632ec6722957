"""The ground floor of every plot: new axes, the theme with its Chinese font, alt text, a picture of the result."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib import font_manager
from matplotlib.axes import Axes

FONTS = Path(__file__).parent / "fonts"
FAMILY = ["Noto Sans CJK SC", "DejaVu Sans"]  # Chinese first: a label with maths uses only the first
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#4D4D4D")  # Okabe & Ito 2008
INK, GRID = "#222222", "#DDDDDD"
WIDTH, HEIGHT = 7.2, 4.0  # inches, one scale for all figures
LANGUAGES = ("zh", "en")

_THEME = {
    "font.family": FAMILY,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.unicode_minus": False,
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "figure.figsize": (WIDTH, HEIGHT),
    "figure.facecolor": "white",
    "legend.frameon": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


@functools.cache
def _add_fonts() -> None:
    for path in sorted(FONTS.glob("*.otf")):
        font_manager.fontManager.addfont(path)


@contextmanager
def theme() -> Iterator[None]:
    """Apply the project's look inside a ``with`` block and leave matplotlib's settings as they were.

    Examples
    --------
    >>> before = mpl.rcParams["font.family"]
    >>> with theme():
    ...     mpl.rcParams["font.family"][0]
    'Noto Sans CJK SC'
    >>> mpl.rcParams["font.family"] == before
    True
    """
    _add_fonts()
    with mpl.rc_context(_THEME):
        yield


def new_axes(ax: Axes | None = None, *, width: float = WIDTH, height: float = HEIGHT) -> Axes:
    """Return `ax`, or the axes of a new figure; never the axes that happen to be current.

    Examples
    --------
    >>> first, second = new_axes(), new_axes()
    >>> first.figure is second.figure
    False
    >>> plt.close("all")
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def plot(function: Callable[..., Axes]) -> Callable[..., Axes]:
    """Decorate a plot function: drawn in the theme, language checked, ticks in a font that has Chinese.

    The function takes ``(data, *, ax=None, lang="en", ...)`` and returns `Axes`
    which it has given an alt text with `describe`.

    Examples
    --------
    >>> @plot
    ... def plot_line(data, *, ax=None, lang="en"):
    ...     ax = new_axes(ax)
    ...     ax.plot(data)
    ...     return describe(ax, {"en": "A line.", "zh": "一条线。"}[lang])
    >>> alt_text(plot_line([1, 2]))
    'A line.'
    >>> plt.close("all")
    """

    @functools.wraps(function)
    def drawn(*args: object, **kwargs: object) -> Axes:
        if kwargs.get("lang", "en") not in LANGUAGES:
            raise ValueError(f"lang must be one of {LANGUAGES}; got {kwargs['lang']!r}")
        with theme():
            ax = function(*args, **kwargs)
            for axes in ax.figure.axes:
                axes.tick_params(labelfontfamily=FAMILY)
        return ax

    return drawn


def describe(ax: Axes, alt: str) -> Axes:
    """Attach the alt text (what kind of plot, its axes, its main reading) and return the axes."""
    ax.crm_alt = " ".join(alt.split())
    return ax


def alt_text(ax: Axes) -> str:
    """Return the alt text of a plot; a plot without one is an error."""
    alt = getattr(ax, "crm_alt", "")
    if not alt:
        raise ValueError("this plot has no alt text; its function must call figures.describe(ax, text)")
    return alt


def png(ax: Axes, *, dpi: int = 160) -> bytes:
    """Draw the figure of `ax` as PNG bytes and close it.

    Examples
    --------
    >>> png(new_axes())[1:4]
    b'PNG'
    """
    buffer, figure = io.BytesIO(), ax.get_figure(root=True)
    with theme():
        figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    plt.close(figure)
    return buffer.getvalue()
