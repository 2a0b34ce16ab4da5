from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.answering.prompts import NOT_IN_SOURCES
from hxd_desktop.engine.answering.unknown import says_unknown

UNKNOWN = """
资料中没有答案。
不知道。
我不知道。
抱歉，我不知道这个问题的答案。
对不起，这个问题我不清楚。
我不确定保修期是多久。
很抱歉，根据提供的资料无法回答这个问题。
根据现有资料，无法确定保修期的长短。
根据上下文，无法得知财务部的负责人。
目前无法判断。
无法从文档中得知退款的期限。
从给出的资料中无法得出答案。
文档中没有提到保修期。
资料没有提及这个问题。
资料里并没有说明运费是多少。
所提供的文件中未提及相关内容。
提供的资料未包含该信息。
上下文中没有关于签证的信息。
材料中没有任何关于护照的描述。
文中未给出具体数字。
原文没有直接回答这个问题。
这些段落都没有涉及退货流程。
来源中不包含答案。
没有找到相关信息。
未找到相关的内容。
抱歉，没有找到与签证有关的资料。
我在资料里找不到答案。
在文档中查不到相关记录。
信息不足，无法回答。
资料不足以回答这个问题。
没有足够的信息来回答。
缺乏相关资料。
由于缺少相关信息，无法作答。
这超出了资料的范围。
答案不在提供的资料中。
暂无相关信息。
未知。
不详
无法回答。
抱歉。文档里没有写这一点。
很遗憾，这个问题我回答不了。
关于保修期，资料中并未说明。
I don't know.
I do not know the answer.
I’m sorry, but I don’t know.
Sorry, I cannot answer that from the sources.
I am unable to answer this question.
I'm not sure.
I could not find an answer in the documents.
I couldn't find any information about visas.
I can't tell from the passages.
I have no information about that.
I found nothing about the warranty in the text.
We do not have enough information to answer.
The sources do not hold the answer.
The provided sources do not mention the warranty.
I'm sorry, but the provided sources do not mention the warranty.
The documents don't say who runs the finance department.
The context does not contain this information.
The given text doesn't specify a price.
The passages fail to mention the price.
The document does not explicitly state the deadline.
None of the sources mentions a refund.
Nothing in the documents answers this.
There is no information about visas in the documents.
There is not enough information to answer.
There isn't enough information in the sources.
There is no mention of a warranty.
No information about the warranty was found.
Not enough information to tell.
Insufficient information.
The answer is not in the sources.
The warranty period is not mentioned in the provided context.
This is not covered by the documents.
The question cannot be answered from the sources.
It cannot be determined from the text.
Unable to determine the price from the sources.
It is unclear from the documents.
It is not possible to say.
This is beyond the scope of the documents.
Based on the sources, I cannot determine the price.
Unfortunately, the information provided does not include the price.
Unknown.
Not specified.
Not mentioned
N/A
No idea.
""".strip().split("\n")

ANSWERS = """
保修期是三年。[1]
保修期是三年。[1] 资料没有提到延长保修。
保修期是三年。资料没有提到延长保修。
如果找不到发票，请联系财务部。[1]
如果不知道密码，可以在登录页重设。[1]
若没有找到相关记录，请重新提交申请。[2]
当系统无法确定用户身份时，会返回 401。[1]
服务器无法确定用户身份，因此返回 401。[1]
价格不包含税费。[1]
套餐不包括上门维修。[1]
刀片不在保修范围内。[1]
不支持七天无理由退货。[2]
未经批准不能报销。[1]
没有发票不能报销。[1]
无需安装驱动。[1]
不能，已拆封的刀片不能退货。[1]
未找到设备时请按住电源键五秒。[1]
文档中没有提到的配件一律不在保修之列。[1]
手机号未知的客户由前台登记。[1]
错误 404 表示没有找到页面。[1]
不需要。[1]
没有。公司不提供班车。[1]
合同没有写明期限的，按一年计算。[1]
信息部的负责人是李雷。[1]
资料室在三楼。[1]
内容审核由王小雨负责。[1]
Parcels are shipped from Hamburg. [2]
Contact Li if the cause is unknown. [1]
If you don't know your password, reset it. [1]
When the device cannot be found, hold the button for five seconds. [1]
Error 404 means that the page could not be found. [1]
The plan does not include repairs. [1]
The price does not include tax. [1]
The warranty does not cover the blades. [1]
Orders cannot be cancelled after delivery. [1]
No, opened blades cannot be returned. [1]
No invoice is needed. [1]
The function returns None if no value is given. [1]
You do not need to register. [1]
Refunds are not given after 14 days. [1]
Unknown devices are blocked by the firewall. [2]
Customers who have no information about their parcel call the hotline. [1]
Delivery takes three days. The sources do not mention weekends.
It is free of charge. [1]
The information desk is on the third floor. [1]
""".strip().split("\n")


@pytest.mark.parametrize("reply", UNKNOWN)
def test_not_knowing_in_many_words(reply: str) -> None:
    assert says_unknown(reply)


@pytest.mark.parametrize("reply", ANSWERS)
def test_answers_are_not_taken_for_it(reply: str) -> None:
    assert not says_unknown(reply)


@pytest.mark.parametrize(
    "reply", [*NOT_IN_SOURCES.values(), "", "  \n", "抱歉。", "**资料中没有答案。**", "资料中没有答案。[1]", "Sorry!"]
)
def test_what_the_prompt_asks_for_and_nothing_at_all(reply: str) -> None:
    assert says_unknown(reply)


@given(
    st.sampled_from(UNKNOWN),
    st.sampled_from(["", "Sorry. ", "抱歉。", "非常抱歉！", "> "]),
    st.sampled_from(["", "\n", "\n请提供更多信息。", "\nPlease add a document."]),
)
def test_what_stands_around_it_changes_nothing(reply: str, before: str, after: str) -> None:
    assert says_unknown(before + reply + after)
    assert says_unknown((before + reply).upper().replace("N/A", "n/a"))


@given(st.sampled_from(ANSWERS), st.sampled_from([f" {text}" for text in UNKNOWN]))
def test_a_reservation_after_an_answer_does_not_take_it_back(answer: str, reservation: str) -> None:
    assert not says_unknown(answer + reservation)


@pytest.mark.parametrize(
    "text", ["根据资料", "i ", "the document ", "资料在文中里上内", "在关于根据从", "我从资料中", "对关于就仅"]
)
def test_a_long_reply_takes_no_longer_for_its_repetitions(text: str) -> None:
    began = time.process_time()
    says_unknown(text * 400)
    assert time.process_time() - began < 1.0
