"""The one exception that a user is meant to read."""


class FrugalsegError(Exception):
    """Bad input or configuration.

    The message names what was expected, what was found and what to do; it is shown to the user
    without a traceback. Anything else that is raised is a fault of ours and keeps its traceback.
    """
