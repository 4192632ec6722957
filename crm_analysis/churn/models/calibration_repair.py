"""Probabilities of a model trained on shares that are not the true ones, put right by their odds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError


def repair_odds(p: ArrayLike, true_share: float, *, trained_share: float = 0.5) -> pd.Series | np.ndarray:
    r"""Undo class weights or resampling: move the odds from the share trained on to the true one.

    .. math:: \frac{q}{1-q} = \frac{p}{1-p} \cdot \frac{\pi/(1-\pi)}{\tau/(1-\tau)}

    A model trained with ``class_weight="balanced"``, or on churners and others in equal numbers, believes that half of
    all customers churn (:math:`\tau = .5`): its odds are multiplied by :math:`\pi/(1-\pi)`. The ranking stays. The
    formula is exact for the likelihood of a model that is right; SMOTE changes the churners themselves, so calibrate
    after it (`calibration_mend.mend`).

    Parameters
    ----------
    p : array_like of shape (rows,)
        Predicted chance of churn.
    true_share : float in (0, 1)
        Churn share among those to be scored, as a rule that of the rows before resampling.
    trained_share : float in (0, 1)
        Churn share as the training saw it; of weights, from `weighted_share`.

    Returns
    -------
    pandas.Series or numpy.ndarray
        As `p`, index kept; 0 and 1 stay.

    Raises
    ------
    InputError
        If a share is not between 0 and 1, or p is blank or outside 0 to 1.

    References
    ----------
    .. [1] King & Zeng (2001). Logistic regression in rare events data. Political Analysis 9, 137-163, eq. 7.
    .. [2] Saerens, Latinne & Decaestecker (2002). Neural Computation 14, 21-41, eq. 2.4.

    Examples
    --------
    >>> repair_odds([0.5, 0.8], 0.2).round(4).tolist()
    [0.2, 0.5]
    >>> repair_odds(pd.Series([0.2], index=["a"]), 0.5, trained_share=0.2).to_dict()
    {'a': 0.5}
    """
    shares = {"true_share": true_share, "trained_share": trained_share}
    wrong = [f"{name}={share!r}" for name, share in shares.items() if not _is_share(share)]
    if wrong:
        raise InputError(f"not a share: {', '.join(wrong)}", expected="numbers above 0 and below 1, such as 0.265",
                         mend="for 26.5 % pass 0.265", zh=f"比例无效：{'，'.join(wrong)}")  # fmt: skip
    values = pd.to_numeric(pd.Series(np.asarray(p)), errors="coerce").to_numpy("float64", na_value=np.nan)
    bad = int((~((values >= 0) & (values <= 1))).sum())
    if bad:
        raise InputError(f"{bad:,} probabilities are blank, no numbers or outside 0 to 1", where="p",
                         expected="one probability per row", zh=f"{bad:,} 个概率为空或不在 0 到 1 之间")  # fmt: skip
    gone, stayed = true_share * (1 - trained_share), (1 - true_share) * trained_share
    q = values * gone / (values * gone + (1 - values) * stayed)
    return pd.Series(q, index=p.index, name=p.name) if isinstance(p, pd.Series) else q


def weighted_share(share: float, *, churner_weight: float, other_weight: float = 1.0) -> float:
    r"""Churn share that a model trained with weights believes in: :math:`w_1\pi / (w_1\pi + w_0(1-\pi))`.

    ``scale_pos_weight`` is a churner weight; ``class_weight={0: a, 1: b}`` has both.

    Examples
    --------
    >>> weighted_share(0.2, churner_weight=4)
    0.5
    """
    if not _is_share(share) or min(churner_weight, other_weight) <= 0:
        raise InputError(f"share={share!r}, churner_weight={churner_weight!r}, other_weight={other_weight!r}",
                         expected="a share between 0 and 1, weights above 0", zh="比例或权重无效")  # fmt: skip
    return churner_weight * share / (churner_weight * share + other_weight * (1 - share))


def _is_share(share: object) -> bool:
    return isinstance(share, int | float | np.number) and not isinstance(share, bool) and 0 < share < 1
