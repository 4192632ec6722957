"""Parameters of a notebook: read from its own parameters cell, checked strictly before a kernel starts.

A line of the cell is a typed literal, and its comment says in both languages
what it means, with the values allowed::

    language: str = "zh"        # 报告语言 | language of the report {zh, en}
    top_share: float = 0.2      # 头部客户占比 | share of customers called top [0.01..0.99]
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass

from crm_analysis.errors import InputError, nearest

KINDS: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float), "bool": (bool,)}
RANGE = re.compile(r"\[\s*(-?[\d.]+?)\s*\.\.\s*(-?[\d.]+?)\s*\]")
CHOICES = re.compile(r"\{([^{}]*)\}")
TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell.

    Parameters
    ----------
    name, kind : str
        `kind` is ``str``, ``int``, ``float`` or ``bool``.
    default : object
        The literal in the notebook.
    zh, en : str
        What it means.
    choices : tuple of str
        Allowed texts; empty for any.
    low, high : float or None
        Allowed range of a number.
    """

    name: str
    kind: str
    default: object
    zh: str = ""
    en: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def allowed(self) -> str:
        """The allowed values in words, or an empty string."""
        if self.choices:
            return ", ".join(self.choices)
        return "" if self.low is None else f"{self.low:g} to {self.high:g}"

    def problem(self, value: object) -> str:
        """Return what is wrong with `value`, or an empty string.

        Examples
        --------
        >>> Parameter("share", "float", 0.2, low=0, high=1).problem(20)
        'share: must be 0 to 1; got 20'
        >>> Parameter("weeks", "int", 8).problem(True)
        'weeks: needs int; got True'
        """
        if isinstance(value, bool) != (self.kind == "bool") or not isinstance(value, KINDS[self.kind]):
            return f"{self.name}: needs {self.kind}; got {value!r}"
        if self.choices and value not in self.choices:
            hint = nearest(str(value), self.choices)
            return f"{self.name}: must be one of {self.allowed}; got {value!r}{'; ' * bool(hint)}{hint}"
        if self.low is not None and not self.low <= value <= self.high:
            return f"{self.name}: must be {self.allowed}; got {value!r}"
        return ""

    def parse(self, text: str) -> object:
        """Turn a text from the command line into a value of this kind; a text that does not fit comes back as it is.

        Examples
        --------
        >>> Parameter("weeks", "int", 8).parse("12"), Parameter("id", "str", "").parse("007")
        (12, '007')
        """
        try:
            if self.kind == "bool":
                return {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}[text.strip().lower()]
            return {"int": int, "float": float, "str": str}[self.kind](text)
        except (ValueError, KeyError):
            return text


def read_parameters(source: str) -> dict[str, Parameter]:
    """Read the source of a parameters cell.

    Raises
    ------
    ValueError
        If a line is not ``name: kind = literal  # help``.

    Examples
    --------
    >>> spec = read_parameters('weeks: int = 8  # 周数 | weeks to show [1..52]')
    >>> spec["weeks"].zh, spec["weeks"].en, spec["weeks"].allowed
    ('周数', 'weeks to show', '1 to 52')
    """
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    helps = {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}
    spec = {}
    for node in ast.parse(source).body:
        kind = ast.unparse(node.annotation) if isinstance(node, ast.AnnAssign) else ""
        if kind not in KINDS or node.value is None:
            raise ValueError(f"line {node.lineno}: write `name: kind = value  # help`; kinds: {', '.join(KINDS)}")
        name = node.target.id
        spec[name] = _with_help(name, kind, ast.literal_eval(node.value), helps.get(node.end_lineno, ""))
    return spec


def _with_help(name: str, kind: str, default: object, text: str) -> Parameter:
    bounds, choices = RANGE.search(text), CHOICES.search(text)
    words = CHOICES.sub("", RANGE.sub("", text)).strip()
    zh, _, en = words.partition("|")
    return Parameter(
        name,
        kind,
        default,
        zh.strip(),
        en.strip() or zh.strip(),
        tuple(choice.strip() for choice in choices[1].split(",")) if choices else (),
        float(bounds[1]) if bounds else None,
        float(bounds[2]) if bounds else None,
    )


def check(spec: dict[str, Parameter], given: dict[str, object], *, where: str = "") -> dict[str, object]:
    """Return all parameters, the given ones over the defaults, or raise one error that lists every problem.

    Raises
    ------
    InputError
        For names that the notebook does not have, wrong kinds and values out of range.

    Examples
    --------
    >>> spec = read_parameters('weeks: int = 8  # 周数 | weeks [1..52]')
    >>> check(spec, {"weeks": 4})
    {'weeks': 4}
    >>> check(spec, {"week": 4})
    Traceback (most recent call last):
    crm_analysis.errors.InputError: 1 parameter cannot be used
      week: unknown; did you mean 'weeks'?
      expected: weeks
    """
    problems = []
    for name, value in given.items():
        hint = nearest(name, spec)
        wrong = spec[name].problem(value) if name in spec else f"{name}: unknown{'; ' * bool(hint)}{hint}"
        problems += [wrong] if wrong else []
    if problems:
        many = "s" * (len(problems) > 1)
        raise InputError(
            "\n  ".join([f"{len(problems)} parameter{many} cannot be used", *problems]),
            where=where,
            expected=", ".join(spec),
        )
    return {name: parameter.default for name, parameter in spec.items()} | given
