"""Make a whole community: its tables, the truth behind them and its planted stories."""

from __future__ import annotations
