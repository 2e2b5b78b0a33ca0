"""What is left of networks without some of their parts, when they have memorised and when they have grokked.

    python3 bench/ablation.py target/release/grok clock addition iconic s5

Trains each preset with five seeds to the first evaluation with 99 % of what it is trained on right, and to its
end; takes parts away from both with `grok ablate`, and prints a table of Markdown for each preset: medians over
the seeds, and the least and largest. Clusters and frequencies are those of the network that they are taken from.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

SEEDS = range(5)


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def networks(grok, preset, seed, folder):
    """A memorised and a grokked network, and the steps that they took; none if it did not grok."""
    log, before, after = folder / "log", folder / "before", folder / "after"
    common = [grok, "train", "--preset", preset, "--seed", str(seed)]
    run(*common, "--log", log, "--save", after)
    outcome = json.loads(log.read_text().splitlines()[-1])
    memorised, generalised = outcome["memorisedAt"], outcome["generalisedAt"]
    if generalised is None:
        return None
    run(*common, "--budget", str(memorised), "--save", before)
    return {"before": (before, memorised), "after": (after, generalised)}


def parts(grok, weights):
    """Rows of the table, and the parts that each takes away from this network."""
    found = json.loads(run(grok, "inspect", weights))
    names = [switch["cut"] for switch in found["parts"]["switches"]]
    clusters = {s["cut"]: s["neurons"] for s in found["parts"]["switches"] if s["cut"].startswith("cluster:")}
    rows = {"nothing": []}
    heads = [name for name in names if name.startswith("head:")]
    rows |= {name: [name] for name in heads}
    rows["all heads"] = heads
    rows["all MLPs"] = [name for name in names if name.startswith("mlp:")]
    if clusters:
        rows["largest cluster"] = [max(clusters, key=clusters.get)]
        rows["all clusters"] = list(clusters)
    for name, row in (("neurons:keys", "key frequencies, in the neurons"),
                      ("neurons:others", "all but key frequencies, in the neurons"),
                      ("logits:keys", "key frequencies, in the logits (without the rule)"),
                      ("logits:others", "all but key frequencies, in the logits (only the rule)")):
        if name in names:
            rows[row] = [name]
    inside = found["inside"][-1]
    tuned = inside["tuned"] / len(inside["neurons"])
    waves = len({n["wave"] for n in inside["neurons"] if n["share"] > 0.85})
    return rows, tuned, waves


def spread(values, digits=1):
    """Median, least and largest; and of how many networks, if not of all."""
    if not values:
        return "–"
    few = f", {len(values)} of {len(SEEDS)}" if len(values) < len(SEEDS) else ""
    middle, low, high = (f"{value:.{digits}f}" for value in (median(values), min(values), max(values)))
    return f"{middle} ({low}–{high}{few})" if low != high or few else middle


def main(grok, presets):
    for preset in presets:
        scores, steps, shares, counts = {}, {"before": [], "after": []}, {"before": [], "after": []}, {"before": [], "after": []}
        for seed in SEEDS:
            with tempfile.TemporaryDirectory() as folder:
                both = networks(grok, preset, seed, Path(folder))
                if both is None:
                    print(f"{preset}, seed {seed}: not grokked within its budget", file=sys.stderr)
                    continue
                for moment, (weights, step) in both.items():
                    steps[moment].append(step)
                    rows, tuned, waves = parts(grok, weights)
                    shares[moment].append(100 * tuned)
                    counts[moment].append(waves)
                    for row, cuts in rows.items():
                        flags = [text for cut in cuts for text in ("--cut", cut)]
                        left = json.loads(run(grok, "ablate", weights, "--mean", *flags))["left"]
                        for side in ("train", "heldOut"):
                            accuracy = 100 * left[side]["right"] / left[side]["of"]
                            scores.setdefault(row, {}).setdefault((moment, side), []).append(accuracy)
        print(f"\n{preset}: {len(steps['after'])} seeds; memorised at {spread(steps['before'], 0)}, generalised at "
              f"{spread(steps['after'], 0)}. Neurons of the last layer tuned to one wave, in %: "
              f"{spread(shares['before'])} and {spread(shares['after'])}; waves that they are tuned to: "
              f"{spread(counts['before'], 0)} and {spread(counts['after'], 0)}.\n")
        print("| taken away | memorised: trained on | held out | grokked: trained on | held out |")
        print("|---|---|---|---|---|")
        for row, values in scores.items():
            cells = [spread(values.get((moment, side), []))
                     for moment in ("before", "after") for side in ("train", "heldOut")]
            print(f"| {row} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
