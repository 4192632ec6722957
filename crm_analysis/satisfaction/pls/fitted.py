"""Whether a model has been fitted."""

from __future__ import annotations

from crm_analysis.errors import InputError


def check_fitted(model: object) -> None:
    """Raise `InputError` unless the PLS model has been fitted.

    Examples
    --------
    >>> check_fitted(object())
    Traceback (most recent call last):
    crm_analysis.errors.InputError: the model has not been fitted
      where: PLS
      how to mend: PLS(model).fit(survey)
    """
    if not hasattr(model, "solution_"):
        raise InputError("the model has not been fitted", where="PLS", mend="PLS(model).fit(survey)",
                         zh="模型尚未拟合")  # fmt: skip
