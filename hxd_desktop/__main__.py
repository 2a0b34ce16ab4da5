"""`python -m hxd_desktop` is the command `hxd`."""

from hxd_desktop.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
