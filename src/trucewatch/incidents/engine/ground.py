"""The smooth density of happenings in place and time, learnt from the reports themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.fft import irfft2, next_fast_len, rfft2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CELLS_ACROSS = 400
# The share of the density that is the same everywhere: no place is impossible.
FLOOR = 0.02
STEPS = 5
TIME_BANDWIDTH_D = 1.5
BLURS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Log density per km² and day as a pyramid of blurred grids and a factor per time step.

    `grid` (levels, nx, ny) is blurred by `blur` (levels,) km; `days` (steps,) is the log of the
    share of time. Densities integrate to one over the reports' own extent.
    """

    grid: NDArray[np.float32]
    blur: Floats
    x0: float
    y0: float
    cell: float
    days: NDArray[np.float32]
    t0: float
    step: float

    def compiled(self) -> tuple[object, ...]:
        """The same as a tuple that compiled functions read."""
        limits = 1.0 / (self.blur[:-1] * self.blur[1:])
        return (self.grid, limits, self.x0, self.y0, self.cell, self.days, self.t0, self.step)

    def at(self, x: Floats, y: Floats, t: Floats, a: Floats) -> Floats:
        """Log density at places and times, blurred at precision `a`."""
        limits = 1.0 / (self.blur[:-1] * self.blur[1:])
        level = np.searchsorted(-limits, -np.asarray(a), side="left")
        i = np.clip(((x - self.x0) / self.cell).astype(int), 0, self.grid.shape[1] - 1)
        j = np.clip(((y - self.y0) / self.cell).astype(int), 0, self.grid.shape[2] - 1)
        k = np.clip(((t - self.t0) / self.step).astype(int), 0, len(self.days) - 1)
        rate: Floats = self.grid[level, i, j].astype(np.float64) + self.days[k]
        return rate


def survey(x: Floats, y: Floats, t: Floats, sigma: Floats, steps: int = STEPS) -> Ground:
    """Learn where and when happenings are, from reports with errors `sigma` km.

    Reports are counted in cells, per class of error; the density that, blurred by each class's
    error, explains the counts best is found by a few steps of Richardson (1972) and Lucy (1974),
    starting from even. Few steps are the smoothing: more would turn chance into towns.
    """
    x0, y0 = float(x.min()), float(y.min())
    wide, high = float(x.max()) - x0, float(y.max()) - y0
    cell = max(wide, high, 1e-3) / CELLS_ACROSS
    margin = 8
    x0, y0 = x0 - margin * cell, y0 - margin * cell
    nx, ny = (int(d / cell) + 2 * margin + 1 for d in (wide, high))
    shape = (next_fast_len(nx + 32, real=True), next_fast_len(ny + 32, real=True))
    fx = np.fft.fftfreq(shape[0], cell)[:, None]
    fy = np.fft.rfftfreq(shape[1], cell)[None, :]
    f2 = 2 * np.pi**2 * (fx**2 + fy**2)
    ix, iy = ((x - x0) / cell).astype(int), ((y - y0) / cell).astype(int)
    octave = np.clip(np.round(np.log2(np.maximum(sigma, cell / 2) / cell)), -1, 5).astype(int)
    classes = []
    for o in np.unique(octave):
        mine = octave == o
        blur = np.exp(-f2 * float(np.mean(sigma[mine] ** 2)))
        count = np.zeros(shape)
        np.add.at(count, (ix[mine], iy[mine]), 1.0)
        classes.append((count, blur))
    n = len(x)
    inside = np.zeros(shape)
    inside[:nx, :ny] = 1.0
    inside /= inside.sum()
    density = inside.copy()
    smooth = np.exp(-f2 * (0.75 * cell) ** 2)
    for _ in range(steps):
        spectrum = rfft2(density)
        ratio = np.zeros_like(spectrum)
        for count, blur in classes:
            expected = np.maximum(irfft2(spectrum * blur, shape), 1e-4 / nx / ny)
            ratio += rfft2(count / expected) * blur
        density = np.maximum(density * irfft2(ratio, shape) / n, 0.0)
        density = np.maximum(irfft2(rfft2(density) * smooth, shape), 0.0)
        density = (1 - FLOOR) * density / density.sum() + FLOOR * inside
    blurs: Floats = np.ldexp(cell, np.arange(-1, BLURS - 1))
    spectrum = rfft2(density)
    grid = np.empty((BLURS, nx, ny), dtype=np.float32)
    for level, b in enumerate(blurs):
        field = irfft2(spectrum * np.exp(-f2 * (b if level else 0.0) ** 2), shape)[:nx, :ny]
        grid[level] = np.log(np.maximum(field, FLOOR * 0.5 / nx / ny) / cell**2)
    days, t0, step = _times(t)
    return Ground(grid, blurs, x0, y0, cell, days, t0, step)


def _times(t: Floats) -> tuple[NDArray[np.float32], float, float]:
    """Log density per day, from counts in half-day steps blurred by a normal kernel."""
    t0 = np.floor(float(t.min())) - 1.0
    step = max(0.5, (float(t.max()) - t0) / 100_000)
    steps = int((float(t.max()) - t0) / step) + 3
    count = np.bincount(((t - t0) / step).astype(int), minlength=steps).astype(float)
    reach = int(5 * TIME_BANDWIDTH_D / step)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / TIME_BANDWIDTH_D) ** 2)
    kernel /= kernel.sum()
    smooth = np.convolve(count + FLOOR * len(t) / steps, kernel, mode="full")[reach:-reach]
    smooth = np.maximum(smooth, 1e-9)
    return np.log(smooth / smooth.sum() / step).astype(np.float32), t0, step
