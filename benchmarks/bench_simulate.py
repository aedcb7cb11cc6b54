"""Speed and memory of the simulator at about a million events, texts apart.

Run it with ``python benchmarks/bench_simulate.py``; it prints events a second of processor time
and peak memory.
"""

import resource
import sys
import time

from cmsim.build import build_world
from cmsim.generate import END, START
from cmsim.presets import PACKS, load_preset

# Accounts that give about a million events.
MEMBERS = {"brand": 93_000, "forum": 96_000, "support": 93_000, "internal": 8_500}


def measure(pack: str) -> tuple[int, float]:
    """Return the number of events of a big community and the processor seconds: best of three."""
    preset = load_preset(pack)
    build = {"language": preset["language"], "start": START, "end": END, "seed": 1}
    build_world(preset, members=preset["members"]["default"], **build)  # imports, first use
    best = float("inf")
    for _repeat in range(3):
        began = time.process_time()
        world = build_world(preset, members=MEMBERS[pack], **build)
        best = min(best, time.process_time() - began)
    return len(world.events), best


def main() -> None:
    for pack in sys.argv[1:] or PACKS:
        events, seconds = measure(pack)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{pack:9s} {events:9,d} events {seconds:6.2f} s "
            f"{events / seconds:12,.0f} events/s   peak {peak:6,.0f} MB"
        )


if __name__ == "__main__":
    main()
