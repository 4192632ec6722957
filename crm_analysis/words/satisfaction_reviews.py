"""Words of reviews with stars: spread, ranking, selection, trend, marked reviews."""

from crm_analysis.words.word import Word

_STARS = {
    "stars": Word("星级", "stars", ",d"),
    "star_reviews": Word("该星级评论数", "reviews with these stars", ",d"),
    "reviews": Word("评论数", "reviews", ",d"),
    "rated_items": Word("商品数", "items", ",d"),
    "star_share": Word("占比", "share", ".1%"),
    "mean_stars": Word("评分均值", "mean stars", ",.2f"),
    "one_star": Word("一星占比", "one star", ".1%"),
    "five_star": Word("五星占比", "five stars", ".1%"),
    "bimodality": Word(
        "双峰系数", "bimodality coefficient", ",.3f",
        "由偏度和峰度算出；高于 0.555 时可能有两个峰，但偏斜的单峰分布也会高于它。",
        "From skewness and kurtosis; above 0.555 two peaks are possible, but a skewed spread with one peak is too.",
    ),
    "shape": Word("分布形状", "shape"),
    "shape_j": Word("J 形", "J", "", "五星最多，一星又多于二星。", "Five stars lead, and more give one than two."),
    "shape_reverse_j": Word("反 J 形", "reversed J"),
    "shape_u": Word("U 形", "U"),
    "shape_one_peak": Word("单峰", "one peak"),
    "shape_unclear": Word("不能断定", "unclear"),
    "shape_too_few": Word("评论过少", "too few reviews"),
    "flag_yes": Word("是", "yes"),
    "flag_no": Word("否", "no"),
}  # fmt: skip
_RANKING = {
    "item_rank": Word("名次", "rank", ",.0f"),
    "good_reviews": Word(
        "好评占比", "good reviews", ".1%",
        "默认为四星及以上的评论占比。", "Share with four stars or more by default.",
    ),
    "wilson_bound": Word(
        "Wilson 下限", "Wilson lower limit", ".1%",
        "好评占比的置信下限：评论越少越低。", "Lower limit of the share of good reviews: low where reviews are few.",
    ),
    "bayes_mean": Word(
        "贝叶斯均值", "Bayesian average", ",.2f",
        "评分均值按评论数向全部评论的均值收缩。", "Mean drawn towards that of all reviews, most where there are few.",
    ),
    "multinomial_bound": Word(
        "狄利克雷下限", "Dirichlet lower limit", ",.2f",
        "每个星级先加一条评论，再取评分均值的下限。", "Lower limit of the mean after one more review of each star.",
    ),
    "true_rank": Word(
        "可能的真实名次", "rank it may truly have", ",.0f",
        "按后验分布反复抽取各商品的真实星级占比并排名，取中位数和区间。",
        "Median and interval of the ranks when true shares of stars are drawn again and again.",
    ),
    "p_top": Word("真正名列前茅的概率", "chance to be truly among the top", ".1%"),
}  # fmt: skip
_SELECTION = {
    "selection_factor": Word(
        "评论倾向最大倍数", "factor of propensities", ",.1f",
        "假定最爱写评论的购买者与最不爱写的相差多少倍。", "How many times likelier some buyers are assumed to write.",
    ),
    "propensity": Word("评论倾向", "propensity to review", ".0%"),
    "written_share": Word("评论中的占比", "share of reviews", ".1%"),
    "buyer_share": Word("购买者中的占比", "share of buyers", ".1%"),
    "written_mean": Word("评论均值", "mean as written", ",.2f"),
    "bound_low": Word("购买者均值下界", "lower bound of buyers' mean", ",.2f"),
    "bound_high": Word("购买者均值上界", "upper bound of buyers' mean", ",.2f"),
    "bound_limit_low": Word("下界的置信下限", "its lower limit", ",.2f"),
    "bound_limit_high": Word("上界的置信上限", "its upper limit", ",.2f"),
}  # fmt: skip
_TREND = {
    "new_item_share": Word(
        "新商品评论占比", "reviews of new items", ".1%",
        "所评商品在该时期首次被评论的评论占比。", "Share of reviews of items first reviewed in that period.",
    ),
    "trend": Word("趋势", "trend"),
    "overall_trend": Word("总体", "overall"),
    "within_items": Word("同一商品内", "within the same items"),
    "stars_slope": Word("每时期变化（星）", "change per period (stars)", "+,.3f"),
    "with_mark": Word("有标记", "with the mark", ",.3f"),
    "without_mark": Word("无标记", "without it", ",.3f"),
    "mark_difference": Word("差异（有减无）", "difference (with - without)", "+,.3f"),
    "reviews_with": Word("有标记评论数", "reviews with the mark", ",d"),
    "reviews_without": Word("无标记评论数", "reviews without it", ",d"),
    "unmarked": Word("标记空缺", "mark missing", ",d"),
    "helpful_votes": Word("有用票数均值", "mean helpful votes", ",.2f"),
    "verified": Word("已验证购买", "verified purchase"),
    "rewarded": Word("有奖评论", "rewarded review"),
}  # fmt: skip

WORDS: dict[str, Word] = _STARS | _RANKING | _SELECTION | _TREND
