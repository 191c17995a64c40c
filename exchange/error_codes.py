"""The numbers that the network gives its errors, as Twilio counts them."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """The error numbers of the debugger, as Twilio counts them."""

    INVALID_URL = "11100"
    HTTP_FAILURE = "11200"
    CONNECTION = "11205"
    READ_TIMEOUT = "11206"
    TOO_MANY_REDIRECTS = "11215"
    TOO_LARGE = "11750"
    PARSE = "12100"
    SCHEMA = "12200"
    CONTENT_TYPE = "12300"
    INTERNAL = "12400"
    CALLER_ID = "13214"
    DIAL_NUMBER = "13223"
    DIAL_FORBIDDEN = "13225"
