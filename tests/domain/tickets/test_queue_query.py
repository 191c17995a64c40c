"""What the queue is asked for, written in addresses and read from them."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.domain.desks.desk import Priority
from app.domain.tickets.queue_query import (
    Position,
    QueueQuery,
    View,
    read_query,
    read_query_text,
)
from app.domain.tickets.ticket import LARGEST_NUMBER

instants = st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1))  # noqa: DTZ001
positions = st.builds(Position, st.none() | instants, st.integers(1, LARGEST_NUMBER))
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(str.strip)
queries = st.builds(
    QueueQuery,
    st.sampled_from(View),
    words,
    st.none() | st.sampled_from(Priority),
    words,
    words,
    words,
    st.none() | positions,
)


@given(queries)
def test_what_is_written_is_read_as_it_was(query: QueueQuery) -> None:
    short = query.write()
    if len(short) <= 1000:
        assert read_query_text(short) == query


@given(positions)
def test_a_place_is_read_as_it_was(position: Position) -> None:
    assert Position.read(position.text) == position


@given(st.text(max_size=60))
def test_whatever_stands_in_an_address_is_read(text: str) -> None:
    read_query_text(text)
    read_query(dict.fromkeys(("view", "desk", "priority", "after", "before", "q"), text))
    found = Position.read(text)
    assert found is None or 0 < found.number <= LARGEST_NUMBER


def test_a_search_looks_in_everything_and_nothing_asked_is_mine() -> None:
    assert read_query({"q": " treg "}) == QueueQuery(View.EVERY, text="treg")
    assert read_query({"q": "treg", "view": "closed"}).view is View.CLOSED
    assert read_query({}) == QueueQuery(View.MINE)


def test_no_page_has_two_ends() -> None:
    both = read_query({"after": "-1001", "before": "-1002"})
    assert (both.after, both.before) == (Position(None, 1001), None)
