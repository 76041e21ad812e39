"""``python -m ipmatch``: the command line."""

from ipmatch.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
