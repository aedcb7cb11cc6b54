"""What ``import cmlib`` adds to ``import pandas``, in fresh interpreters taken in turn."""

import statistics
import subprocess
import sys

RUNS = 9
CODE = """
import time
import pandas
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""


def seconds(module):
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(module=module)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def main():
    modules = ("cmlib", "cmlib.data", "cmlib.kpi", "cmlib.network", "cmlib.value")
    taken = {module: [] for module in modules}
    for _run in range(RUNS):
        for module in modules:
            taken[module].append(seconds(module))
    print("added to import pandas, median of 9 (milliseconds); goal for cmlib: at most 60")
    for module, times in taken.items():
        print(f"  {module:14s} {1000 * statistics.median(times):6.0f}")


if __name__ == "__main__":
    main()
