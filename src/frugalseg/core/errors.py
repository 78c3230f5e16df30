"""The one exception that is meant for users."""


class FrugalsegError(Exception):
    """Bad input or configuration.

    Its message says what was expected, what was found and what to do, and is shown without a
    traceback. Any other exception is a bug and keeps its traceback.
    """
