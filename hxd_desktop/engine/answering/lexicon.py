"""Words that carry the shape of a question rather than its subject, Chinese and English.

Kept as plain lists so that a speaker can extend them. They are written in folded form (lower case, Simplified
Chinese), as `text.folding.fold` makes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Words of asking, courtesy and grammar: they say that something is asked, not what about.
FUNCTION_ZH = """
请问一下 请问 想问一下 想问下 想问 我想问 问一下 问下 请教一下 请教 咨询一下 咨询 麻烦问 麻烦 谁知道
有没有人知道 有人知道 知道吗 大佬们 大佬 各位 大家 老师 同学 朋友们 你好 您好 大家好 谢谢 感谢 帮忙 帮我 告诉我
介绍一下 介绍下 说一下 讲一下 解释一下 能不能 可不可以 是不是 有没有 会不会 要不要 行不行 对不对 好不好 怎么样
怎么办 怎么 怎样 如何 为什么 为何 为啥 什么 啥 什么样 哪些 哪个 哪一个 哪一 哪种 哪里 哪儿 哪 何 谁 多少 几个
几种 多久 多大 多长 多高 什么时候 啥时候 何时 是否 吗 呢 吧 啊 呀 嘛 么 哦 哈 的 了 是 我 你 您 他 她 它 们
我们 你们 他们 它们 这个 那个 这些 那些 这里 那里 这样 那样 这 那 该 此 一个 一下 一些 一种 可以 能够 需要 应该
就是 还是 但是 不过 因为 所以 如果 的话 以及 或者 然后 而且 关于 对于 现在 目前 其实 话说 到底 究竟 有关 和 与
及 或 被 把 也 都 还 就 很 太 又 并 而 之 其 所 着 过 等
""".split()

FUNCTION_EN = frozenset(
    """
a an the of to in on at by for from with about into over as and or but if then than so that this these those it
its is are was were be been being am do does did done doing have has had having can could will would shall
should may might must i me my we us our you your he him his she her they them their there here what which who
whom whose when where why how much many any some all not no yes please tell know want need explain describe
give show help let say mean
""".split()
)

# Asked for by name, not by content: shows that a text is a question.
INTERROGATIVE_ZH = """
怎么 怎样 如何 为什么 为何 为啥 什么 啥 哪 谁 多少 几个 几种 几 何时 多久 多大 是否 吗 呢 能不能 可不可以
是不是 有没有 会不会 要不要 请问 请教 咨询 怎么办 求助 区别 求 支持
""".split()

INTERROGATIVE_EN = frozenset(
    """
what which who whom whose when where why how is are was were do does did can could will would should may has have
""".split()
)

# Whole turns of small talk, in pieces: a message made of nothing but these and grammar asks the documents nothing.
SMALL_TALK_ZH = """
你好 您好 你们好 大家好 哈喽 哈啰 嗨 喂 嘿 早 早啊 早安 早上好 上午好 中午好 下午好 晚上好 晚安 在吗 在不在
在么 有人吗 有人在吗 打扰了 谢谢 多谢 谢了 谢啦 感谢 非常感谢 辛苦了 辛苦 太好了 太棒了 真棒 厉害 牛 牛逼 赞
不错 很好 好的 好吧 好 行 可以 嗯 嗯嗯 哦 哦哦 噢 收到 明白 明白了 知道了 了解 了解了 懂了 没事 没问题 没关系
对 对的 是的 是 不是 不 不用 不用了 不客气 客气了 再见 拜拜 回见 下次见 明天见 加油 哈哈 哈哈哈 呵呵 嘻嘻 嘿嘿
呜呜 测试 测试一下 试试 随便聊聊 聊聊 聊天 陪我聊天 聊聊天 无聊 我好无聊 好无聊 介绍自己 介绍下自己
介绍一下自己 介绍你自己 介绍下你自己 介绍一下你自己 自我介绍 做个自我介绍 来个自我介绍 自我介绍一下
做一下自我介绍 你是谁 你是什么 你叫什么 你叫什么名字 你叫啥 你的名字 你的名字是什么 你几岁 你多大 你是机器人吗
你是人吗 你是真人吗 你是男是女 你会什么 你会做什么 你会干什么 你能做什么 你能干什么 你能干嘛 你可以做什么
你有什么功能 你能帮我什么 你能帮我做什么 你怎么样 你还好吗 你好吗 最近怎么样 吃了吗 讲个笑话 说个笑话
给我讲个笑话 来个笑话 唱首歌 唱个歌 写首诗 我爱你 我喜欢你 你喜欢我吗 你真棒 你真聪明 你真笨 你好厉害 你好聪明
笨蛋 傻瓜
""".split()

SMALL_TALK_EN = [
    phrase.strip()
    for phrase in """
    hi; hello; hey; hi there; hello there; hey there; hiya; yo; greetings; good morning; good afternoon;
    good evening; good night; morning; thanks; thank you; thank you very much; thanks a lot; many thanks; thx;
    ty; cheers; great; awesome; cool; nice; perfect; well done; good job; good bot; bad bot; ok; okay; k; yes;
    yeah; yep; no; nope; sure; fine; right; got it; i see; understood; never mind; nevermind; no problem;
    no worries; you are welcome; bye; goodbye; bye bye; see you; see you later; see ya; later; lol; haha;
    hahaha; hmm; hm; wow; oh; test; testing; just testing; ping; how are you; how are you doing; how do you do;
    how is it going; what's up; whats up; sup; nice to meet you; how old are you; who are you; what are you;
    what is your name; what's your name; whats your name; are you a bot; are you a robot; are you human;
    are you real; are you there; anyone there; anybody here; introduce yourself; please introduce yourself;
    tell me about yourself; describe yourself; what can you do; what do you do; how can you help me;
    what can you help me with; help; help me; can you help me; tell me a joke; sing a song; sing me a song;
    write a poem; i love you; i like you; do you love me; do you like me; let us chat; let's chat; talk to me;
    i am bored; i'm bored
""".replace("\n", ";").split(";")
    if phrase.strip()
]

# Words that point back at something said before.
POINTING_ZH = """
它们 它 他们 他 她 这个 那个 这些 那些 这种 那种 这 那 该 上面 上述 前面 刚才 刚刚 前者 后者 其 同样 还有 另外
""".split()

POINTING_EN = frozenset(
    "it its they them their this that these those he him his she her one ones former latter same above there".split()
)

# Beginnings and whole turns that continue the previous question.
CONTINUING_ZH = ("那么", "那", "还有", "另外", "然后", "而", "以及", "如果", "换成", "要是", "同样")
CONTINUING_EN = (
    "what about",
    "how about",
    "and ",
    "but ",
    "then ",
    "also ",
    "or ",
    "so ",
    "what if",
    "why not",
    "why",
    "how",
)

# The state of the world right now, which documents written before cannot hold: when, and what is asked of it.
NOW_ZH = "今天 今日 今晚 今早 明天 明早 后天 昨天 昨晚 现在 此刻 这会儿 刚才 这周 本周 周末 最近".split()
NOW_EN = "today;tonight;tomorrow;yesterday;right now;now;this morning;this week;weekend;last night".split(";")
LIVE_ZH = """
天气 气温 下雨 下雪 降温 带伞 雾霾 空气质量 几点 星期几 周几 几号 礼拜几 新闻 比分 球赛 股价 大盘 股市 汇率 油价
金价 堵车 路况 热搜
""".split()
LIVE_EN = (
    """
weather;temperature;rain;raining;snow;snowing;forecast;time is it;day is it;date is it;news;score;stock price
stock market;exchange rate;traffic
""".strip()
    .replace("\n", ";")
    .split(";")
)
# These ask for the present without saying so.
ALWAYS_LIVE_ZH = "天气怎么样 天气如何 现在几点 几点了 星期几 今天几号 什么天气 会下雨吗 下雨了吗".split()
ALWAYS_LIVE_EN = (
    "weather like;weather today;what time is it;what day is it;what is the date today;what's the time".split(";")
)

# Abbreviations that are used without being explained. What a library says of its own comes before these.
CONVENTIONAL = """
k8s=kubernetes; i18n=internationalization; l10n=localization; a11y=accessibility; o11y=observability;
g11n=globalization; db=database; repo=repository; config=configuration; docs=documentation; dept=department;
HQ=headquarters; HR=human resources; FAQ=frequently asked questions; ETA=estimated time of arrival; R&D=研发;
CEO=首席执行官; CFO=首席财务官; CTO=首席技术官; COO=首席运营官; HR=人力资源; KPI=关键绩效指标; OKR=目标与关键成果;
VPN=虚拟专用网; OCR=光学字符识别; SSO=单点登录; FAQ=常见问题; OS=操作系统; CLI=命令行; GUI=图形界面; UI=用户界面;
AI=人工智能; ML=机器学习; NLP=自然语言处理; LLM=大语言模型; LLM=large language model; RAG=检索增强生成;
RAG=retrieval-augmented generation; IoT=物联网; VR=虚拟现实; AR=增强现实; EV=电动汽车; GDP=国内生产总值;
CPI=居民消费价格指数; PPI=工业生产者出厂价格指数; PMI=采购经理指数; IPO=首次公开募股; ETF=交易型开放式指数基金;
WHO=世界卫生组织; WTO=世界贸易组织; IMF=国际货币基金组织; UN=联合国; EU=欧盟; NATO=北约; FED=美联储; 央行=中国人民银行;
发改委=国家发展和改革委员会; 工信部=工业和信息化部; 证监会=中国证券监督管理委员会; 人社部=人力资源和社会保障部;
银保监会=中国银行保险监督管理委员会; 卫健委=国家卫生健康委员会; 国资委=国务院国有资产监督管理委员会
""".replace("\n", " ").split(";")


def alternatives(phrases: Iterable[str]) -> str:
    """Return a regular expression for any of the phrases, the longest that fits."""
    return "|".join(re.escape(phrase) for phrase in sorted(set(phrases), key=len, reverse=True))


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return `alternatives`, compiled."""
    return re.compile(alternatives(phrases))
