"""The truth of a simulation: parameters and labels that no public table shows."""

from __future__ import annotations

from typing import Any

from cmsim.world import World

__all__ = ["core_truth"]


def core_truth(world: World) -> dict[str, Any]:
    """Collect the parameters, windows and labels of the community.

    Returns
    -------
    dict
        ``parameters``, ``windows`` and ``planted`` can be written as JSON; ``labels`` holds the
        tables ``members`` and ``events`` (only the events that carry a label).
    """
    labels = world.latent["events"]
    marked = labels["toxic"] | labels["spam"] | (labels["story"] != "")
    marked |= world.events["member_id"].isna().to_numpy()
    return {
        "pack": world.preset.name,
        "seed": world.seed,
        "language": world.language,
        "parameters": dict(world.latent["parameters"]),
        "planted": dict(world.latent["planted"]),
        "windows": {
            name: [None if moment is None else moment.isoformat() for moment in window]
            for name, window in world.latent["windows"].items()
        },
        "labels": {
            "members": world.latent["members"],
            "events": labels[marked].reset_index(drop=True),
        },
    }
