"""From what the engine shows of a document to the pieces of its page. Knows no Qt but its translator."""

from __future__ import annotations

import os
from dataclasses import replace

from hxd_desktop.engine.documents.model import Block, BlockKind
from hxd_desktop.engine.viewing import DocumentView
from hxd_desktop.ui import formats
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.paper.converted import converted_pieces
from hxd_desktop.ui.paper.markdown import code_piece, markdown_pieces
from hxd_desktop.ui.paper.model import Kind, Piece
from hxd_desktop.ui.paper.restructured import restructured_pieces

_NOTEBOOK_LANGUAGE = "python"


def pieces_of(view: DocumentView) -> list[Piece]:
    """Return what is drawn of a part of a document."""
    text, blocks = view.text, view.blocks
    if view.kind == "code":
        return [code_piece(text.rstrip("\n"), 0, os.path.splitext(view.passage.path)[1].removeprefix(".").lower())]
    if view.kind == "markdown":
        return markdown_pieces(text, blocks, _picture)
    if view.kind == "rst":
        return restructured_pieces(text, blocks)
    if view.kind == "notebook":
        return _notebook(text, blocks)
    return converted_pieces(view.kind, text, blocks, view.above, _turn)


def _notebook(text: str, blocks: tuple[Block, ...]) -> list[Piece]:
    """Cells of Markdown set as such, those of code coloured."""
    made = markdown_pieces(text, blocks, _picture)
    fenced = {block.start for block in blocks if block.kind is BlockKind.CODE and text.startswith("`", block.start)}
    return [
        replace(piece, language=piece.language or _NOTEBOOK_LANGUAGE)
        if piece.kind is Kind.CODE and piece.lines[0][0].start not in fenced
        else piece
        for piece in made
    ]


def _picture(alt: str) -> str:
    return t("[picture: {what}]", what=alt) if alt else ""


def _turn(slide: int) -> str:
    return t("Slide {n}", n=formats.count(slide))
