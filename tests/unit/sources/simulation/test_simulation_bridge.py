"""The imaginary NAF 2025: of official shape, many to many, the same for every seed."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np

from tests.not_empty import not_empty
from vigie.sources.simulation.activities import read_activities
from vigie.sources.simulation.bridge import former_codes


def test_many_to_many_and_across_divisions():
    activities = read_activities()
    bridge = activities.bridge
    to, back = defaultdict(set), defaultdict(set)
    for code, targets, shares in not_empty(zip(activities.codes, bridge.targets, bridge.shares, strict=True)):
        given = np.diff(shares, prepend=0.0)
        assert shares[-1] == 1.0 and (given >= 0).all()
        for target, share in zip(targets, given, strict=True):
            if share > 0:
                to[code].add(bridge.codes[target])
                back[bridge.codes[target]].add(code)
    assert sum(len(codes) > 1 for codes in to.values()) > 100
    assert sum(len(codes) > 1 for codes in back.values()) > 50
    assert any(target[:2] != code[:2] for code, targets in to.items() for target in targets)
    assert all(re.fullmatch(r"\d\d\.\d\d[A-Z]", target) for target in not_empty(back))


def test_older_nomenclatures_have_their_own_shapes():
    former = former_codes(["25.62B", "01.11Z"])
    shapes = {"NAFRev1": r"\d\d\.\d[A-Z]", "NAF1993": r"\d\d\.\d[A-Z]", "NAP": r"\d\d\.\d\d"}
    for name, codes in not_empty(former.items()):
        assert all(re.fullmatch(shapes[name], code) for code in not_empty(codes))
