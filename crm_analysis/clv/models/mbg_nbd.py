"""MBG/NBD: the BG/NBD in which a customer may drop out right after the first purchase too."""

from __future__ import annotations

from typing import ClassVar

from crm_analysis.clv.models.bg_nbd import BGNBD


class MBGNBD(BGNBD):
    """Modified BG/NBD model (Batislam, Denizel & Filiztekin 2007; erratum Wagner & Hoppe 2008).

    As in the BG/NBD, but the coin of dropping out is thrown after the first purchase too:

    ``L = B(a, b+x+1)/B(a, b) G(r+x)/G(r) alpha^r {(alpha+T)^-(r+x) + a/(b+x) (alpha+tx)^-(r+x)}``

    So one-time buyers may have left, and P(alive) says so. A customer who is alive after x repeat purchases is a
    BG/NBD customer with (r+x, alpha+T, a, b+x+1).

    References
    ----------
    .. [1] Batislam, Denizel, Filiztekin (2007). Empirical validation and comparison of models for customer base
       analysis. International Journal of Research in Marketing 24, 201-209, eqs. (4)-(6).

    Examples
    --------
    >>> model = MBGNBD.with_params(r=0.5248432, alpha=6.1830852, a=0.8913593, b=1.6140018)
    >>> round(float(model.expected_purchases(horizon=52)), 6), round(float(model.probability_alive()), 4)
    (1.418885, 0.6442)
    """

    key: ClassVar[str] = "mbg_nbd"
    first_can_leave: ClassVar[bool] = True
