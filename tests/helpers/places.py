"""Where things stand in the repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DATASETS = ROOT / "datasets"
FIXTURES = ROOT / "tests" / "fixtures"
