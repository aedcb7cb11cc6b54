"""Make the folder datasets/ again from the seed of each pack: ``python -m cmsim.datasets``."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from cmsim.generate import generate
from cmsim.presets import PACKS
from cmsim.write import write_simulations

__all__ = ["differences", "files_of", "main", "make_datasets", "replace"]

DATASETS = Path(__file__).resolve().parent.parent / "datasets"


def make_datasets(folder: Path) -> Path:
    """Write every pack, from its own seed, to a new `folder`."""
    return write_simulations((generate(pack) for pack in PACKS), folder)


def replace(folder: Path) -> None:
    """Put newly made packs in place of `folder`; a failure leaves the former ones whole."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".datasets-") as temporary:
        made = make_datasets(Path(temporary) / "datasets")
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)


def differences(folder: Path) -> list[str]:
    """Return the files of `folder` that differ from newly made ones, by name."""
    with tempfile.TemporaryDirectory() as temporary:
        made = make_datasets(Path(temporary) / "datasets")
        fresh = {path.relative_to(made): path.read_bytes() for path in files_of(made)}
    here = {path.relative_to(folder): path.read_bytes() for path in files_of(folder)}
    return sorted(
        str(name) for name in fresh.keys() | here.keys() if fresh.get(name) != here.get(name)
    )


def files_of(folder: Path) -> list[Path]:
    """Return the files under `folder`, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def main(argv: list[str] | None = None) -> int:
    """Make the datasets, or with ``--check`` say whether those at hand are up to date."""
    parser = argparse.ArgumentParser(prog="python -m cmsim.datasets", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and change nothing")
    if not parser.parse_args(argv).check:
        replace(DATASETS)
        return 0
    changed = differences(DATASETS)
    for name in changed:
        print(f"differs: datasets/{name}", file=sys.stderr)
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
