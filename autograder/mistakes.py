"""What the command line tells in a line or two."""


class Mistake(Exception):
    """An ordinary mistake of a person; its message says what is wrong and what to do next."""
