"""What in an estimator is known to spoil its probabilities, said before it is fitted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from crm_analysis.errors import InputError
from crm_analysis.words import Sentence

MENDED = ("CalibratedClassifierCV", "MendedClassifier")  # what stands inside these is mended already
WEIGHTS = ("class_weight", "class_weights", "scale_pos_weight", "auto_class_weights", "is_unbalance", "unbalance")
BALANCED = ("BalancedRandomForestClassifier", "EasyEnsembleClassifier", "RUSBoostClassifier",
            "BalancedBaggingClassifier")  # fmt: skip
NO_CHANCE = ("LinearSVC", "RidgeClassifier", "RidgeClassifierCV", "Perceptron", "PassiveAggressiveClassifier")
FEW_IN_LEAF = 5


class Part(NamedTuple):
    """An estimator found inside another: its place, as in the names of parameters, and its kinds."""

    place: str
    object: Any
    kinds: tuple[str, ...]

    @property
    def name(self) -> str:
        """The class, and where it stands."""
        return f"{self.kinds[0]}（{self.place}）" if self.place else self.kinds[0]

    @property
    def params(self) -> Mapping[str, Any]:
        """Its own parameters; empty for what has none."""
        return self.object.get_params(deep=False) if hasattr(self.object, "get_params") else {}

    def is_a(self, *names: str) -> bool:
        """Whether its class, or one it is made from, has one of the names."""
        return any(name in self.kinds for name in names)


def probability_warnings(estimator: object) -> list[Sentence]:
    """Say what in an estimator, however deeply nested, does what to its probabilities; nothing is fitted.

    Looked for are class weights, resampling steps (imbalanced-learn's too: anything with ``fit_resample``), sample
    weights asked for, classifiers without probabilities, and kinds of classifiers whose probabilities are known to be
    off (naive Bayes, forests and trees of pure leaves, neighbours, AdaBoost, SVC). What stands inside
    `CalibratedClassifierCV` or a `MendedClassifier` is taken to be mended. No warning is no proof:
    measure with `calibration.calibration`.

    Parameters
    ----------
    estimator : classifier or pipeline
        Of scikit-learn's kind (``get_params``), fitted or not.

    Returns
    -------
    list of Sentence
        Empty if nothing is known against it.

    Raises
    ------
    InputError
        If a class was given instead of an estimator, or something that is no estimator.

    References
    ----------
    .. [1] Niculescu-Mizil & Caruana (2005). Predicting good probabilities with supervised learning. ICML, 625-632.
    .. [2] van den Goorbergh et al. (2022). The harm of class imbalance corrections. JAMIA 29, 1525-1534.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> probability_warnings(LogisticRegression())
    []
    >>> print(probability_warnings(LogisticRegression(class_weight="balanced"))[0].en)
    LogisticRegression: class_weight='balanced' makes the model believe in other churn shares than the data have: the
    ranking hardly changes, but the probabilities are off. Leave it out and choose the threshold by costs, or repair
    the odds (repair_odds).
    """
    if isinstance(estimator, type) or not (hasattr(estimator, "fit") or hasattr(estimator, "fit_resample")):
        raise InputError(f"{estimator!r} is no estimator", where="estimator",
                         expected="an instance, such as LogisticRegression()", zh="需要一个估计器对象")  # fmt: skip
    found = [said for part in _parts(estimator, "") for rule in RULES for said in rule(part)]
    return list(dict.fromkeys(found))


def _parts(thing: Any, place: str, seen: tuple[int, ...] = ()) -> Iterator[Part]:
    """Walk through an estimator and all that stands in its parameters."""
    if id(thing) in seen or isinstance(thing, type):
        return
    part = Part(place, thing, tuple(kind.__name__ for kind in type(thing).__mro__))
    yield part
    if part.is_a(*MENDED):
        return
    for name, value in part.params.items():
        for inner_name, inner in _estimators(value):
            below = inner_name or ("" if name in ("estimator", "base_estimator") else name)
            yield from _parts(inner, "__".join(filter(None, (place, below))), (*seen, id(thing)))


def _estimators(value: Any) -> Iterator[tuple[str, Any]]:
    """Return estimators within a parameter: itself, or those of a list of (name, estimator, ...)."""
    if _is_estimator(value):
        yield "", value
    elif isinstance(value, list | tuple):
        for item in value:
            if isinstance(item, list | tuple) and len(item) > 1 and _is_estimator(item[1]):
                yield str(item[0]), item[1]


def _is_estimator(value: Any) -> bool:
    return (hasattr(value, "get_params") or hasattr(value, "fit_resample")) and not isinstance(value, type)


def _weights(part: Part) -> Iterator[Sentence]:
    for name in WEIGHTS:
        value = part.params.get(name)
        if _is_weighted(name, value):
            zh, en = (
                "使模型所信的流失占比偏离真实占比：排序几乎不变，概率却失真。请去掉它并按成本选阈值，"
                "或用 repair_odds 修正几率。",
                "makes the model believe in other churn shares than the data have: the ranking hardly changes, but the"
                " probabilities are off. Leave it out and choose the threshold by costs, or repair the odds"
                " (repair_odds).",
            )
            yield _said(part, f"{name}={value!r} ", zh, en, colon=True)
    for key in _searched(part):
        yield _said(part, f"{key} ", "参与调参：若选中加权，概率会失真；请用 Brier 分数或对数损失作为评分。",
                        "is searched over: weights, if chosen, spoil the probabilities; score the search by Brier score"
                        " or log loss.", colon=True)  # fmt: skip


def _searched(part: Part) -> list[str]:
    """Return the parameters of weights that a search would try."""
    grids = part.params.get("param_grid", part.params.get("param_distributions")) or ()
    found = []
    for grid in [grids] if isinstance(grids, Mapping) else grids:
        for key, values in grid.items():
            name = str(key).split("__")[-1]
            tried = list(values) if isinstance(values, list | tuple) else [True]
            found += [str(key)] if name in WEIGHTS and any(_is_weighted(name, value) for value in tried) else []
    return found


def _is_weighted(name: str, value: Any) -> bool:
    if value is None or value is False or (name == "scale_pos_weight" and value == 1):
        return False
    if isinstance(value, Mapping):
        return len(set(value.values())) > 1
    if isinstance(value, list | tuple):
        return len(set(value)) > 1
    return str(value) != "None"


def _samplers(part: Part) -> Iterator[Sentence]:
    if hasattr(part.object, "fit_resample") or part.is_a(*BALANCED):
        yield _said(part, "",
                          "改变了训练数据中的流失占比，概率不再对应真实流失率。须只在训练折内重抽样，之后重新校准；"
                          "更好的做法是不重抽样，按成本选阈值。",
                    "changes the churn share of the training data, so the probabilities no longer mean the true rate."
                    " Resample inside training folds only and calibrate afterwards; better, do not resample and choose"
                    " the threshold by costs.")  # fmt: skip


def _sample_weights(part: Part) -> Iterator[Sentence]:
    request = getattr(getattr(part.object, "_metadata_request", None), "fit", None)
    if getattr(request, "requests", {}).get("sample_weight") is True:
        yield _said(part, "", "要求样本权重：若按类别加权，概率会失真；按抽样权重加权则概率对应的是总体。",
                    "asks for sample weights: weights by class spoil the probabilities; sampling weights make them"
                    " those"
                    " of the population.")  # fmt: skip


def _no_probabilities(part: Part) -> Iterator[Sentence]:
    hinge = part.is_a("SGDClassifier") and part.params.get("loss", "hinge") not in ("log_loss", "modified_huber")
    if part.is_a(*NO_CHANCE) or hinge or (part.is_a("SVC", "NuSVC") and not _platt(part)):
        yield _said(part, "", "只给出得分，不给出概率；用 CalibratedClassifierCV 包装后才有概率。",
                    "gives a score and no probability; wrap it in CalibratedClassifierCV.")  # fmt: skip
    elif part.is_a("SVC", "NuSVC"):
        yield _said(part, "", "的概率由内部五折 Platt 校准得出，可能与其判别结果不一致，小样本时不稳定；请检验校准。",
                    "gets its probabilities from Platt's method in folds of its own: they may contradict its decisions"
                    " and are unstable in small samples; check the calibration.")  # fmt: skip
    elif part.is_a("SGDClassifier") and part.params.get("loss") == "modified_huber":
        yield _said(part, "", "（modified_huber）会给出恰为 0 或 1 的概率。",
                    "with modified_huber gives probabilities of exactly 0 or 1.")  # fmt: skip


def _platt(part: Part) -> bool:
    return part.params.get("probability") is True


def _naive(part: Part) -> Iterator[Sentence]:
    if part.is_a("_BaseNB", "QuadraticDiscriminantAnalysis"):
        yield _said(part, "",
                          "的假设（特征相互独立或服从正态分布）很少成立，相关特征被重复计算，概率过于极端；请校准。",
                    "assumes independent or normal features; correlated ones are counted twice, so the probabilities"
                    " are"
                    " too extreme. Calibrate.")  # fmt: skip


def _forests(part: Part) -> Iterator[Sentence]:
    least = part.params.get("min_samples_leaf", FEW_IN_LEAF)
    pure = isinstance(least, int) and least < FEW_IN_LEAF and part.params.get("max_leaf_nodes") is None
    pure &= part.params.get("max_depth") is None
    if part.is_a("RandomForestClassifier", "ExtraTreesClassifier") and pure:
        yield _said(part, f"min_samples_leaf={least} ",
                          "的树长到纯叶：概率是投票比例，会恰为 0 或 1，且常过于极端；取 10 以上，或校准。",
                    "grows trees to pure leaves: probabilities are shares of votes, can be exactly 0 or 1 and are often"
                    " off at the ends. Take 10 or more, or calibrate.", colon=True)  # fmt: skip
    elif part.is_a("DecisionTreeClassifier") and pure:
        yield _said(part, "", "长到纯叶：概率几乎只有 0 和 1；请限制叶的大小。",
                    "grows to pure leaves: nearly all probabilities are 0 or 1; limit the size of its"
                    " leaves.")  # fmt: skip


def _others(part: Part) -> Iterator[Sentence]:
    if part.is_a("KNeighborsClassifier"):
        k = part.params.get("n_neighbors")
        yield _said(part, f"n_neighbors={k} ", f"的概率是邻居中的比例，粗略到 1/{k}，会恰为 0 或 1。",
                    f"gives shares of neighbours: steps of 1/{k}, with exact 0 and 1.", colon=True)  # fmt: skip
    elif part.is_a("AdaBoostClassifier"):
        yield _said(part, "", "的概率向 0.5 收缩，过于保守；请校准。",
                    "pulls probabilities towards 0.5; they are too timid. Calibrate.")  # fmt: skip
    elif part.is_a("GradientBoostingClassifier") and part.params.get("loss") == "exponential":
        yield _said(part, "loss='exponential' ", "不以概率为目标；请用 log_loss。",
                    "does not aim at probabilities; take log_loss.", colon=True)  # fmt: skip


def _said(part: Part, what: str, zh: str, en: str, *, colon: bool = False) -> Sentence:
    place = part.name.replace("（", " (").replace("）", ")")
    between = ("：" if colon else "" if part.place else " ", ": " if colon else " ")
    return Sentence(f"{part.name}{between[0]}{what}{zh}", f"{place}{between[1]}{what}{en}")


Rule = Callable[[Part], Iterator[Sentence]]
RULES: tuple[Rule, ...] = (_weights, _samplers, _sample_weights, _no_probabilities, _naive, _forests, _others)
