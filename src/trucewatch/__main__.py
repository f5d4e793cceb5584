"""`python -m trucewatch` is the command `trucewatch`."""

from trucewatch.app.cli import main

if __name__ == "__main__":
    main()
