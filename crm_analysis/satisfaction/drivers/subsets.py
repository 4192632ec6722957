"""R2 of every subset of drivers from one correlation matrix, by an elimination that forks at each driver."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm_analysis.errors import InputError

EXACT = 20  # drivers (or groups of them) of which all subsets are looked at: about a million
CELLS = 2**22  # numbers held at once, about 32 MB
TINY = 1e-10  # variance left of a driver, of 1, below which it counts as explained by the others

Sizes = Sequence[int] | None


def subset_r_squared(correlations: np.ndarray, *, sizes: Sizes = None) -> np.ndarray:
    r"""R2 of the outcome on every subset of drivers.

    .. math:: R^2(S) = r_S^\top R_{SS}^{-1} r_S

    Each driver doubles the number of matrices: one half without the driver, the other with it swept out (partial
    variances and covariances given the driver). What is left of the outcome's variance at the end is 1 - R2. The
    matrices shrink as they multiply, so that all :math:`2^m` subsets cost about as much as ten passes over the result.
    A driver that the subset explains fully adds nothing.

    Parameters
    ----------
    correlations : ndarray, shape (..., k + 1, k + 1)
        The outcome first, then the drivers; leading axes count resamples.
    sizes : sequence of int, optional
        Columns of each of the m groups that enter together, in the order of the columns; by default each its own.

    Returns
    -------
    ndarray, shape (..., 2 ** m)
        Bit j of the position says whether group j is in the subset: 0 is none, 1 the first, 2 the second, 3 both.

    Raises
    ------
    InputError
        With more than 20 groups.

    References
    ----------
    .. [1] Goodnight (1979). A tutorial on the SWEEP operator. The American Statistician 33, 149-158.

    Examples
    --------
    >>> matrix = np.array([[1, 0.6, 0.5], [0.6, 1, 0.3], [0.5, 0.3, 1]])
    >>> subset_r_squared(matrix).round(4).tolist()
    [0.0, 0.36, 0.25, 0.4725]
    """
    matrix = np.asarray(correlations, float)
    sizes = check_sizes(matrix.shape[-1] - 1, sizes)
    if len(sizes) > EXACT:
        raise InputError(f"{len(sizes)} drivers have {2.0 ** len(sizes):,.0f} subsets", where="drivers",
                         expected=f"at most {EXACT} drivers or groups", mend="use sampled_shapley, or form groups",
                         zh=f"{len(sizes)} 个驱动因素的子集过多，请分组或使用抽样方法")  # fmt: skip
    last = np.roll(np.arange(matrix.shape[-1]), -1)  # the outcome goes to the end, so that drivers leave from the front
    rest = matrix[..., last, :][..., last][..., None, :, :]
    for size in sizes:
        within = rest
        for _ in range(size):
            within = _sweep(within)
        rest = np.concatenate([rest[..., size:, size:], within], axis=-3)
    return (1 - rest[..., 0, 0]).clip(0, 1)


def check_sizes(columns: int, sizes: Sizes) -> list[int]:
    """Return the sizes of the groups, one column each by default; they must add up to the columns."""
    sizes = [1] * columns if sizes is None else [int(size) for size in sizes]
    if sum(sizes) != columns or min(sizes, default=1) < 1:
        raise ValueError(f"sizes {sizes} do not cover the {columns} drivers")
    return sizes


def counts(m: int) -> np.ndarray:
    """Number of groups in each of the 2 ** m subsets.

    Examples
    --------
    >>> counts(2).tolist()
    [0, 1, 1, 2]
    """
    return np.bitwise_count(np.arange(2**m)).astype(int)


def without(m: int, *absent: int) -> np.ndarray:
    """Positions of the subsets in which none of the groups `absent` is.

    Examples
    --------
    >>> without(3, 0).tolist(), without(3, 0, 2).tolist()
    ([0, 2, 4, 6], [0, 2])
    """
    subsets = np.arange(2**m)
    return subsets[subsets & sum(1 << j for j in absent) == 0]


def _sweep(matrix: np.ndarray) -> np.ndarray:
    """Variances and covariances of the others given the first variable."""
    pivot, side = matrix[..., 0, 0], matrix[..., 0, 1:]
    scaled = side * (np.where(pivot > TINY, 1, 0) / np.maximum(pivot, TINY))[..., None]
    return matrix[..., 1:, 1:] - scaled[..., :, None] * side[..., None, :]
