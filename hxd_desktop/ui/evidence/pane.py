"""The right column: the tabs Sources, Why and Document for the exchange that is chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QTabWidget, QWidget

from hxd_desktop.engine.answering.model import Answer, Outcome
from hxd_desktop.engine.viewing import Passage
from hxd_desktop.ui import layouts, wording
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.chat.exchange import Exchange
from hxd_desktop.ui.evidence.document import DocumentPane
from hxd_desktop.ui.evidence.reading import SourceReading, source_readings
from hxd_desktop.ui.evidence.sources import SourceList
from hxd_desktop.ui.evidence.why import WhyPane
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.matching import matched_spans
from hxd_desktop.ui.theme import Theme


class EvidencePane(QFrame):
    """Shows where the chosen answer comes from and how it was decided."""

    open_asked = Signal(str)
    anyway_asked = Signal(object)  # Exchange
    folder_asked = Signal()
    calibrate_asked = Signal(str)  # library
    link_asked = Signal(object)  # Passage

    def __init__(self, theme: Theme, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "side")
        self.exchange: Exchange | None = None
        self._shown: Answer | None = None
        self._why_of: Answer | None = None  # to be explained when it is asked for
        self.sources = SourceList(theme)
        self.why = WhyPane(theme)
        self.document = DocumentPane(theme, bridge)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setExpanding(False)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setAccessibleName(t("Evidence"))
        self.tabs.tabBar().setAccessibleName(t("Evidence"))
        self.tabs.addTab(self.sources, t("Sources"))
        self.tabs.addTab(self.why, t("Why"))
        self.tabs.addTab(self.document, t("Document"))
        box = layouts.column(self)
        box.setContentsMargins(0, layouts.unit(self), 0, 0)
        box.addWidget(self.tabs)
        self.sources.open_asked.connect(self.open_asked)
        self.sources.chosen.connect(self._choose)
        self.sources.document_asked.connect(self.show_passage)
        self.sources.link_asked.connect(self.link_asked)
        self.document.open_asked.connect(self.open_asked)
        self.why.folder_asked.connect(self.folder_asked)
        self.why.calibrate_asked.connect(self.calibrate_asked)
        self.why.source_clicked.connect(self.show_source)
        self.why.anyway_asked.connect(lambda: self.anyway_asked.emit(self.exchange))
        self.tabs.currentChanged.connect(self._explain)
        self.show_exchange(None)

    def show_exchange(self, exchange: Exchange | None) -> None:
        """Show the evidence of an exchange; None, or one without an answer, shows that there is none."""
        if exchange is not None and exchange is self.exchange and self._shown is exchange.answer:
            return
        self.exchange = exchange
        self._shown = exchange.answer if exchange is not None else None
        answer = self._shown
        self.document.show_passage(None)
        if answer is None:
            self.sources.show_groups([(t("The passages behind an answer appear here."), [])])
            self._why_of = None
            self.why.show_nothing(t("How an answer or a refusal was decided appears here."))
            return
        self.sources.show_groups(_groups(answer))
        self.document.show_cited([reading.target for reading in self.sources.readings])
        if self.sources.readings:
            self.document.show_passage(self.sources.readings[0].target)
        self._why_of = answer
        self._explain()

    def _explain(self) -> None:
        """Put up the decision record once it is looked at: it has many parts."""
        if self._why_of is not None and self.tabs.currentWidget() is self.why:
            self.why.show_answer(self._why_of)
            self._why_of = None

    def show_source(self, n: int) -> None:
        """Show source `n` of the exchange."""
        self.tabs.setCurrentWidget(self.sources)
        self.sources.choose(n)
        self._choose(n)

    def show_document(self, n: int) -> None:
        """Show source `n` of the exchange in its document."""
        self.sources.choose(n)
        if (passage := self._passage(n)) is not None:
            self.show_passage(passage)

    def show_passage(self, passage: Passage) -> None:
        """Show a passage in its document."""
        self.document.show_passage(passage)
        self.tabs.setCurrentWidget(self.document)
        self.document.setFocus()

    def _passage(self, n: int) -> Passage | None:
        return next((reading.target for reading in self.sources.readings if reading.n == n), None)

    def _choose(self, n: int) -> None:
        if (passage := self._passage(n)) is not None:
            self.document.show_passage(passage)

    def show_why(self) -> None:
        """Show the decision record."""
        self.tabs.setCurrentWidget(self.why)


def _groups(answer: Answer) -> list[tuple[str, list[SourceReading]]]:
    """What the answer names, apart from what was only found."""
    readings = source_readings(answer, matched_spans)
    if not readings:
        return [(wording.refusal_text(answer) or t("No passages."), [])]
    if answer.outcome is not Outcome.ANSWERED:
        return [(t("The nearest passages found"), readings)]
    cited = wording.cited(answer) or {reading.n for reading in readings}
    rest = [reading for reading in readings if reading.n not in cited]
    groups = [(t("What the answer is taken from"), [reading for reading in readings if reading.n in cited])]
    return [*groups, (t("Found too, but not quoted"), rest)] if rest else groups
