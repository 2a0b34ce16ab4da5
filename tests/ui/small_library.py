"""The documents of the small library, and questions about them."""

from __future__ import annotations

WAIT_MS = 20_000

DOCUMENTS = {
    "kettle.md": """# Brass kettle

## Descaling

Descale the brass kettle every six weeks with a spoon of citric acid. Rinse it twice afterwards.

## Warranty

The warranty of the brass kettle lasts thirty months from the day of purchase.
""",
    "bicycle.txt": """Bicycle shed rules.
The bicycle shed is locked at half past nine in the evening. The caretaker keeps the spare key in room 214.
Bicycles without a registration tag are removed on the first Monday of the month.
""",
    "图书馆.md": """# 图书馆使用规定

## 借阅

每位读者一次最多可以借阅六本图书，借期为三十天，可以续借一次。

## 遗失

遗失图书须按原价的两倍赔偿。
""",
}
COVERED = "How often is the brass kettle descaled with citric acid?"
COVERED_ZH = "读者一次最多可以借阅多少本图书？"
UNCOVERED = "Which volcano erupted in Iceland during the football final?"
