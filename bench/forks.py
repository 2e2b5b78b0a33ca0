"""Runs that differ from one moment on, and what they need to grok, to forget and to learn again.

    python3 bench/forks.py target/release/grok laws
    python3 bench/forks.py target/release/grok hysteresis
    python3 bench/forks.py target/release/grok precision

Each prints tables of Markdown, over several seeds: the median, the least and the largest. `laws` forks memorised
networks with other weight decays; `hysteresis` takes training cells away from a grokked network, rung by rung, and
gives them back; `precision` computes the loss in three formats, and StableMax, without weight decay.
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

DECAYS = ("0.5", "1", "2", "3", "4", "6", "10")
# Presets, and how many steps a fork may take.
FORKED = (("clock", 10_000),)
FRACTIONS = ("0.7", "0.6", "0.5", "0.4", "0.3", "0.25", "0.2", "0.15", "0.1")
RUNG = 3000
SHARES = ("0.4", "0.7")
LOSSES = ("softmax-float16", "softmax", "softmax-float64", "stablemax")


def train(grok, *flags, checkpoint=None):
    """The lines of a run's log, and its checkpoint where that is asked for."""
    keep = ["--checkpoint", checkpoint] if checkpoint else []
    command = [grok, "train", "--json", *keep, *flags]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def spread(values, digits=0):
    if not values:
        return "–"
    middle, low, high = (f"{value:.{digits}f}" for value in (median(values), min(values), max(values)))
    return f"{middle} ({low}–{high})" if low != high else middle


def laws(grok, seeds=range(5)):
    """Steps from the moment of memorising to 99 % held out, by the weight decay from then on."""
    for preset, budget in FORKED:
        waits, failed, moments = {}, {}, []
        for seed in seeds:
            common = ["--preset", preset, "--seed", seed]
            memorised = train(grok, *common)[-1]["memorisedAt"]
            if memorised is None:
                print(f"{preset}, seed {seed}: not memorised within its budget", file=sys.stderr)
                continue
            moments.append(memorised)
            with tempfile.TemporaryDirectory() as folder:
                moment = Path(folder) / "moment"
                train(grok, *common, "--budget", memorised, checkpoint=moment)
                for decay in DECAYS:
                    flags = ["--from", moment, "--weight-decay", decay, "--budget", memorised + budget]
                    ended = train(grok, *flags)[-1]
                    if ended["generalisedAt"] is None:
                        failed[decay] = failed.get(decay, 0) + 1
                    else:
                        waits.setdefault(decay, []).append(ended["generalisedAt"] - memorised)
        print(f"\n{preset}: {len(moments)} seeds, forked when they had memorised, at {spread(moments)}.\n")
        print("| weight decay from then on | steps to 99 % held out | times the decay | not within the budget |")
        print("|---|---|---|---|")
        for decay in DECAYS:
            of = waits.get(decay, [])
            scaled = [wait * float(decay) for wait in of]
            print(f"| {decay} | {spread(of)} | {spread(scaled)} | {failed.get(decay, 0)} of {len(moments)} |")
        # Where some did not come, those that did are the quick ones.
        all_came = {decay: of for decay, of in waits.items() if decay not in failed}
        points = [(math.log(float(decay)), math.log(wait)) for decay, of in all_came.items() for wait in of]
        mean_x, mean_y = (sum(side) / len(points) for side in zip(*points))
        slope = (sum((x - mean_x) * (y - mean_y) for x, y in points)
                 / sum((x - mean_x) ** 2 for x, _ in points))
        left = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
        share = 1 - left / sum((y - mean_y) ** 2 for _, y in points)
        print(f"\nThe logarithm of the wait falls by {-slope:.2f} with that of the decay (1 is Δt ∝ 1/λ; over the decays "
              f"with which all came: {', '.join(all_came)}); R² {share:.2f}.",
              flush=True)


def hysteresis(grok, seeds=range(3)):
    """Held-out accuracy on the way down, on the way up, and from scratch, by the share that is trained on."""
    found = {}
    for seed in seeds:
        common = ["--preset", "clock", "--seed", seed, "--stop", "budget"]
        with tempfile.TemporaryDirectory() as folder:
            rung = Path(folder) / "0"
            grokked = train(grok, *common, "--budget", RUNG, checkpoint=rung)[-1]
            found.setdefault(("0.78", "down"), []).append(100 * grokked["heldOutAccuracy"])
            down = [(fraction, "down") for fraction in FRACTIONS]
            up = [(fraction, "up") for fraction in (*reversed(FRACTIONS[:-1]), "0.78")]
            for at, (fraction, way) in enumerate(down + up, start=1):
                after = Path(folder) / str(at)
                ended = train(grok, "--from", rung, "--train-fraction", fraction,
                              "--budget", RUNG * (at + 1), checkpoint=after)[-1]
                found.setdefault((fraction, way), []).append(100 * ended["heldOutAccuracy"])
                rung = after
        for fraction in FRACTIONS:
            ended = train(grok, *common, "--train-fraction", fraction, "--budget", RUNG)[-1]
            found.setdefault((fraction, "scratch"), []).append(100 * ended["heldOutAccuracy"])
    print(f"\nclock: {len(seeds)} seeds, {RUNG} steps a rung.\n")
    print("| trained on | held out, cells taken away | cells given back | from scratch |\n|---|---|---|---|")
    for fraction in ("0.78", *FRACTIONS):
        cells = [spread(found.get((fraction, way), []), 1) for way in ("down", "up", "scratch")]
        print(f"| {100 * float(fraction):.0f} % | {' | '.join(cells)} |", flush=True)


def precision(grok, seeds=range(5)):
    """What becomes of a network without weight decay, by the format that its loss is computed in."""
    for share in SHARES:
        print(f"\nnever, {len(seeds)} seeds, {100 * float(share):.0f} % of the table, 20,000 steps.\n")
        print("| loss | memorised at | half of the cells collapsed at | collapsed at the end | held out, best | at the end |")
        print("|---|---|---|---|---|---|")
        for loss in LOSSES:
            rows = [collapse(grok, "--preset", "never", "--seed", seed, "--loss", loss, "--train-fraction", share,
                             "--stop", "budget") for seed in seeds]
            memorised, half, collapsed, best, last = zip(*rows)
            came = [step for step in half if step is not None]
            few = f", {len(came)} of {len(half)}" if len(came) < len(half) else ""
            print(f"| {loss} | {spread([step for step in memorised if step])} | {spread(came)}{few} | "
                  f"{spread(collapsed, 1)} % | {spread(best, 1)} % | {spread(last, 1)} % |", flush=True)


def collapse(grok, *flags):
    """Of one run: when it memorised, when half of its cells had collapsed, how many at the end, and what it knew."""
    lines = train(grok, *flags)
    curve = [line for line in lines if line["type"] == "evaluated"]
    ended = lines[-1]
    half = next((line["step"] for line in curve if line["collapsed"] >= 0.5), None)
    return (ended["memorisedAt"], half, 100 * curve[-1]["collapsed"], 100 * ended["bestHeldOutAccuracy"],
            100 * ended["heldOutAccuracy"])


if __name__ == "__main__":
    {"laws": laws, "hysteresis": hysteresis, "precision": precision}[sys.argv[2]](sys.argv[1])
