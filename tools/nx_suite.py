"""Run NetworkX's own tests against the igraph backend.

Usage: ``python tools/nx_suite.py``. The tests set aside, and why, are in ``SET_ASIDE``;
``docs/backend.md`` explains them. Fails when another test fails, or when a test set aside
passes or no longer exists.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import networkx

MODULES = (
    "networkx.algorithms.centrality",
    "networkx.algorithms.community",
    "networkx.algorithms.link_analysis",
    "networkx.algorithms.tests.test_cluster",
    "networkx.algorithms.tests.test_core",
    "networkx.algorithms.tests.test_smallworld",
    "networkx.algorithms.tests.test_structuralholes",
)
OTHER_GENERATOR = "expects the very groups that NetworkX's random draws give for a seed"
SET_ASIDE = {
    "test_louvain::test_karate_club_partition": OTHER_GENERATOR,
    "test_louvain::test_none_weight_param": OTHER_GENERATOR,
    "test_louvain::test_undirected_selfloops": OTHER_GENERATOR,
    "test_louvain::test_multigraph": (
        "compares groups found by igraph with those of a multigraph, which NetworkX finds"
    ),
    "test_louvain::test_threshold": (
        "compares the modularity of igraph's groups with that of NetworkX's at a threshold"
    ),
}


def main() -> int:
    environment = {
        **os.environ,
        "NETWORKX_TEST_BACKEND": "cmlib_igraph",
        "NETWORKX_FALLBACK_TO_NX": "True",
    }
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        own = Path(networkx.__file__).parent  # NetworkX's conftest counts, not one of ours above it
        options = ["-q", "-p", "no:cacheprovider", f"--confcutdir={own}", f"--junitxml={report}"]
        command = [sys.executable, "-m", "pytest", *options, "--pyargs", *MODULES]
        run = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        if not report.is_file():
            print(run.stdout, run.stderr)
            return 1
        cases = list(ElementTree.parse(report).iter("testcase"))
    outcome = [(_name(case), {child.tag for child in case}) for case in cases]
    failed = {name for name, marks in outcome if marks & {"failure", "error"}}
    skipped = [name for name, marks in outcome if "skipped" in marks]
    passed = len(outcome) - len(failed) - len(skipped)
    print(
        f"NetworkX {networkx.__version__}: {passed} tests passed, {len(SET_ASIDE)} set aside, "
        f"{len(skipped)} skipped by NetworkX itself."
    )
    for name in sorted(failed - set(SET_ASIDE)):
        print("FAILED", name)
    for name in sorted(set(SET_ASIDE) - failed):
        print("Set aside, yet it passes or is gone:", name)
    return int(failed != set(SET_ASIDE) or not passed)


def _name(case: ElementTree.Element) -> str:
    module = case.get("classname", "").rpartition("tests.")[2]
    return f"{module}::{case.get('name')}"


if __name__ == "__main__":
    raise SystemExit(main())
