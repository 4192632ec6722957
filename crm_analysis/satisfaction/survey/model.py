"""The path model: which items measure which construct, and which construct acts on which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import Self

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.survey.answers import scale_faults

MODES = ("A", "B", "composite")
WHERE = "the path model"
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class PathModel:
    """Blocks of items, and paths between the constructs they measure; nothing is estimated here.

    Parameters
    ----------
    blocks : dict of construct to items
        An item belongs to one block.
    paths : iterable of (source, target)
        Edges; they may not form a circle, and every construct needs one.
    modes : dict of construct to {"A", "B", "composite"}
        "A" (the default): the construct causes its items (reflective). "B": the items form it (formative). "composite":
        weights as in Mode A, but the construct is no more than its weighted items, so PLSc corrects nothing.
    low, high : float, optional
        Ends of the scale of all items; needed for an index from 0 to 100 and for reversed items.
    missing_codes : tuple of float, or one
        Numbers that stand for "no answer", such as -99.
    reversed_items : tuple of str
        Items of which a high answer is bad news.
    labels : dict of name to {"zh": ..., "en": ...}
        How constructs and items are called in figures.

    Raises
    ------
    InputError
        With all faults in one message: an empty block, an item in two blocks, an unknown construct, a circle, ...

    Examples
    --------
    >>> model = PathModel({"Image": ["IMAG1", "IMAG2"], "Loyalty": ["CUSL1"]}, [("Image", "Loyalty")])
    >>> model.items, model.endogenous, model.predecessors("Loyalty")
    (('IMAG1', 'IMAG2', 'CUSL1'), ('Loyalty',), ('Image',))
    >>> PathModel({"a": ["x"], "b": ["y"]}, [("a", "b"), ("b", "a")])
    Traceback (most recent call last):
    crm_analysis.errors.InputError: the paths form a circle: a -> b -> a
      where: the path model
      how to mend: leave out one of these paths
    """

    blocks: Mapping[str, tuple[str, ...]]
    paths: tuple[tuple[str, str], ...]
    modes: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    missing_codes: tuple[float, ...] = ()
    reversed_items: tuple[str, ...] = ()
    labels: Names = field(default_factory=dict)

    def __post_init__(self) -> None:
        set_field = object.__setattr__
        set_field(self, "blocks", {str(name): _texts(items) for name, items in dict(self.blocks).items()})
        set_field(self, "paths", tuple(_edge(edge) for edge in self.paths))
        set_field(self, "modes", {str(name): str(mode) for name, mode in dict(self.modes).items()})
        set_field(self, "missing_codes", tuple(np.ravel(self.missing_codes).tolist()))
        set_field(self, "reversed_items", _texts(self.reversed_items))
        set_field(self, "labels", dict(self.labels))
        problems = [*_block_faults(self), *_path_faults(self), *scale_faults(self.low, self.high)]
        if problems:
            raise InputError("; ".join(en for en, _ in problems), where=WHERE, zh="；".join(zh for _, zh in problems))
        _check_circle(self)

    @classmethod
    def from_dict(cls, model: Mapping) -> Self:
        """Read the model from the content of a data set's ``model.yml``.

        Parameters
        ----------
        model : mapping
            ``blocks``: construct to ``{"items": {item: {"zh":, "en":}} or [item, ...], "zh":, "en":, "mode":}``;
            ``paths``: list of [source, target]; optional ``scale`` {low, high}, ``missing_codes``, ``reversed_items``.

        Examples
        --------
        >>> blocks = {"a": {"items": ["x"]}, "b": {"items": ["y"]}}
        >>> PathModel.from_dict({"blocks": blocks, "paths": [["a", "b"]]}).constructs
        ('a', 'b')
        """
        try:
            blocks = {name: tuple(block["items"]) for name, block in model["blocks"].items()}
            paths = list(model["paths"])
            modes = {name: block["mode"] for name, block in model["blocks"].items() if "mode" in block}
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError("the measurement model has no blocks and paths", where="model.yml",
                             expected="blocks: {construct: {items: [...]}}, paths: [[source, target], ...]",
                             zh="测量模型中没有潜变量与路径") from error  # fmt: skip
        scale = model.get("scale", {})
        return cls(blocks, tuple(paths), modes=modes, low=scale.get("low"), high=scale.get("high"),
                   missing_codes=model.get("missing_codes", ()),
                   reversed_items=tuple(model.get("reversed_items", ())), labels=_labels(model["blocks"]))  # fmt: skip

    @property
    def constructs(self) -> tuple[str, ...]:
        """Names of the constructs, in the order of the blocks."""
        return tuple(self.blocks)

    @property
    def items(self) -> tuple[str, ...]:
        """All items, block after block."""
        return tuple(item for items in self.blocks.values() for item in items)

    @property
    def endogenous(self) -> tuple[str, ...]:
        """Constructs that a path leads to."""
        targets = {target for _, target in self.paths}
        return tuple(name for name in self.blocks if name in targets)

    def predecessors(self, construct: str) -> tuple[str, ...]:
        """Return the constructs from which a path leads straight to `construct`."""
        return tuple(name for name in self.blocks if (name, construct) in self.paths)

    def mode(self, construct: str) -> str:
        """Return "A", "B" or "composite"."""
        return self.modes.get(construct, "A")

    def reflective(self, construct: str) -> bool:
        """Whether the construct is taken to cause its items, two or more, so that their agreement says something."""
        return self.mode(construct) == "A" and len(self.blocks[construct]) > 1

    def label(self, name: str, lang: str) -> str:
        """Return how a construct or item is called in `lang`; its own name where nothing was given."""
        return str(self.labels.get(name, {}).get(lang) or name)

    def change(self, **changes: object) -> Self:
        """Return a copy with some parameters replaced.

        Examples
        --------
        >>> model = PathModel({"a": ["x"], "b": ["y", "z"]}, [("a", "b")])
        >>> model.change(modes={"b": "B"}).mode("b")
        'B'
        """
        return replace(self, **changes)

    def table(self) -> pd.DataFrame:
        """Return the blocks as a table: construct, mode, item_names, and the constructs that act on it."""
        rows = [
            {"construct": name, "mode": self.mode(name), "item_names": ", ".join(items),
             "predecessors": ", ".join(self.predecessors(name))}
            for name, items in self.blocks.items()
        ]  # fmt: skip
        return pd.DataFrame(rows).set_index("construct")


def _texts(names: Iterable[str] | str) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(str(name) for name in names)


def _edge(edge: object) -> tuple[str, str]:
    ends = () if isinstance(edge, str) or not isinstance(edge, Iterable) else tuple(edge)
    if len(ends) != 2:
        raise InputError(f"{edge!r} is no path", where=WHERE, expected="pairs (source, target)",
                         zh=f"{edge!r} 不是路径，应为（前因，结果）")  # fmt: skip
    return str(ends[0]), str(ends[1])


def _labels(blocks: Mapping[str, Mapping]) -> dict[str, dict[str, str]]:
    found = {name: {lang: block[lang] for lang in ("zh", "en") if lang in block} for name, block in blocks.items()}
    for block in blocks.values():
        items = block["items"]
        found |= {item: dict(text or {}) for item, text in items.items()} if isinstance(items, Mapping) else {}
    return found


def _block_faults(model: PathModel) -> list[tuple[str, str]]:
    """Faults of the blocks, each in English and Chinese."""
    items = list(model.items)
    twice = ", ".join(sorted({item for item in items if items.count(item) > 1}))
    faults = [("there is no construct", "没有潜变量")] if not model.blocks else []
    faults += [(f"construct {name} has no item", f"潜变量 {name} 没有题项") for name, block in model.blocks.items()
               if not block]  # fmt: skip
    faults += [(f"{twice} named more than once", f"题项重复：{twice}")] if twice else []
    for name, mode in model.modes.items():
        if mode not in MODES:
            faults.append(
                (f"mode {mode!r} of {name} is none of {', '.join(MODES)}", f"{name} 的测量方式 {mode} 不存在")
            )
        if name not in model.blocks:
            faults.append((f"mode given for an unknown construct {name}", f"测量方式指定了未知的潜变量 {name}"))
    strange = [item for item in model.reversed_items if item not in items]
    faults += [
        (f"{item} is to be reversed but belongs to no block", f"反向题 {item} 不属于任何潜变量") for item in strange
    ]
    return faults


def _path_faults(model: PathModel) -> list[tuple[str, str]]:
    """Faults of the paths, each in English and Chinese."""
    names = {name for edge in model.paths for name in edge}
    faults = []
    for name in sorted(names - set(model.blocks)):
        hint = f" ({hint})" if (hint := nearest(name, model.blocks)) else ""
        faults.append((f"a path names the unknown construct {name}{hint}", f"路径中有未知的潜变量 {name}"))
    for source, target in sorted({edge for edge in model.paths if model.paths.count(edge) > 1}):
        faults.append((f"the path {source} -> {target} is named more than once", f"路径 {source}→{target} 重复"))
    faults += [
        (f"no path touches {name}", f"潜变量 {name} 没有相连的路径") for name in model.blocks if name not in names
    ]
    return faults


def _check_circle(model: PathModel) -> None:
    try:
        tuple(TopologicalSorter({name: model.predecessors(name) for name in model.blocks}).static_order())
    except CycleError as error:
        circle = error.args[1]
        raise InputError(f"the paths form a circle: {' -> '.join(circle)}", where=WHERE,
                         mend="leave out one of these paths",
                         zh=f"路径中有循环：{'→'.join(circle)}") from None  # fmt: skip
