"""The clock of a community: when people are there.

Delays between events are drawn in *operational* hours, which run fast when the community is
busy and hardly move at night or on a quiet day. The clock turns real time (hours since the
start, UTC) into operational time and back, in the time zone of each person.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = ["Clock"]

STEP = 0.05  # operational hours between two knots of the inverse table
FLOOR = 0.004  # no hour is fully silent: the inverse exists everywhere


class Clock:
    """Real time to operational time and back.

    Parameters
    ----------
    start : pandas.Timestamp
        Hour 0 (UTC).
    hours : float
        Length of the period, in hours; times beyond it are extended by one for one.
    zones : sequence of str
        IANA names; the position in this list is the `zone` of a person.
    by_hour : sequence of 24 float
        Relative intensity of each local hour.
    by_weekday : sequence of 7 float
        Relative intensity of each local day, Monday first.
    outage : (float, float, float), optional
        First hour, last hour and length of the rebound, in hours: nothing happens in the
        outage, and what would have happened until the end of the rebound happens in it,
        in the same order.
    """

    def __init__(
        self,
        start: pd.Timestamp,
        hours: float,
        *,
        zones: Sequence[str],
        by_hour: Sequence[float],
        by_weekday: Sequence[float],
        outage: tuple[float, float, float] | None = None,
    ) -> None:
        self.hours = float(hours)
        self.zones = list(zones)
        self.outage = outage
        self._size = int(np.ceil(hours)) + 1
        day = np.maximum(np.asarray(by_hour, dtype=float), FLOOR)
        week = np.maximum(np.asarray(by_weekday, dtype=float), FLOOR)
        day, week = day / day.mean(), week / week.mean()
        grid = pd.date_range(start, periods=self._size, freq="h", tz="UTC")
        self._weekday = grid.tz_convert(self.zones[0]).day_of_week.to_numpy()
        forward, inverse = [], []
        for zone in self.zones:
            local = grid.tz_convert(zone)
            pace = day[local.hour.to_numpy()] * week[local.day_of_week.to_numpy()]
            total = np.concatenate([[0.0], np.cumsum(pace)])
            total *= self._size / total[-1]
            knots = np.arange(0.0, self._size + STEP, STEP)
            forward.append(total)
            inverse.append(np.interp(knots, total, np.arange(self._size + 1.0)))
        self._forward = np.stack(forward)
        self._inverse = np.stack(inverse)
        self._pace = np.diff(self._forward, axis=1)

    def operational(self, time: np.ndarray | float, zone: np.ndarray | int) -> np.ndarray:
        """Turn hours since the start into operational hours."""
        time = self._before_outage(np.asarray(time, dtype=float))
        whole = np.clip(time.astype(np.int64), 0, self._size - 1)
        inside = self._forward[zone, whole] + (time - whole) * self._pace[zone, whole]
        return np.where(time < self._size, inside, time)

    def real(self, operational: np.ndarray, zone: np.ndarray | int) -> np.ndarray:
        """Turn operational hours into hours since the start."""
        position = np.asarray(operational, dtype=float) / STEP
        low = np.clip(position.astype(np.int64), 0, self._inverse.shape[1] - 2)
        left = self._inverse[zone, low]
        inside = left + (position - low) * (self._inverse[zone, low + 1] - left)
        return self._after_outage(np.where(operational < self._size, inside, operational))

    def local_weekday(self, time: np.ndarray) -> np.ndarray:
        """Return the local day of the week in the main time zone, Monday 0."""
        whole = np.clip(np.asarray(time).astype(np.int64), 0, self._size - 1)
        return self._weekday[whole]

    def later(self, time: np.ndarray, delay: np.ndarray, zone: np.ndarray | int) -> np.ndarray:
        """Return the real time that lies `delay` operational hours after `time`."""
        return np.maximum(self.real(self.operational(time, zone) + delay, zone), time)

    def skip_outage(self, time: np.ndarray) -> np.ndarray:
        """Move planted times out of the outage, to the rebound that follows."""
        if self.outage is None:
            return time
        first, last, rebound = self.outage
        moved = last + (time - first) * rebound / (last - first)
        return np.where((time >= first) & (time < last), moved, time)

    def _after_outage(self, time: np.ndarray) -> np.ndarray:
        if self.outage is None:
            return time
        first, last, rebound = self.outage
        squeezed = last + (time - first) * rebound / (rebound + last - first)
        return np.where((time >= first) & (time < last + rebound), squeezed, time)

    def _before_outage(self, time: np.ndarray) -> np.ndarray:
        if self.outage is None:
            return time
        first, last, rebound = self.outage
        stretched = first + (time - last) * (rebound + last - first) / rebound
        time = np.where((time >= first) & (time < last), last, time)
        return np.where((time >= last) & (time < last + rebound), stretched, time)
