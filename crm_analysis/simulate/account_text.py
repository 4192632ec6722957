"""The words of the account: for each part of the process a paragraph in English and its twin in Chinese."""

SECTIONS: list[tuple[str, str, str, str]] = [
    (
        "What this is",
        "说明",
        "No customer in this folder is real. Every row was drawn by the process told here; its parameters, with "
        "the names used in the code, and the figures that came of it stand in `truth.yml`. An analysis of the "
        "tables can be checked against both.",
        "本文件夹中没有真实客户。每一行都由下述过程抽样得到；全部参数（与代码同名）和本样本的实际结果见 "
        "`truth.yml`，对各表的分析可以与两者核对。",
    ),
    (
        "Joining and buying",
        "注册与购买",
        "Customers register over the whole window of {days} days, at a constant rate in busy time (see Season). "
        "The first purchase follows after an exponential time with mean {first:g} busy days. From then on, as "
        "long as the customer is active, repeat purchases are Poisson with a rate of the customer's own, gamma "
        "with shape r = {r:g} and rate α = {alpha:g} days, on average {mean_rate:.4f} a day. Joining channel and "
        "city have no effect on buying.",
        "客户在 {days} 天的窗口内陆续注册（按“繁忙时间”计速率不变，见“季节”）。注册后经过均值为 {first:g} 个繁忙"
        "日的指数时间首次购买。此后只要客户仍活跃，重复购买服从泊松过程；每人速率不同，服从形状 r = {r:g}、率 α ="
        " {alpha:g} 天的伽马分布，平均每天 {mean_rate:.4f} 次。来源渠道和城市不影响购买。",
    ),
    (
        "Spending",
        "金额",
        "Gamma-Gamma: p = {p:g}, q = {q:g}, γ = {gamma:g}; the mean order is pγ/(q − 1) = {mean_spend:g} yuan. "
        "Spending does not depend on how often a customer buys. The margin is a fixed share of the amount, by "
        "category: {margins}.",
        "金额服从 Gamma-Gamma 模型：p = {p:g}、q = {q:g}、γ = {gamma:g}，平均每单 pγ/(q − 1) = {mean_spend:g} 元"
        "，与购买频率无关。毛利为金额的固定比例，随品类而定：{margins}。",
    ),
    (
        "Season",
        "季节",
        "The intensity of an hour is the product of month, weekday and hour (China time, highest from {peak} to "
        "{peak_end} o'clock) and, on a promotion day, a factor: {promotions}. Scaled to a mean of 1, it is the "
        "speed of busy time.",
        "每小时的强度是月份、星期、钟点（中国时间，{peak} 点到 {peak_end} 点最高）三者之积，促销日再乘以："
        "{promotions}。缩放到均值为 1，即“繁忙时间”的流速。",
    ),
    (
        "Sellers",
        "卖家",
        "{large:.0%} of the sellers are large merchants. During the window a small seller closes with a hazard "
        "of {close_small:g} a year, a large one {close_large:g}. An order goes to the customer's home seller "
        "with probability {home:g} while it is open, to another of its category with {near:g}, else anywhere. "
        "After closing a seller sells nothing.",
        "卖家中 {large:.0%} 是大商家。窗口期内小店关店的风险率为每年 {close_small:g}，大商家为 {close_large:g}。"
        "只要常去的店铺仍在营业，订单以概率 {home:g} 去该店，以 {near:g} 去同品类的其他店，其余任意。关店之后不再"
        "有销售。",
    ),
    (
        "Delivery and satisfaction",
        "配送与满意",
        "A parcel takes 1 + Poisson days (means by city tier: {delivery}; times the seller's speed, and {rush:g} "
        "in the five days from a promotion); promised are {promised} days. Each day later costs {per_day:g} of "
        "perceived delivery quality. Perception P is the mean of goods, service and delivery; E is the "
        "customer's own expectation. Satisfaction is {gain:g} (P − E) if P exceeds E and {loss:g} (P − E) if it "
        "falls short: a loss weighs {loss_ratio:.1f} times a gain.",
        "包裹用时为 1 + 泊松天数（各级城市均值：{delivery}；乘以卖家速度，促销日起五天内再乘 {rush:g}）；承诺天数"
        "为 {promised}。每迟一天，感知配送质量下降 {per_day:g}。感知 P 为商品、服务、配送三者均值，E 为客户自己的"
        "期望。P 高于 E 时满意度为 {gain:g}(P − E)，低于 E 时为 {loss:g}(P − E)：损失的分量是收益的 "
        "{loss_ratio:.1f} 倍。",
    ),
    (
        "Complaints",
        "投诉",
        "The log odds of a complaint about a delivered order are {c0:g} {c1:+g} × satisfaction {c2:+g} if late. "
        "{never:.0%} are never resolved. A complaint not resolved {slow_days:g} days after it was opened counts "
        "as slow. Resolved complaints are compensated with probability {compensate} at severity 1, 2, 3: who is "
        "compensated was more upset, so that a plain comparison understates what compensation does.",
        "已送达订单被投诉的对数优势为 {c0:g} {c1:+g} × 满意度，迟到再加 {c2:g}。{never:.0%} 的投诉始终未解决。受"
        "理后 {slow_days:g} 天仍未解决的算“拖延”。已解决的投诉按情绪等级 1、2、3 以概率 {compensate} 得到补偿：得"
        "到补偿的人原本更生气，因此简单对比会低估补偿的作用。",
    ),
    (
        "Leaving",
        "流失",
        "The base hazard of leaving is gamma with shape s = {s:g} and rate β = {beta:g} days since the first "
        "purchase: with all effects zero the company is exactly Pareto/NBD. The effects multiply the hazard "
        "(proportional hazards): {kinds}; last delivered order, per unit of satisfaction × "
        "{hr_satisfaction:.2f}, if late × {hr_late:.2f}; last complaint, by reason {hr_reasons}, and × "
        "{hr_severity:.2f} per level of severity above 1; slow × {hr_slow:.2f} from that moment; compensated × "
        "{hr_compensated:.2f} from the solution. A missing community does not drive anyone away: of the four "
        "reasons one is without effect. When a seller closes, customers with at least two orders there and at "
        "least half of all theirs leave at once with probability {closing:g}.",
        "流失的基础风险率服从形状 s = {s:g}、率 β = {beta:g} 天的伽马分布（自首次购买起计）：若各项效应为零，即为"
        "标准的 Pareto/NBD。各项效应以倍数作用于风险率（比例风险）：{kinds}；最近一次送达的订单，满意度每高一个单"
        "位 × {hr_satisfaction:.2f}，迟到 × {hr_late:.2f}；最近一次投诉，按原因分别为：{hr_reasons}，情绪等级每"
        "高一级 × {hr_severity:.2f}；拖延自发生时起 × {hr_slow:.2f}；得到补偿自解决时起 × "
        "{hr_compensated:.2f}。缺少社区并"
        "不使人流失：四个原因中有一个没有作用。卖家关店时，在该店至少有两单且占自己全部订单一半以上的客户，以概率"
        " {closing:g} 立即离开。",
    ),
    (
        "E-mail",
        "邮件营销",
        "Each campaign goes to all who have bought; {holdout:.0%} are held out at random. An e-mail is opened "
        "with probability {open:g}, then clicked with {click:g}. A click wins one more order within a week with "
        "probability {persuaded} (under {young}, {young} to {last_middle}, {old} and older). Of those aged {old} "
        "or more, an opened e-mail makes {annoyed:.0%} drop the repeat orders of that week: the uplift of this "
        "group is negative. Both potential outcomes are known for everyone in the sample; their means stand "
        "under `figures`.",
        "每次活动面向所有买过的客户，随机留出 {holdout:.0%} 作对照。邮件以概率 {open:g} 被打开，打开后以 "
        "{click:g} 被点击。点击在一周内多带来一单的概率为 {persuaded}（{young} 岁以下、{young}–{last_middle} 岁、"
        "{old} 岁及以上）。{old} 岁及以上的客户打开邮件后，{annoyed:.0%} 会取消这一周的复购：这一组的增量为负。样"
        "本中每个人的两种潜在结果都已知，均值见 `figures`。",
    ),
    (
        "Browsing",
        "浏览",
        "The log covers {log}. Of the items a customer looks at, {interest:.0%} are marked as favourite or put "
        "into the cart; these are bought with probability {b1:g}, the others with {b0:g}. Every order of those "
        "weeks is a buy in the log, at the same second. Counted by user and item the shares come out slightly "
        "lower, since some look at an item twice.",
        "行为日志覆盖 {log}。客户看过的商品有 {interest:.0%} 被收藏或加入购物车，其中以概率 {b1:g} 被购买，其余以"
        " {b0:g} 被购买。这几周的每笔订单在日志中都有同一秒的购买行为。按“用户—商品”计数时比例略低，因为有人会再"
        "次浏览同一商品。",
    ),
    (
        "Reviews and feedback",
        "评价",
        "Who would give 1 to 5 stars writes with probability {review}: the extremes speak up, so that the "
        "written stars form a J that the felt ones do not. {fake:.0%} more come from people who did not buy the "
        "item. Feedback for the seller is given for {feedback:.0%} of the orders whatever the customer thinks.",
        "打算给 1 到 5 星的客户，写评价的概率依次为 {review}：极端者更爱发声，因此写出来的星级呈 J 形，而心里的星"
        "级并非如此。另有相当于其 {fake:.0%} 的评价来自没有买过该商品的人。对卖家的评价与满意与否无关，"
        "{feedback:.0%} 的订单会留下。",
    ),
    (
        "Survey",
        "问卷",
        "Respondents are a random draw of buyers. Paths among the blocks: {paths}. What quality adds to "
        "expectations correlates {experience:g} with the mean perception of the customer's own orders. `overall` "
        "is {o0:g} + {o1:g} × gain + {o2:g} × loss of the mean gap of the pairs. Rounding to whole marks makes "
        "every estimate a little smaller.",
        "受访者从买家中随机抽取。各潜变量之间的路径：{paths}。感知质量超出期望的部分与客户本人历次订单的平均感知"
        "相关 {experience:g}。`overall` = {o0:g} + {o1:g} × 正差距 + {o2:g} × 负差距（各对题目的平均差距）。取整"
        "使各估计值略微偏小。",
    ),
    (
        "Advertising",
        "广告到访",
        "The log covers {visits}. By source (leave at once; buy after a click): {sources}. Creative, form and "
        "position are drawn at random for each visit; their log odds of a click are {ads}. A visit with a "
        "purchase belongs to a real order shortly after.",
        "到访日志覆盖 {visits}。各来源（立即离开的比例；点击后购买的概率）：{sources}。创意、形式、位置随机搭配，"
        "对点击的对数优势为：{ads}。有购买的到访对应其后不久的一笔真实订单。",
    ),
]
