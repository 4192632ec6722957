"""Short Chinese review texts, put together from phrases that fit what the customer felt."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.simulate.experience import DIMENSIONS

GOOD = {
    "item_match": ("质量很好，和描述一样", "东西不错，没有色差", "做工挺细，物有所值", "质量不差，比想象的好"),
    "service": ("卖家态度很好", "客服回复很快，很耐心", "售后处理及时", "掌柜很热情，有问必答"),
    "delivery": ("物流很快", "发货快，两天就到了", "包装结实，送货上门", "快递比预计的早"),
}
BAD = {
    "item_match": ("质量很差，和描述不符", "色差太大，不像正品", "做工粗糙，有线头", "不是很满意，和图片差太多"),
    "service": ("客服态度冷淡，爱理不理", "卖家付款前后两个样", "客服总是占线", "退款拖了很久，太麻烦"),
    "delivery": ("物流太慢了", "等了很多天才到", "包装破了，东西有损坏", "快递不送上门"),
}
CLOSE = {
    1: ("再也不会来了", "强烈不推荐", "要求退款", "差评"),
    2: ("有点失望", "不太推荐", "希望改进", "下次不买了"),
    3: ("一般吧", "还行", "马马虎虎", "对得起这个价格"),
    4: ("总体满意", "还会再来", "推荐", "比较满意"),
    5: ("非常满意，全五分", "下次还来", "强烈推荐", "好评"),
}


def review_texts(rng: np.random.Generator, reviews: pd.DataFrame, share: float) -> np.ndarray:
    """Write a text for a `share` of the reviews, an empty one for the others.

    Parameters
    ----------
    rng : numpy.random.Generator
    reviews : pandas.DataFrame
        ``stars`` and the perceptions ``item_match``, ``service``, ``delivery``. One and two stars name the worst
        of the three, four and five the best; three stars name the worst, then, after a "but", the best.
    share : float

    Returns
    -------
    numpy.ndarray of str

    Examples
    --------
    >>> felt = pd.DataFrame({"stars": [5], "item_match": [0.0], "service": [0.0], "delivery": [2.0]})
    >>> text = review_texts(np.random.default_rng(0), felt, 1.0)[0]
    >>> text.split("，")[0] in "".join(GOOD["delivery"])
    True
    """
    felt, count = reviews[list(DIMENSIONS)].to_numpy(), len(reviews)
    chosen = rng.integers(0, 4, (3, count))
    good = _table(GOOD)[felt.argmax(axis=1), chosen[0]]
    bad = _table(BAD)[felt.argmin(axis=1), chosen[1]]
    stars = reviews["stars"].to_numpy()
    close = np.array([CLOSE[star] for star in range(1, 6)], dtype=object)[stars - 1, chosen[2]]
    body = np.select([stars <= 2, stars == 3], [bad, bad + "，但是" + good], good)
    return np.where(rng.random(count) < share, body + "，" + close, "")


def _table(phrases: dict[str, tuple[str, ...]]) -> np.ndarray:
    return np.array([phrases[name] for name in DIMENSIONS], dtype=object)
