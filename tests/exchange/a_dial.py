"""A product whose duty is rung with a whisper, and who takes the call by pressing 1."""

from tests.exchange.a_product import Pages, Request, doc
from tests.exchange.conftest import LINE

WHISPER = doc(
    "<Gather numDigits='1' timeout='5' action='/leg/key' actionOnEmptyResult='true'>"
    "<Say>Brukarstøtte, kritisk. Trykk 1 for å ta imot. Saka gjeld nettet på skulen.</Say>"
    "</Gather><Hangup/>"
)


def take_the_call(request: Request) -> str:
    pressed = request.form["Digits"]
    if pressed == "*":
        return WHISPER
    return doc() if pressed == "1" else doc("<Hangup/>")


def dialing(*numbers: str, attributes: str = "") -> Pages:
    events = "statusCallbackEvent='initiated ringing answered completed'"
    legs = "".join(
        f"<Number url='/leg/whisper' statusCallback='/leg/status' {events}>{number}</Number>"
        for number in numbers
    )
    return {
        "/twilio/voice": doc(
            f"<Dial action='/dialled' timeout='25' callerId='{LINE}' {attributes}>{legs}</Dial>"
        ),
        "/leg/whisper": WHISPER,
        "/leg/key": take_the_call,
        "/dialled": doc("<Say>Ingen svarte.</Say>"),
    }
