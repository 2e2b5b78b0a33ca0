"""What the peers in Python share: the batch, the first weights, and the conversation.

A peer reads lines of JSON {name, symbols, positions, layers, width, heads, norm, bias, sinusoidal,
batch, lastOnly, steps} and answers each with {name, stepMillis, stepGflop, firstLoss, lastLoss};
the first line that it prints is {version, peakGflops}. `lastOnly` computes the last layer's MLP at
the last position alone. All peers begin at the same weights with the same batch, so their first
losses agree.
"""

import json
import os
import sys
import time

import numpy as np

RATE, BETAS, EPSILON, DECAY = 1e-3, (0.9, 0.98), 1e-8, 1.0


def threads():
    """As many as the first argument says, by default all. Binds the process to as many cores, which
    is what libraries count that have no setting: call it before they are imported."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else os.cpu_count()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])
    return count


def batch(case):
    """Prompts [B, T] and answers [B]."""
    p = case["symbols"]
    x, y = np.random.default_rng(0).integers(p, size=(2, case["batch"]))
    if case["positions"] == 4:
        columns = [x, np.full_like(x, p), y, np.full_like(x, p + 1)]
    else:
        columns = [x, y, np.full_like(x, p)]
    return np.stack(columns, 1), (x + y) % p


def weights(case):
    """By name; a linear map is [in, out]."""
    rng = np.random.default_rng(1)
    d, has_gain = case["width"], case["norm"] != "none"

    def draw(*shape):
        return (rng.standard_normal(shape) * d**-0.5).astype(np.float32)

    def constant(value, *shape):
        return np.full(shape, value, np.float32)

    out = {"tokens": draw(case["symbols"] + case["positions"] - 2, d)}
    if not case["sinusoidal"]:
        out["positions"] = draw(case["positions"], d)
    for layer in range(case["layers"]):
        name = f"{layer}."
        out |= {name + "qkv": draw(d, 3 * d), name + "output": draw(d, d)}
        out |= {name + "up": draw(d, 4 * d), name + "down": draw(4 * d, d)}
        if case["bias"]:
            out |= {name + "up_bias": constant(0, 4 * d), name + "down_bias": constant(0, d)}
        if has_gain:
            for norm in ("norm_1", "norm_2"):
                out |= {name + norm: constant(1, d), name + norm + "_bias": constant(0, d)}
    if case["norm"] == "pre":
        out |= {"norm": constant(1, d), "norm_bias": constant(0, d)}
    return out | {"unembed": draw(d, case["symbols"])}


def sinusoids(case):
    """[T, D]"""
    d = case["width"]
    angle = np.arange(case["positions"])[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    out = np.zeros((case["positions"], d), np.float32)
    out[:, 0::2], out[:, 1::2] = np.sin(angle), np.cos(angle)
    return out


def gflop(case):
    """Of the matrix products of a step, as in `ModelConfig::step_flop`."""
    d, rows = case["width"], case["batch"] * case["positions"]
    attention, mlp = 4 * d * d, 8 * d * d
    mlp_rows = [rows] * case["layers"]
    if case["lastOnly"]:
        mlp_rows[-1] = case["batch"]
    blocks = case["layers"] * attention * rows + sum(mlp * n for n in mlp_rows)
    return 6 * (blocks + case["symbols"] * d * case["batch"]) / 1e9


def peak(multiply):
    """Billions of operations a second; `multiply(n)` makes n products of 1024 x 1024."""
    multiply(1)
    best = 0.0
    for _ in range(8):
        start = time.perf_counter()
        multiply(4)
        best = max(best, 4 * 2 * 1024**3 / (time.perf_counter() - start) / 1e9)
    return best


def serve(version, multiply, begin):
    """`begin(case)` gives a function that takes n steps and returns the loss before the last one,
    once all is computed."""
    print(json.dumps({"version": version, "peakGflops": peak(multiply)}), flush=True)
    networks, first = {}, {}
    for line in sys.stdin:
        case = json.loads(line)
        name, steps = case["name"], case["steps"]
        if name not in networks:
            networks[name] = begin(case)
            first[name] = networks[name](1)
        train = networks[name]
        train(3)
        start = time.perf_counter()
        last = train(steps)
        millis = (time.perf_counter() - start) * 1e3 / steps
        answer = {"name": name, "stepMillis": millis, "stepGflop": gflop(case)}
        print(json.dumps(answer | {"firstLoss": first[name], "lastLoss": last}), flush=True)
