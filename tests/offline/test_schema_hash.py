"""The offline files are named after the tables' shape: what is another shape, and what is not."""

from typing import Final

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, UniqueConstraint

from app.offline.storage_dirs import hash_of, schema_hash

OF_TODAY: Final = "38f8b97b40a3"


def desks() -> list[Column[str]]:
    return [Column("id", String(64), primary_key=True)]


def calls() -> list[Column[str]]:
    return [
        Column("sid", String(64), primary_key=True),
        Column("leg", String(64), primary_key=True),
        Column("desk", String(64), ForeignKey("desks.id"), nullable=False),
        Column("caller", String(64)),
    ]


def tables(*of_calls: Column[str] | UniqueConstraint) -> MetaData:
    made = MetaData()
    Table("desks", made, *desks())
    Table("calls", made, *of_calls)
    return made


def test_neither_the_order_of_columns_nor_that_of_tables_is_another_shape() -> None:
    other_order = MetaData()
    Table("calls", other_order, *reversed(calls()))
    Table("desks", other_order, *desks())
    assert hash_of(other_order) == hash_of(tables(*calls()))


def test_the_order_of_two_keys_is_no_other_shape() -> None:
    one, two = UniqueConstraint("caller", "desk"), UniqueConstraint("sid", "caller")
    other_one, other_two = UniqueConstraint("desk", "caller"), UniqueConstraint("caller", "sid")
    assert hash_of(tables(*calls(), one, two)) == hash_of(tables(*calls(), other_two, other_one))


@pytest.mark.parametrize(
    "others",
    [
        pytest.param((*calls(), Column("line", String(64))), id="a column more"),
        pytest.param(calls()[:-1], id="a column less"),
        pytest.param((*calls()[:-1], Column("number", String(64))), id="name"),
        pytest.param((*calls()[:-1], Column("caller", Integer)), id="type"),
        pytest.param((*calls()[:-1], Column("caller", String(24))), id="length"),
        pytest.param((*calls()[:-1], Column("caller", String(64), nullable=False)), id="NOT NULL"),
        pytest.param(
            (*calls()[:-1], Column("caller", String(64), server_default="withheld")), id="default"
        ),
        pytest.param(
            (*calls()[:-1], Column("caller", String(64), primary_key=True, nullable=True)),
            id="primary key",
        ),
        pytest.param((*calls(), UniqueConstraint("caller")), id="unique"),
        pytest.param(
            (*calls()[:-1], Column("caller", String(64), ForeignKey("desks.id"))), id="foreign key"
        ),
    ],
)
def test_what_a_row_needs_is_another_shape(others: tuple[Column[str], ...]) -> None:
    assert hash_of(tables(*others)) != hash_of(tables(*calls()))


def test_two_tables_that_swap_a_column_are_another_shape() -> None:
    swapped = MetaData()
    Table("desks", swapped, *desks(), calls()[-1])
    Table("calls", swapped, *calls()[:-1])
    assert hash_of(swapped) != hash_of(tables(*calls()))


def test_the_tables_have_the_shape_that_the_release_before_wrote() -> None:
    assert schema_hash() == OF_TODAY, (
        "The tables have another shape. After this deploy the offline store reads no facts and no"
        " journal that the release before has written: without the database callers get the"
        " lifeline until the facts have been written anew, and two releases on one host share no"
        " journal. If the tables must change, put the new name here."
    )
