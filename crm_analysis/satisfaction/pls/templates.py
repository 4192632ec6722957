"""The satisfaction indices of the literature as path models: ACSI, ECSI, CCSI; edges may be changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.survey.model import PathModel

ACSI_PATHS = (
    ("expectations", "quality"), ("expectations", "value"), ("expectations", "satisfaction"),
    ("quality", "value"), ("quality", "satisfaction"), ("value", "satisfaction"),
    ("satisfaction", "complaints"), ("satisfaction", "loyalty"), ("complaints", "loyalty"),
)  # fmt: skip
ECSI_PATHS = (
    ("image", "expectations"), ("image", "satisfaction"), ("image", "loyalty"), *ACSI_PATHS,
)  # fmt: skip
CCSI_PATHS = (
    ("image", "expectations"), ("image", "quality"), ("image", "value"), ("image", "satisfaction"),
    ("image", "loyalty"), ("expectations", "quality"), ("expectations", "value"), ("quality", "value"),
    ("quality", "satisfaction"), ("value", "satisfaction"), ("satisfaction", "loyalty"),
)  # fmt: skip
LABELS = {
    "image": {"zh": "企业形象", "en": "image"},
    "expectations": {"zh": "顾客期望", "en": "expectations"},
    "quality": {"zh": "感知质量", "en": "perceived quality"},
    "value": {"zh": "感知价值", "en": "perceived value"},
    "satisfaction": {"zh": "顾客满意", "en": "satisfaction"},
    "complaints": {"zh": "顾客抱怨", "en": "complaints"},
    "loyalty": {"zh": "顾客忠诚", "en": "loyalty"},
}
MOBI_BLOCKS = {
    "image": ("IMAG1", "IMAG2", "IMAG3", "IMAG4", "IMAG5"),
    "expectations": ("CUEX1", "CUEX2", "CUEX3"),
    "quality": ("PERQ1", "PERQ2", "PERQ3", "PERQ4", "PERQ5", "PERQ6", "PERQ7"),
    "value": ("PERV1", "PERV2"),
    "satisfaction": ("CUSA1", "CUSA2", "CUSA3"),
    "complaints": ("CUSCO",),
    "loyalty": ("CUSL1", "CUSL2", "CUSL3"),
}


def ecsi(blocks: Mapping[str, Iterable[str]] | None = None, **options: object) -> PathModel:
    """European customer satisfaction index: image, expectations, quality, value, satisfaction, complaints, loyalty.

    Parameters
    ----------
    blocks : dict of construct to items, optional
        The items of each of the seven constructs; those of the mobile-phone survey (`survey.moments.mobi`) when left
        out. A construct left out of the dictionary is left out of the model with its paths.
    **options
        Further arguments of `PathModel` (low, high, modes, ...); ``paths`` replaces the edges.

    References
    ----------
    .. [1] Tenenhaus et al. (2005). Computational Statistics & Data Analysis 48, 159-205 (12 edges).

    Examples
    --------
    >>> model = ecsi()
    >>> len(model.paths), model.predecessors("loyalty")
    (12, ('image', 'satisfaction', 'complaints'))
    """
    return _template(MOBI_BLOCKS if blocks is None else blocks, ECSI_PATHS, options)


def acsi(blocks: Mapping[str, Iterable[str]], **options: object) -> PathModel:
    """American customer satisfaction index: as `ecsi` without image.

    References
    ----------
    .. [1] Fornell, Johnson, Anderson, Cha & Bryant (1996). Journal of Marketing 60(4), 7-18.

    Examples
    --------
    >>> model = acsi({name: items for name, items in MOBI_BLOCKS.items() if name != "image"})
    >>> len(model.paths)
    9
    """
    return _template(blocks, ACSI_PATHS, options)


def ccsi(blocks: Mapping[str, Iterable[str]], **options: object) -> PathModel:
    """Chinese customer satisfaction index: image first, no complaints.

    Published diagrams differ in their edges; those used here are a starting point, printed by `PathModel.table` and
    replaced by ``paths=``.

    Examples
    --------
    >>> model = ccsi({name: items for name, items in MOBI_BLOCKS.items() if name != "complaints"})
    >>> model.predecessors("satisfaction")
    ('image', 'quality', 'value')
    """
    return _template(blocks, CCSI_PATHS, options)


def _template(
    blocks: Mapping[str, Iterable[str]], edges: tuple[tuple[str, str], ...], options: dict[str, object]
) -> PathModel:
    known_as = {label: name for name, texts in LABELS.items() for label in texts.values()}  # 顾客满意 is satisfaction
    named = {known_as.get(name, name): tuple(items) for name, items in blocks.items()}
    known = {name for edge in edges for name in edge}
    paths = options.pop("paths", tuple(edge for edge in edges if set(edge) <= set(named)))
    unknown = [f"{name} {nearest(name, known)}".rstrip() for name in named if name not in {n for e in paths for n in e}]
    if unknown:
        raise InputError(f"no path of this index touches {', '.join(unknown)}", where="the template",
                         expected=", ".join(sorted(known)), mend="rename the block or give paths=",
                         zh=f"模型中没有与这些潜变量相连的路径：{'、'.join(unknown)}")  # fmt: skip
    labels = {name: LABELS[name] for name in named if name in LABELS} | dict(options.pop("labels", {}))
    return PathModel(named, paths, labels=labels, **options)
