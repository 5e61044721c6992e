"""`python -m yaodian`."""

from yaodian.cli import main

if __name__ == "__main__":
    main()
