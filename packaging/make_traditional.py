"""Write hxd_desktop/engine/text/traditional.py from OpenCC's TSCharacters.txt (Apache-2.0).

Usage: python packaging/make_traditional.py TSCharacters.txt

Only one-to-one pairs inside the basic plane are kept: search keys must keep their length.
"""

from __future__ import annotations

import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "hxd_desktop/engine/text/traditional.py"
WIDTH = 50

HEADER = '''"""Traditional Chinese characters and their Simplified forms, position by position.

Made by packaging/make_traditional.py from OpenCC's TSCharacters.txt (Apache-2.0, https://github.com/BYVoid/OpenCC).
"""

'''


def main() -> None:
    """Read the table named on the command line and write the module."""
    pairs: list[tuple[str, str]] = []
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        traditional, _, simplified = line.partition("\t")
        first = simplified.split(" ")[0]
        if len(traditional) == len(first) == 1 and traditional != first and max(traditional, first) <= "\uffff":
            pairs.append((traditional, first))
    text = HEADER
    for name, column in (("TRADITIONAL", 0), ("SIMPLIFIED", 1)):
        characters = "".join(pair[column] for pair in pairs)
        lines = [characters[i : i + WIDTH] for i in range(0, len(characters), WIDTH)]
        text += f"{name} = (\n" + "".join(f'    "{line}"\n' for line in lines) + ")\n"
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
