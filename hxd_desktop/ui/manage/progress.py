"""How far long work on a model is, with a button that stops it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from hxd_desktop.engine.events import ModelProgress
from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.i18n import plural, t

_STEPS = 1000  # of a bar; bytes do not fit into its whole numbers


class JobProgress(QWidget):
    """A bar, a line of text, a button."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = layouts.column(self, spacing=1)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        row = QWidget()
        across = layouts.row(row, spacing=2)
        self.text = layouts.label("", "small", wrap=True, name="job_text")
        self.stop = layouts.push(t("Cancel"), name="job_cancel")
        self.stop.clicked.connect(self.cancelled)
        across.addWidget(self.text, 1)
        across.addWidget(self.stop)
        box.addWidget(self.bar)
        box.addWidget(row)

    def show_job(self, job: ModelProgress) -> None:
        """Show how far `job` is."""
        self.bar.setRange(0, _STEPS if job.total else 0)
        self.bar.setValue(round(_STEPS * job.done / job.total) if job.total else 0)
        text = job_text(job)
        self.text.setText(text)
        self.bar.setAccessibleName(text)


def job_text(job: ModelProgress) -> str:
    """What is done, how far, how fast, how long still."""
    what = {"download": t("Downloading"), "import": t("Importing"), "use": t("Getting ready")}[job.job]
    if not job.total:
        return f"{what}…"
    if job.job == "use":
        done = plural(job.total, "{done} of {n} passage", "{done} of {n} passages", done=formats.count(job.done))
        speed = t("{n} a second", n=formats.count(round(job.per_second))) if job.per_second >= 1 else ""
    else:
        done = t("{done} of {total}", done=formats.size(job.done), total=formats.size(job.total))
        speed = t("{size} a second", size=formats.size(job.per_second)) if job.per_second else ""
    if job.job == "import" and job.done >= job.total:
        done = t("trying it out")
    left = formats.time_left(job.seconds_left) if job.seconds_left is not None else ""
    source = t("from {host}", host=job.source) if job.source else ""
    return " · ".join(part for part in (what, done, speed, left, source) if part)
