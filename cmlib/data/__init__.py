"""The data: one door for packs, files and tables; contracts, views, privacy."""

from cmlib.data.clock import split_week
from cmlib.data.communities import Community, community
from cmlib.data.datasets import data_home, list_datasets, load, load_table, set_data_home
from cmlib.data.exports import Export, ReadReport, read, read_table
from cmlib.data.schema import TABLES, Column, Table, get_table
from cmlib.data.validate import validate

__all__ = [
    "TABLES",
    "Column",
    "Community",
    "Export",
    "ReadReport",
    "Table",
    "community",
    "data_home",
    "get_table",
    "list_datasets",
    "load",
    "load_table",
    "read",
    "read_table",
    "set_data_home",
    "split_week",
    "validate",
]
