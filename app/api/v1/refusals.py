"""Why a request is refused: a text by its key, written in the client's language."""

from typing import Any, Final, NoReturn

from apiflask import HTTPError

from app.domain.message_refs import MessageRef, ref
from app.domain.texts.message import Message

TOKEN_NEEDED: Final = ref("api.token_needed")
# Where Flask or APIFlask refused, before or instead of a view.
BY_STATUS: Final = {
    400: ref("api.not_json"),
    401: TOKEN_NEEDED,
    404: ref("api.not_found"),
    405: ref("api.method_not_allowed"),
    413: ref("api.too_large"),
    415: ref("api.not_json"),
    422: ref("api.invalid"),
    500: ref("api.failed"),
}
NO_SUCH_CALL: Final = ref("api.no_such_call")
NO_SUCH_CALL_OUT: Final = ref("api.no_such_call_out")
NO_SUCH_DESK: Final = ref("api.no_such_desk")
NO_SUCH_RECORDING: Final = ref("api.no_such_recording")
NO_SUCH_TICKET: Final = ref("api.no_such_ticket")


Fields = dict[str, dict[str, list[MessageRef]]]  # what is wrong, by json, query … and by field


class RequestRefused(HTTPError):
    """A refusal of ours; `detail` is data, such as the ticket as it is."""

    def __init__(
        self,
        status: int,
        why: MessageRef,
        fields: Fields | None = None,
        detail: Any = None,
    ) -> None:
        super().__init__(status, detail=detail)
        self.why = why
        self.fields = fields or {}


def refuse(
    status: int, why: MessageRef, fields: Fields | None = None, detail: Any = None
) -> NoReturn:
    """Refuse the request that is answered now."""
    raise RequestRefused(status, why, fields, detail)


def unsaid(message: Message) -> MessageRef:
    """Return a message without its language: the client's is used."""
    return MessageRef(message.key, message.values)
