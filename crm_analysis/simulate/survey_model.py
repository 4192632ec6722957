"""The questionnaire: blocks and their questions, paths among the blocks, expectation and perception in pairs."""

from __future__ import annotations

import copy

BLOCKS: dict[str, dict] = {
    "image": {
        "zh": "企业形象", "en": "image",
        "items": {
            "image_1": {"zh": "这家网站值得信赖", "en": "It is a site one can trust"},
            "image_2": {"zh": "它为顾客着想", "en": "It cares for its customers"},
            "image_3": {"zh": "它经营稳定，不断创新", "en": "It is well established and keeps improving"},
        },
    },
    "expectations": {
        "zh": "顾客期望", "en": "expectations",
        "items": {
            "expectations_1": {"zh": "购买前，对总体质量的期望", "en": "Before buying: overall quality expected"},
            "expectations_2": {"zh": "购买前，对满足个人需要的期望", "en": "Before buying: fit to my needs expected"},
            "expectations_3": {"zh": "购买前，对少出差错的期望", "en": "Before buying: freedom from errors expected"},
        },
    },
    "quality": {
        "zh": "感知质量", "en": "perceived quality",
        "items": {
            "quality_1": {"zh": "对总体质量的评价", "en": "Overall quality"},
            "quality_2": {"zh": "商品与描述相符", "en": "Goods as described"},
            "quality_3": {"zh": "卖家与客服的服务", "en": "Service of sellers and service centre"},
            "quality_4": {"zh": "物流配送", "en": "Delivery"},
        },
    },
    "value": {
        "zh": "感知价值", "en": "perceived value",
        "items": {
            "value_1": {"zh": "给定质量，对价格的评价", "en": "Price, given the quality"},
            "value_2": {"zh": "给定价格，对质量的评价", "en": "Quality, given the price"},
        },
    },
    "satisfaction": {
        "zh": "顾客满意", "en": "satisfaction",
        "items": {
            "satisfaction_1": {"zh": "总体满意程度", "en": "Overall satisfaction"},
            "satisfaction_2": {"zh": "与期望相比的满意程度", "en": "Compared with what was expected"},
            "satisfaction_3": {"zh": "与理想网站的接近程度", "en": "Compared with an ideal site"},
        },
    },
    "complaints": {
        "zh": "顾客抱怨", "en": "complaints",
        "items": {
            "complaints_1": {"zh": "抱怨得到（或会得到）妥善处理", "en": "Complaints are handled well, or would be"},
        },
    },
    "loyalty": {
        "zh": "顾客忠诚", "en": "loyalty",
        "items": {
            "loyalty_1": {"zh": "再次购买的可能性", "en": "Likely to buy again"},
            "loyalty_2": {"zh": "别家降价时仍留下的可能性", "en": "Likely to stay if others cut prices"},
            "loyalty_3": {"zh": "向亲友推荐的可能性", "en": "Likely to recommend to friends"},
        },
    },
}  # fmt: skip

PAIRS: dict[str, dict[str, str]] = {
    "tangibles": {"zh": "有形性", "en": "tangibles", "zh_1": "页面清晰美观", "en_1": "Pages are clear and pleasing",
                  "zh_2": "商品图文齐全", "en_2": "Goods are well shown and described"},
    "reliability": {"zh": "可靠性", "en": "reliability", "zh_1": "按承诺时间送达", "en_1": "Delivered as promised",
                    "zh_2": "商品与描述一致", "en_2": "Goods are as described"},
    "responsiveness": {"zh": "响应性", "en": "responsiveness", "zh_1": "客服回复及时", "en_1": "Prompt replies",
                       "zh_2": "纠纷处理迅速", "en_2": "Disputes are settled fast"},
    "assurance": {"zh": "保证性", "en": "assurance", "zh_1": "付款安全", "en_1": "Paying is safe",
                  "zh_2": "卖家专业可信", "en_2": "Sellers know their trade and can be trusted"},
    "empathy": {"zh": "移情性", "en": "empathy", "zh_1": "了解我的需要", "en_1": "My needs are understood",
                "zh_2": "售后关怀", "en_2": "Care after the sale"},
}  # fmt: skip

QUESTIONS: dict[str, dict[str, str]] = {
    "overall": {"zh": "综合各方面，您的总体满意程度（1-10）", "en": "All in all, how satisfied are you (1-10)"},
    "nps": {"zh": "您有多大可能向朋友推荐我们（0-10）", "en": "How likely are you to recommend us to a friend (0-10)"},
}


def measurement_model(paths: dict[str, dict[str, float]]) -> dict:
    """Return what ``model.yml`` holds: scale, blocks with items, paths, pairs, single questions; no truth.

    Parameters
    ----------
    paths : dict of str to dict
        Target block to its sources, as in `survey.Survey.paths`; the coefficients are left out.

    Examples
    --------
    >>> model = measurement_model({"value": {"quality": 0.55}})
    >>> model["paths"], list(model["blocks"]["value"]["items"]), model["pairs"]["empathy"]["items"][0]["expectation"]
    ([['quality', 'value']], ['value_1', 'value_2'], 'empathy_e1')
    """
    pairs = {}
    for name, text in PAIRS.items():
        items = [
            {"expectation": f"{name}_e{k}", "perception": f"{name}_p{k}", "zh": text[f"zh_{k}"], "en": text[f"en_{k}"]}
            for k in (1, 2)
        ]
        pairs[name] = {"zh": text["zh"], "en": text["en"], "items": items}
    return {
        "scale": {"low": 1, "high": 10},
        "blocks": copy.deepcopy(BLOCKS),
        "paths": [[source, target] for target, sources in paths.items() for source in sources],
        "pairs": pairs,
        "questions": copy.deepcopy(QUESTIONS),
    }
