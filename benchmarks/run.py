"""Run every benchmark one after the other: ``make bench``. ``--quick`` leaves the longest out."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
QUICK = (
    ("bench_import.py",),
    ("bench_simulate.py",),
    ("bench_audit.py",),
    ("bench_kpi.py", "1"),
    ("bench_network.py", "--quick"),
)
FULL = (*QUICK[:-1], ("bench_kpi.py", "20"), ("bench_network.py",))


def main():
    failed = []
    for script, *arguments in QUICK if "--quick" in sys.argv else FULL:
        print(f"\n=== {script} {' '.join(arguments)}", flush=True)
        done = subprocess.run([sys.executable, str(HERE / script), *arguments], cwd=HERE.parent)
        if done.returncode:
            failed.append(script)
    if failed:
        sys.exit("failed: " + ", ".join(failed))


if __name__ == "__main__":
    main()
