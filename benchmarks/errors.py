"""What keeps a benchmark from running; the message is a sentence for people."""


class BenchmarkError(Exception):
    """Something cannot be measured here."""


class UsageError(BenchmarkError):
    """The command line names something that cannot be used."""
