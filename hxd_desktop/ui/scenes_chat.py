"""States of chat, conversations and evidence that the gallery draws."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QToolButton

from hxd_desktop.engine.answering.model import Answer
from hxd_desktop.engine.answering.record import to_dict
from hxd_desktop.engine.library.model import Conversation, MessageHit
from hxd_desktop.engine.viewing import Passage
from hxd_desktop.ui.chat.exchange import Exchange, Phase
from hxd_desktop.ui.studio import Studio

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant

_WRITTEN = {
    "en": """### In short

The deadline is **the 5th of each month** [1]. What is handed in later is paid with the next month's run.

1. Fill in the form.
2. Attach the receipts.

```python
# how the amount is worked out
def due(nights: int, rate: float = 98.5) -> float:
    return round(nights * rate, 2)
```

| Kind | Receipt | Limit |
|---|---|---|
| Train | yes | none |
| Hotel | yes | 98.50 a night |
""",
    "zh": """### 简要回答

截止日期是**每月 5 日** [1]。之后提交的会随下个月一起支付。

1. 填写表格。
2. 附上票据。

```python
# 金额的计算方法
def due(nights: int, rate: float = 98.5) -> float:
    return round(nights * rate, 2)
```

| 类别 | 票据 | 上限 |
|---|---|---|
| 火车 | 需要 | 无 |
| 酒店 | 需要 | 每晚 98.50 |
""",
}


def written(made: Studio, engine: Assistant, question: str) -> None:
    """An answer in a model's words, with code and a table; an edited question."""
    made.show_engine(engine)
    answer = engine.ask(question)
    text = _WRITTEN[made.services.language.code[:2]]
    said = dataclasses.replace(answer, answer=text, model={**answer.model, "generator": "qwen2.5-7b"})
    exchange = Exchange(question, ("default",), phase=Phase.DONE, answer=said, message_id=2, siblings=(1, 2, 3))
    made.services.session.model.show([exchange])
    made.window.evidence.show_exchange(exchange)
    QThreadPool.globalInstance().waitForDone()
    made.settle()


def streaming(made: Studio, engine: Assistant, question: str) -> None:
    """An answer that is being written."""
    made.show_engine(engine)
    text = _WRITTEN[made.services.language.code[:2]]
    model = made.services.session.model
    model.append(Exchange(question, ("default",), ticket=7, stage="generate", quoting=False))
    model.add_text(7, text[: len(text) * 2 // 3])
    QThreadPool.globalInstance().waitForDone()
    made.settle()


def editing(made: Studio, engine: Assistant, question: str) -> None:
    """A question that is being edited."""
    made.show_engine(engine)
    made.show_exchanges([(question, engine.ask(question))])
    view = made.window.page.view.exchange_views()[0]
    pencil = view.findChild(QToolButton, "edit_question")
    assert pencil is not None
    pencil.click()
    made.settle()


def searching(made: Studio, engine: Assistant, question: str) -> None:
    """Chats found by their words, one that is pinned, one that was deleted a moment ago."""
    made.show_engine(engine)
    answer = engine.ask(question)
    made.show_exchanges([(question, answer)])
    now = time.time()
    titles = [question, "HXD", "VPN", "2026"]
    made.services.conversations.set_conversations(
        [Conversation(n, title, now, now - n * 40_000, pinned=n == 2) for n, title in enumerate(titles, 1)]
    )
    panel = made.window.conversations
    panel.search.setText(question[:2])
    panel._rest.stop()  # the picture shows what is given here
    panel._show_hits(
        [
            MessageHit(1, 1, "user", question, question, ((0, 2),), now),
            MessageHit(1, 2, "assistant", question, _line(answer), ((1, 3),), now - 90_000),
        ]
    )
    trash = made.services.session.trash
    trash.conversation, trash.title = 9, "VPN"
    trash.changed.emit()
    made.settle()
    trash.conversation = None


def _line(answer: Answer) -> str:
    return "…" + " ".join(str(to_dict(answer)["answer"]).split())[:80]


def document(made: Studio, engine: Assistant, question: str) -> None:
    """The document of a source, at its passage."""
    made.show_engine(engine)
    made.show_exchanges([(question, engine.ask(question))])
    made.window.evidence.show_document(1)
    made.settle()


def document_found(made: Studio, engine: Assistant, question: str) -> None:
    """Words that are looked for in a document."""
    document(made, engine, question)
    made.window.evidence.document.open_find()
    made.window.evidence.document.find_words({"zh": "住宿"}.get(made.services.language.code[:2], "profile"))
    made.settle()


def document_word(made: Studio, engine: Assistant, question: str) -> None:
    """A Word document."""
    _first_of(made, engine, ".docx")


def document_sheet(made: Studio, engine: Assistant, question: str) -> None:
    """A workbook."""
    _first_of(made, engine, ".xlsx")


def document_mail(made: Studio, engine: Assistant, question: str) -> None:
    """A mail."""
    _first_of(made, engine, ".eml")


def _first_of(made: Studio, engine: Assistant, suffix: str) -> None:
    made.show_engine(engine)
    path = next(info.path for info in engine.documents("default") if info.path.endswith(suffix))
    text = engine.document_text("default", path)
    start = text.find("\n", len(text) // 3) + 1
    end = text.find("\n", start + 1)
    made.window.evidence.show_passage(Passage("default", path, start, end if end > 0 else len(text)))
    made.settle()


def page(made: Studio, engine: Assistant, question: str) -> None:
    """A page of a PDF with its passage marked."""
    made.show_engine(engine)
    for info in engine.documents("default"):
        if info.path.endswith(".pdf"):
            text = engine.document_text("default", info.path)
            start = text.find("\n", len(text) // 8) + 1
            passage = Passage("default", info.path, start, text.find("\n", start + 60), 1)
            made.window.evidence.show_passage(passage)
    made.settle()
