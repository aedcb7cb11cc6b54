"""The data: contracts, loading, reading messy exports, privacy."""

from cmlib.data.community import Community
from cmlib.data.datasets import data_home, list_datasets, load, load_table, set_data_home
from cmlib.data.exports import EventLog, Export, ReadReport, read_events, read_export
from cmlib.data.schema import TABLES, Column, Table, get_table
from cmlib.data.validate import validate

__all__ = [
    "TABLES",
    "Column",
    "Community",
    "EventLog",
    "Export",
    "ReadReport",
    "Table",
    "data_home",
    "get_table",
    "list_datasets",
    "load",
    "load_table",
    "read_events",
    "read_export",
    "set_data_home",
    "validate",
]
