"""How options are read: moments by the one reader, and numbers in the digits 0-9, in own words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from app.commands.output import why, written
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.operator_input import check_when
from app.domain.time.parsing import NotAMoment, read_whole

LONGEST_NAME: Final = 200  # letters of somebody who does something, and of a token
LINE: Final = click.option(
    "--line", required=True, metavar="NUMBER", help="The number that is called."
)
CALLER: Final = click.option(
    "--from", "caller", required=True, metavar="NUMBER", help="Who calls; or `withheld`."
)
AT: Final = click.option(
    "--at", metavar="WHEN", help="When; without an offset the desk's wall time. [now]"
)
DECIMAL: Final = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,3}))?")


@contextmanager
def refused_as(option: str) -> Iterator[None]:
    """Make wrong usage of this option out of a moment that cannot be read."""
    try:
        yield
    except NotAMoment as wrong:
        raise click.BadParameter(written(wrong.message), param_hint=option) from None


def check_option(option: str, when: str | None) -> None:
    """Refuse a WHEN that cannot be read in any time zone, before anything else is done."""
    if when is not None:
        with refused_as(option):
            check_when(when)


def checked_name(name: str, option: str) -> str:
    """Return a name without the blanks around it; wrong usage where it is none or too long."""
    if not name.strip() or len(name) > LONGEST_NAME:
        wrong = written(ref("usage.name_length", most=LONGEST_NAME))
        raise click.BadParameter(wrong, param_hint=option)
    return name.strip()


def _in_words(reason: MessageRef | str) -> str:
    return written(reason) if isinstance(reason, MessageRef) else reason


class WholeNumber(click.ParamType[int]):
    """A whole number between two others, in the digits 0-9."""

    name = "integer"

    def __init__(self, lowest: int, highest: int) -> None:
        self._lowest, self._highest = lowest, highest

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number; wrong usage where it is none or out of bounds."""
        try:
            number = value if isinstance(value, int) else read_whole(str(value))
        except ValueError as wrong:
            self.fail(_in_words(why(wrong)), param, ctx)
        if not self._lowest <= number <= self._highest:
            wrong_size = ref(
                "usage.from_to", lowest=self._lowest, highest=self._highest, number=number
            )
            self.fail(written(wrong_size), param, ctx)
        return number


class DecimalNumber(click.ParamType[float]):
    """A number such as 4, 0.5 or 0,5, not below another one."""

    name = "number"

    def __init__(self, lowest: float) -> None:
        self._lowest = lowest

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; wrong usage where it is none or too small."""
        if isinstance(value, int | float):
            return float(value)
        found = DECIMAL.fullmatch(str(value).strip())
        if not found:
            self.fail(written(ref("usage.no_number", value=str(value))), param, ctx)
        number = float(f"{found[1]}.{found[2] or 0}")
        if number < self._lowest:
            self.fail(written(ref("usage.at_least", lowest=f"{self._lowest:g}")), param, ctx)
        return number
