"""The forward projections against PROJ, and against the inverse that reads the files."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.sources.simulation.positions import ZONES, projected

# Département, x, y, longitude, latitude; computed with PROJ from EPSG 2154, 5490, 2975, 2972, 4471 and 4467.
POINTS = [
    ("75", 652469.02, 6862035.26, 2.3521999630139847, 48.8566000050153),
    ("57", 931747.6, 6895648.25, 6.175279957619936, 49.11869996859857),
    ("971", 643000.0, 1770000.0, -61.66351325244758, 16.005466722869066),
    ("974", 338000.0, 7690000.0, 55.44259382705125, -20.883144690785514),
    ("973", 350000.0, 545000.0, -52.35285811467623, 4.929287136508014),
    ("976", 520000.0, 8586000.0, 45.18427800006718, -12.790724152527993),
    ("975", 560000.0, 5180000.0, -56.21414393791957, 46.770851524875255),
]


def test_known_points_within_a_centimetre():
    zone, north = np.array([ZONES.get(point[0], (np.nan, 0.0)) for point in POINTS]).T
    longitude, latitude = np.array([point[3:] for point in POINTS]).T
    x, y = projected(longitude, latitude, zone, north)
    assert x == pytest.approx([point[1] for point in POINTS], abs=0.01)
    assert y == pytest.approx([point[2] for point in POINTS], abs=0.01)
