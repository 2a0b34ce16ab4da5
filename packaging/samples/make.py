"""Make the sample documents that are not plain text: PDF, Word, Excel, mail and a GB18030 text file.

Run after editing the texts below, with the makers of the two Office formats at hand:

    uv run --with "pymupdf<2" --with python-docx --with openpyxl packaging/samples/make.py
"""

from __future__ import annotations

import datetime
import email.message
import email.policy
import io
from pathlib import Path

DOCUMENTS = Path(__file__).resolve().parent.parent.parent / "assets" / "samples" / "documents"
MADE_ON = datetime.datetime(2026, 3, 2, 9, 0, 0, tzinfo=datetime.UTC)

MANUAL_STYLE = """
body { font-family: sans-serif; font-size: 10.5pt; line-height: 1.45; color: #222; }
h1 { font-size: 20pt; color: #1d4f6e; margin-bottom: 4pt; }
h2 { font-size: 13.5pt; color: #1d4f6e; margin-top: 12pt; margin-bottom: 3pt; }
p, li { margin-top: 2pt; margin-bottom: 3pt; }
.sub { color: #666; }
"""

MANUAL = Path(__file__).with_name("manual.html")


def make_manual(path: Path) -> None:
    """Write the bilingual manual: three pages, text that extracts, fonts cut down to the glyphs that are used."""
    import pymupdf

    buffer = io.BytesIO()
    writer = pymupdf.DocumentWriter(buffer)
    page = pymupdf.paper_rect("a4")
    inside = page + pymupdf.Rect(56, 56, -56, -56)
    for html in MANUAL.read_text(encoding="utf-8").split("<!-- page -->"):
        story = pymupdf.Story(html, user_css=MANUAL_STYLE)
        more = 1
        while more:
            device = writer.begin_page(page)
            more, _ = story.place(inside)
            story.draw(device)
            writer.end_page()
    writer.close()
    document = pymupdf.open("pdf", buffer.getvalue())
    document.subset_fonts()
    document.set_metadata(
        {
            "title": "Lantern One user manual",
            "author": "Qingdeng Instruments",
            "creationDate": f"D:{MADE_ON:%Y%m%d%H%M%S}Z",
        }
    )
    document.save(path, garbage=4, deflate=True, use_objstms=1, no_new_id=True)


def make_leave_policy(path: Path) -> None:
    """Write the Chinese policy on leave and working hours as a Word document."""
    import docx

    document = docx.Document()
    document.core_properties.title = "考勤与休假制度"
    document.core_properties.author = "青灯仪器人力资源部"
    document.core_properties.created = document.core_properties.modified = MADE_ON.replace(tzinfo=None)
    document.add_heading("考勤与休假制度", 0)
    document.add_paragraph("人力资源部，2026 年 1 月修订。本文内容为虚构，供试用软件时检索。")
    document.add_heading("一、工作时间", 1)
    document.add_paragraph(
        "公司实行弹性工作制：每天工作八小时，核心时间为上午十点到下午四点，其余时间自行安排。"
        "每月迟到三次以内不扣工资，第四次起每次扣五十元。"
    )
    document.add_paragraph("每周可以远程办公两天，须在前一天下班前在日历中标明。试用期员工每周一天。")
    document.add_heading("二、年假", 1)
    document.add_paragraph("年假天数按司龄计算，见下表。当年未休完的年假可以顺延到次年三月三十一日，过期作废。")
    rows = (
        ("司龄", "年假天数"),
        ("不满一年", "5 天（按比例折算）"),
        ("一年至五年", "10 天"),
        ("五年至十年", "15 天"),
        ("十年以上", "20 天"),
    )
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_heading("三、病假", 1)
    document.add_paragraph(
        "每年有五天带薪病假，无须医院证明。超过五天的部分须提交二级以上医院的证明，按基本工资的百分之八十发放。"
    )
    document.add_heading("四、婚假、产假与陪产假", 1)
    for text in (
        "婚假十天，领证之日起一年内休完。",
        "产假一百五十八天，难产增加十五天，多胞胎每多一个婴儿增加十五天。",
        "陪产假二十天，孩子出生后六个月内休完。",
        "育儿假：孩子满三周岁前，父母每年各有十天。",
    ):
        document.add_paragraph(text, style="List Bullet")
    document.add_heading("五、请假流程", 1)
    document.add_paragraph(
        "三天以内由直属主管批准；三天以上由部门经理批准；十天以上还须人力资源总监批准。"
        "急病可以先电话请假，返岗后两天内补办手续。联系人：人力资源部周以宁，分机 8022。"
    )
    document.save(str(path))


def make_price_list(path: Path) -> None:
    """Write prices and stock as an Excel workbook of two sheets."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    book.properties.creator = "Qingdeng Instruments"
    book.properties.created = book.properties.modified = MADE_ON.replace(tzinfo=None)
    prices = book.active
    prices.title = "Prices 2026"
    for row in (
        ("Article", "名称", "List price (CNY)", "Dealer price (CNY)", "Minimum order", "Delivery"),
        ("QD-L1-W", "Lantern One 台灯，白色", 899, 640, 10, "5 working days"),
        ("QD-L1-G", "Lantern One 台灯，石墨灰", 899, 640, 10, "5 working days"),
        ("QD-L1-B", "Lantern One 台灯，竹制灯臂", 1099, 790, 5, "15 working days"),
        ("QD-F2-W", "Lantern Floor 落地灯，白色", 1899, 1350, 4, "10 working days"),
        ("QD-P24", "24 V 电源适配器", 129, 84, 20, "3 working days"),
        ("QD-B52", "替换电池 5200 mAh", 219, 150, 10, "3 working days"),
        ("QD-C18", "编织电源线 1.8 m", 59, 36, 50, "3 working days"),
        ("QD-K1", "桌边夹具 Desk clamp", 169, 110, 10, "7 working days"),
    ):
        prices.append(row)
    stock = book.create_sheet("Stock")
    for row in (
        ("Article", "Suzhou", "Chengdu", "Rotterdam", "Counted on"),
        ("QD-L1-W", 412, 96, 150, "2026-02-27"),
        ("QD-L1-G", 268, 41, 88, "2026-02-27"),
        ("QD-L1-B", 37, 0, 12, "2026-02-27"),
        ("QD-F2-W", 54, 8, 20, "2026-02-27"),
        ("QD-P24", 930, 210, 400, "2026-02-27"),
        ("QD-B52", 185, 60, 75, "2026-02-27"),
    ):
        stock.append(row)
    for sheet, widths in ((prices, (12, 34, 18, 20, 16, 18)), (stock, (12, 10, 10, 12, 14))):
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column, width in zip("ABCDEF", widths, strict=False):
            sheet.column_dimensions[column].width = width
        sheet.freeze_panes = "A2"
    book.save(path)


def make_mail(path: Path) -> None:
    """Write a mail with a quoted reply and a small table attached."""
    message = email.message.EmailMessage(policy=email.policy.SMTP.clone(utf8=False))
    message["From"] = "Marta Lindqvist <marta.lindqvist@qingdeng.example>"
    message["To"] = "固件组 <firmware@qingdeng.example>"
    message["Cc"] = "Lin Zhiqiu <lin.zhiqiu@qingdeng.example>"
    message["Subject"] = "Re: 春季固件发布 2.5 的安排 / schedule of the spring release"
    message["Date"] = datetime.datetime(2026, 3, 16, 10, 42, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    message["Message-ID"] = "<20260316104200.8110@qingdeng.example>"
    message.set_content(
        """\
Hi all,

after this morning's call, here is what we agreed for release 2.5:

- Code freeze is on Friday, 27 March 2026 at 18:00. After that only fixes with a ticket.
- The beta goes to 200 volunteers on 3 April. Chen Bo picks them from the mailing list.
- The public release is on 21 April 2026, one week later than planned, because the new
  battery gauge needs another round in the climate chamber.
- Rollback: version 2.4.1 stays on the update server until the end of June.

The budget for extra testing is 48,000 yuan. Lin Zhiqiu from finance has approved it.

Marta


> 大家好：
>
> 2.5 版原定四月十四日发布。光学实验室说电量计在零下五度时误差达到百分之七，
> 需要再测一轮。请固件组本周给出新的时间表，并说明是否影响落地灯的项目。
> 落地灯与台灯共用同一套电源管理代码，负责人是陈博。
>
> 谢谢!
> 沈南乔
"""
    )
    message.add_attachment(
        "week,task,owner\n13,code freeze,Marta Lindqvist\n14,beta to 200 volunteers,Chen Bo\n"
        "15,climate chamber at -5 C,optics laboratory\n17,public release,Marta Lindqvist\n",
        subtype="csv",
        filename="schedule-2.5.csv",
    )
    message.set_boundary("=-qingdeng-2026-=")
    path.write_bytes(message.as_bytes())


def make_faq(path: Path) -> None:
    """Write a list of customers' questions in GB18030, as older Chinese programs still do."""
    path.write_bytes(
        """\
青灯台灯 常见问题（客服部整理）

问：台灯可以在国外使用吗？
答：可以。电源适配器支持 100 到 240 伏，只需换插头。欧规与英规插头可以向客服免费索取，需自付邮费 12 元。

问：买了多久可以退货？
答：收货后十五天内无理由退货，外观完好、配件齐全即可。退款在收到货后三个工作日内原路退回。竹制灯臂为定制产品，不支持无理由退货。

问：一个账号可以绑定几盏灯？
答：最多三十盏。每盏灯最多分享给五位家人。

问：没有网络还能用吗？
答：能。触摸调光、定时关灯和阅读模式都不需要网络，只有远程控制和固件升级需要。

问：怎样开具发票？
答：在应用的“我的订单”里选择“申请发票”，填写抬头和税号，电子发票在两个工作日内发到邮箱。

问：灯光会伤眼睛吗？
答：不会。蓝光等级为无危险类，显色指数九十七，无可视频闪。建议每用眼四十分钟休息十分钟。
""".encode("gb18030")
    )


def main() -> None:
    """Write every file."""
    make_manual(DOCUMENTS / "product" / "lantern-one-manual.pdf")
    make_leave_policy(DOCUMENTS / "handbook" / "考勤与休假制度.docx")
    make_price_list(DOCUMENTS / "product" / "price-list-2026.xlsx")
    make_mail(DOCUMENTS / "mail" / "re-spring-release.eml")
    make_faq(DOCUMENTS / "product" / "客服常见问题.txt")


if __name__ == "__main__":
    main()
