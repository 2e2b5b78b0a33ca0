#!/usr/bin/env python3
"""What is inside a network, computed in NumPy and float64, to compare ours with.

It computes every position of every equation with a full causal mask, takes parts away by writing over
activations, and finds waves by projecting on cosines and sines over the whole table. For each case it
draws weights whose embedding has a structure, and writes them and what it got. Run from the
repository's root, after `cargo build --release`:

    pip install numpy==2.2.6 safetensors==0.8.0
    python3 tests/reference/inside.py <path to grok>
"""

import itertools
import json
import math
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from network import shapes, sinusoids, split_of

HERE = Path(__file__).parent
COMMON = dict(modulus=11, trainFraction=0.6, width=16, heads=4, mlpRatio=4, batch="full", seed=3)
CASES = {
    "inside-one-layer": dict(operation="sub", layers=1, activation="relu", norm="none",
                             positions="learned", bias="mlp", prompt="x-op-y-eq"),
    "inside-product": dict(operation="mul", layers=1, activation="gelu", norm="pre",
                           positions="learned", bias="all", prompt="x-y-eq"),
    "inside-two-layers": dict(operation="add", layers=2, activation="relu", norm="post",
                              positions="sinusoidal", bias="none", prompt="x-op-y-eq"),
    # A wave of x alone that is shared by two frequencies, since y's factor is no unit modulo 10.
    "inside-shared": dict(operation="formula", formula="x*y^2", layers=1, activation="relu", norm="none",
                          positions="learned", bias="mlp", prompt="x-op-y-eq"),
    # Half the length of the cycle.
    "inside-parity": dict(operation="mul", layers=1, activation="relu", norm="none",
                          positions="learned", bias="mlp", prompt="x-op-y-eq"),
    "inside-group": dict(operation="s3", layers=2, activation="relu", norm="pre",
                         positions="learned", bias="all", prompt="x-op-y-eq"),
    "inside-rate": dict(operation="add", layers=2, activation="relu", norm="none", attentionRate=0.3,
                        positions="learned", bias="mlp", prompt="x-op-y-eq"),
}
FREQUENCY = {"inside-parity": 5}
# Factors of x's place and of y's.
FACTORS = {"sub": (1, -1), "formula": (1, 2)}


def draw(c, p, features, rng):
    """Embedding and output matrix are mostly `features`, [p, F]."""
    weights = {}
    for name, shape in shapes(c, p).items():
        noise = rng.normal(size=shape)
        if name.endswith(".gain"):
            weights[name] = 1 + 0.1 * noise
        elif name.endswith(".bias"):
            weights[name] = 0.1 * noise
        else:
            weights[name] = noise / np.sqrt(shape[1])
        if name in ("tokens", "unembed.weight"):
            planted = features @ rng.normal(size=(features.shape[1], c["width"]))
            weights[name][:p] = 0.2 * weights[name][:p] + planted
    return {name: value.astype(np.float32) for name, value in weights.items()}


class Network:
    """A forward pass that keeps what it computes, and lets `edit` write over it."""

    def __init__(self, c, p, weights, x, y):
        self.c, self.p, self.x, self.y = c, p, x, y
        self.w = {name: value.astype(np.float64) for name, value in weights.items()}

    def linear(self, name, h):
        out = h @ self.w[name + ".weight"].T
        return out + self.w[name + ".bias"][0] if name + ".bias" in self.w else out

    def norm(self, name, h):
        centred = h - h.mean(-1, keepdims=True)
        self.deviation = np.sqrt((centred ** 2).mean(-1) + 1e-5)
        return centred / self.deviation[..., None] * self.w[name + ".gain"][0] + self.w[name + ".bias"][0]

    def run(self, edit=lambda site, layer, values: values):
        c, w, p, x, y = self.c, self.w, self.p, self.x, self.y
        four = c["prompt"] == "x-op-y-eq"
        row = [x, np.full_like(x, p), y, np.full_like(x, p + 1)] if four else [x, y, np.full_like(x, p)]
        tokens = np.stack(row, 1)
        n = tokens.shape[1]
        h = w["tokens"][tokens] + (w["positions"] if "positions" in w else sinusoids(n, c["width"]))
        mask = np.tril(np.ones((n, n), bool))
        seen = {}
        for layer in range(c["layers"]):
            name = f"blocks.{layer}."

            def attention(h):
                split = lambda a: a.reshape(*a.shape[:2], c["heads"], -1).transpose(0, 2, 1, 3)
                q, k, v = (split(self.linear(name + part, h)) for part in ("query", "key", "value"))
                scores = np.where(mask, q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1]), -np.inf)
                e = np.exp(scores - scores.max(-1, keepdims=True))
                rate = c.get("attentionRate", 1)
                weights = rate * e / e.sum(-1, keepdims=True) + (1 - rate) * mask  # Zhong et al. 2023
                seen["weights", layer] = weights[:, :, -1]
                seen["values", layer] = self.linear(name + "value", h)
                merged = (weights @ v).transpose(0, 2, 1, 3).reshape(h.shape)
                seen["attended", layer] = edit("attended", layer, merged)
                return self.linear(name + "output", seen["attended", layer])

            def mlp(h):
                up = self.linear(name + "up", h)
                if c["activation"] == "relu":
                    act = np.maximum(up, 0)
                else:
                    act = up * 0.5 * (1 + np.vectorize(math.erf)(up / math.sqrt(2)))
                seen["hidden", layer] = edit("hidden", layer, act)
                return self.linear(name + "down", seen["hidden", layer])

            for sublayer, part in ((attention, "attention_norm"), (mlp, "mlp_norm")):
                if c["norm"] == "pre":
                    h = h + sublayer(self.norm(name + part, h))
                elif c["norm"] == "post":
                    h = self.norm(name + part, h + sublayer(h))
                else:
                    h = h + sublayer(h)
        last = h[:, -1]
        if c["norm"] == "pre":
            last = self.norm("final_norm", last)
        seen["deviation"] = self.deviation if c["norm"] != "none" else np.ones(len(x))
        if seen["deviation"].ndim == 2:
            seen["deviation"] = seen["deviation"][:, -1]
        seen["answer"] = edit("answer", 0, last)
        return self.linear("unembed", seen["answer"]), seen


def projected(basis, values):
    """The part of functions over the table, [cells, M], in the span of a basis, [cells, F]."""
    directions, lengths, _ = np.linalg.svd(basis, full_matrices=False)
    kept = directions[:, lengths > 1e-9 * lengths.max()]
    return kept @ (kept.T @ values)


def waves(k, n, places):
    return np.stack([f(2 * np.pi * k * place / n) for place in places for f in (np.cos, np.sin)], 1)


def independent(basis):
    """Columns that are not combinations of those before."""
    kept = []
    for column in basis.T:
        trial = np.stack(kept + [column], 1)
        if np.linalg.matrix_rank(trial, tol=1e-8) == trial.shape[1]:
            kept.append(column)
    return np.stack(kept, 1)


def clock(network, n, order, keys, factors, places, own, rng):
    """Circles, hands and the two measures of Zhong et al. 2023, on `own` logits by index."""
    i, j, z = places
    turn = lambda k, place: np.stack([np.cos(2 * np.pi * k * place / n), np.sin(2 * np.pi * k * place / n)], -1)
    embedding = network.w["tokens"][:network.p]
    faces = []
    behind = np.array([own[np.arange(len(z)), (z + offset) % n].mean() for offset in range(n)])
    for k in keys:
        circle = turn(k, np.arange(n))
        sides = []
        for factor in factors:
            first = turn(factor * k, np.arange(n)).T @ embedding[order]
            # Gram and Schmidt; at half the length of the cycle there is no sine.
            u = first[0] / np.linalg.norm(first[0])
            v = first[1] - (first[1] @ u) * u
            v = v / np.linalg.norm(v) if np.linalg.norm(v) > 1e-6 else np.zeros_like(v)
            points = np.stack([embedding @ u, embedding @ v], -1)
            sides.append((points / np.linalg.norm(points[order], axis=1).mean()).tolist())
        answer = np.stack([(own[z == place].mean(0) @ circle) for place in range(n)])
        answer = answer / np.linalg.norm(answer, axis=1).mean()
        part = projected(circle, (behind - behind.mean())[:, None])[:, 0]
        faces.append({"k": k, "x": sides[0], "y": sides[1], "answer": answer.tolist(), "curve": list(part)})
    right = own[np.arange(len(z)), z]
    difference = (i - j) % n
    within = np.mean([right[difference == d].std() for d in range(n)])
    # Gradients by central differences.
    triples, cosines = [], []
    for _ in range(6):
        left, right_symbol = (int(s) for s in rng.choice(network.p, 2, replace=False))
        answer = int(rng.integers(network.p))
        one = Network(network.c, network.p, network.w, np.array([left]), np.array([right_symbol]))
        gradients = np.zeros((2, network.c["width"]))
        for row, symbol in enumerate((left, right_symbol)):
            for column in range(network.c["width"]):
                around = []
                for step in (1e-5, -1e-5):
                    one.w = network.w | {"tokens": network.w["tokens"].copy()}
                    one.w["tokens"][symbol, column] += step
                    around.append(one.run()[0][0, answer])
                gradients[row, column] = around[0] - around[1]
        triples.append([left, right_symbol, answer])
        cosines.append(gradients[0] @ gradients[1] / np.linalg.norm(gradients[0]) / np.linalg.norm(gradients[1]))
    return {"faces": faces, "whole": list(behind - behind.mean()), "triples": triples,
            "symmetricity": float(np.mean(cosines)), "distanceIrrelevance": within / right.std()}


def measures(rows, neurons, answer, place, parts):
    """What `Measures` of the gauge says: `rows` are what the logits are computed from, [cells, D], `neurons`
    the first layer's, [cells, M], and `parts` the span and the rank of each frequency or representation, over
    the places of the answers."""
    spectrum = np.linalg.svd(rows, compute_uv=False) ** 2
    shares = spectrum / spectrum.sum()
    shares = shares[shares > 1e-300]
    alive = neurons.var(0) > 1e-9 * (neurons ** 2).mean(0)
    alike = [answer == r for r in np.unique(answer)]
    between = sum(same.mean() * (neurons[same].mean(0) - neurons.mean(0)) ** 2 for same in alike)
    null = (len(alike) - 1) / (len(answer) - 1)
    of_answer = (between[alive] / neurons.var(0)[alive] - null) / (1 - null)
    count = len(parts[0][0])
    means = np.zeros((count, neurons.shape[1]))
    for r in np.unique(answer):
        if r in place:
            means[place[r]] = neurons[answer == r].mean(0)
    powers = np.stack([(projected(basis, means) ** 2).sum(0) for basis, _ in parts])
    # Some fire for answers alone that have no place.
    powers = powers[:, alive & (powers.sum(0) > 1e-9 * (neurons ** 2).mean(0))]
    ranks = np.array([rank for _, rank in parts])
    each = powers / ranks[:, None]
    best = (each >= (1 - 1e-4) * each.max(0)).argmax(0)  # the first of those that are alike
    peak, chance = np.bincount(best).max() / len(best), 1 / len(parts)
    null = ranks[best] / (count - 1)
    pure = (powers[best, np.arange(len(best))] / powers.sum(0) - null) / (1 - null)
    return {"spectralEntropy": -(shares * np.log(shares)).sum() / np.log(rows.shape[1]),
            "answerShare": np.clip(of_answer, 0, 1).mean(),
            "synchrony": {"synchronisation": max(0, (peak - chance) / (1 - chance)),
                          "purity": np.maximum(pure, 0).mean()}}


def compare(title, c, grok, rng):
    rows = split_of(grok, c)
    is_group = c["operation"] == "s3"
    # Permutations are numbered in the order of their images.
    names = sorted({row[0] for row in rows}) if is_group else []
    number = names.index if is_group else int
    rows = sorted(([number(s) for s in row[:3]], row[4] != "train") for row in rows)
    x, y, answer = (np.array(column) for column in zip(*(row[0] for row in rows)))
    held_out = np.array([row[1] for row in rows])
    p = int(max(x.max(), y.max())) + 1

    # The place of each symbol in the cycle, and the cells within it.
    a, b = FACTORS.get(c["operation"], (1, 1))
    if c["operation"] in ("mul", "formula"):
        index = {pow(2, e, p): e for e in range(p - 1)}
    else:
        index = {s: s for s in range(p)}
    n = len(index)
    inside = np.array([int(s) in index and int(t) in index for s, t in zip(x, y)])
    at = np.array([index.get(s, 0) for s in range(p)])
    i, j, z = a * at[x][inside], b * at[y][inside], at[answer][inside]

    if is_group:
        # Functions of x, of y and of the answer, by sign and by the standard representation: a
        # permutation of three is even, or has a fixed point.
        products = {(int(s), int(t)): int(r) for s, t, r in zip(x, y, answer)}
        power = lambda s, k: s if k == 1 else products[power(s, k - 1), s]
        one = next(s for s in range(p) if products[s, s] == s)
        order = {s: next(k for k in range(1, 7) if power(s, k) == one) for s in range(p)}
        inverse = {s: next(t for t in range(p) if products[s, t] == one) for s in range(p)}
        sign = np.array([-1.0 if order[s] == 2 else 1.0 for s in range(p)])
        standard = {1: 2.0, 2: 0.0, 3: -1.0}
        character = np.array([[standard[order[products[s, inverse[t]]]] for t in range(p)]
                              for s in range(p)])
        spaces = {1: [sign[:, None]], 2: [independent(character)]}
        bases = {k: np.concatenate([f[s] for f in fs for s in (x, y, answer)], 1)
                 for k, fs in spaces.items()}
        features = np.concatenate([independent(character), 0.3 * sign[:, None]], 1)
    else:
        bases = {k: waves(k, n, (i, j, i + j, i - j)) for k in range(1, n // 2 + 1)}
        features = np.zeros((p, 2))
        for s, place in index.items():
            angle = 2 * np.pi * FREQUENCY.get(title, 2) * place / n
            features[s] = np.cos(angle), np.sin(angle)

    weights = draw(c, p, features, rng)
    network = Network(c, p, weights, x, y)
    logits, seen = network.run()

    def scores(logits, answer, held_out):
        e = logits - logits.max(-1, keepdims=True)
        losses = np.log(np.exp(e).sum(-1)) - e[np.arange(len(answer)), answer]
        right = logits.argmax(-1) == answer
        return {name: {"right": int(right[at].sum()), "of": int(at.sum()), "loss": losses[at].mean()}
                for name, at in (("train", ~held_out), ("heldOut", held_out))}

    layers, clusters = [], []
    for layer in range(c["layers"]):
        hidden = seen["hidden", layer][:, -1][inside]
        centred = hidden - hidden.mean(0)
        total = (centred ** 2).sum(0)
        total[total < 1e-12] = np.inf
        shares = np.stack([(projected(basis, centred) ** 2).sum(0) / total
                           for basis in bases.values()])
        best = shares.argmax(0)
        layers.append({"waves": [int(k) for k in best], "shares": list(shares.max(0)),
                       "attention": seen["weights", layer].mean(0).tolist(),
                       "low": list(seen["hidden", layer][:, -1].min(0)),
                       "high": list(seen["hidden", layer][:, -1].max(0))})
        tuned = np.where(shares.max(0) > 0.85, best + 1, 0)
        clusters += [(layer, int(k), np.flatnonzero(tuned == k)) for k in sorted(set(tuned) - {0})]

    result = {"settings": {name: str(value) for name, value in c.items()},
              "equations": len(x), "heldOut": [bool(h) for h in held_out], "layers": layers}

    if is_group:
        place, parts = {s: s for s in range(p)}, [(spaces[1][0], 1), (spaces[2][0], 4)]
    else:
        cycle = np.arange(n)
        place, parts = index, [(waves(k, n, (cycle,)), 1 if 2 * k == n else 2) for k in range(1, n // 2 + 1)]
    result["measures"] = measures(seen["answer"], seen["hidden", 0][:, -1], answer, place, parts)

    # Key frequencies, and the rule.
    keys = []
    if not is_group:
        order = np.argsort(at + n * np.array([s not in index for s in range(p)]))[:n]
        own = logits[inside][:, order]
        spread = own - own.mean(-1, keepdims=True)
        length = np.sqrt((spread ** 2).sum())
        coefficients = []
        for k in range(1, n // 2 + 1):
            wave = np.cos(2 * np.pi * k * (z[:, None] - np.arange(n)[None]) / n)
            coefficients.append((own * wave).sum() / np.sqrt((wave ** 2).sum()) / length)
        keys = [k for k in range(1, n // 2 + 1) if coefficients[k - 1] > max(coefficients) / 4]
        keys.sort(key=lambda k: -coefficients[k - 1])
        part = projected(np.concatenate([waves(k, n, (z,)) for k in keys], 1), own - own.mean(0))
        result["rule"] = {"keys": keys,
                          "whole": scores(own, z, held_out[inside]),
                          "only": scores(part + own.mean(0), z, held_out[inside]),
                          "without": scores(own - part, z, held_out[inside])}

        result["clock"] = clock(network, n, order, keys, (a, b), (i, j, z), own, rng)

    # Parts taken away.
    neurons, d_head = c["width"] * c["mlpRatio"], c["width"] // c["heads"]
    last = c["layers"] - 1
    columns = {}
    for layer in range(c["layers"]):
        for head in range(c["heads"]):
            columns[f"head:{layer}.{head}"] = [("attended", layer, slice(head * d_head, (head + 1) * d_head))]
        columns[f"mlp:{layer}"] = [("hidden", layer, slice(None))]
        columns[f"layer:{layer}"] = [("attended", layer, slice(None)), ("hidden", layer, slice(None))]
    for layer, k, which in clusters:
        columns[f"cluster:{layer}.{k}"] = [("hidden", layer, which)]
    frequencies = [str(k) for k in keys] + ["keys", "others"] if keys else []
    filters = [f"{kind}:{which}" for kind in ("neurons", "logits") for which in frequencies]
    # Frequencies with a wave in common, which is taken away once.
    shared = [["neurons:1", "neurons:4"], ["neurons:2", "neurons:3"]] if c["operation"] == "formula" else []
    together = shared + [list(pair) for pair in itertools.combinations([*columns, *filters][::3], 2)]

    def ablated(cuts, fill):
        def filtered(name, values, basis_of):
            which = name.split(":")[1]
            chosen = keys if which in ("keys", "others") else [int(which)]
            within = values[inside]
            mean = within.mean(0)
            part = projected(np.concatenate([basis_of(k) for k in chosen], 1), within - mean)
            out = values.copy()
            out[inside] = mean + part if which == "others" else within - part
            return out

        def edit(site, layer, values):
            values = values.copy()
            for cut in cuts:
                for where, at_layer, chosen in columns.get(cut, []):
                    if (where, at_layer) == (site, layer):
                        mean = seen[site, layer].mean(0)
                        values[:, :, chosen] = mean[:, chosen] if fill == "mean" else 0
            for cut in cuts:
                if cut.startswith("neurons:") and (site, layer) == ("hidden", last):
                    values[:, -1] = filtered(cut, values[:, -1], bases.get)
                if cut.startswith("logits:") and site == "answer":
                    values = filtered(cut, values, lambda k: waves(k, n, (z,)))
            return values

        return scores(network.run(edit)[0], answer, held_out)

    result["ablations"] = [{"cuts": cuts, "fill": fill, **ablated(cuts, fill)}
                           for cuts in [[cut] for cut in [*columns, *filters]] + together
                           for fill in ("zero", "mean")]

    # One equation, and one neuron. Around the symbols' mean, with the last norm's deviation fixed.
    w = network.w
    readout = w["unembed.weight"] - w["unembed.weight"].mean(0)
    down = w[f"blocks.{last}.down.weight"]
    if c["norm"] != "none":
        name = "final_norm" if c["norm"] == "pre" else f"blocks.{last}.mlp_norm"
        readout, down = readout * w[name + ".gain"][0], down - down.mean(0)
    each = readout @ down
    cell = len(x) // 2
    activations = [seen["hidden", layer][cell, -1] for layer in range(c["layers"])]
    said = int(logits[cell].argmax())
    result["trace"] = {"x": int(x[cell]), "y": int(y[cell]),
                       "attention": [seen["weights", layer][cell].tolist() for layer in range(c["layers"])],
                       "activations": [list(values) for values in activations],
                       "effects": list(each[said] * activations[last] / seen["deviation"][cell])}
    neuron = 5
    reading = w["blocks.0.up.weight"][neuron]
    if c["norm"] != "none":
        name = "blocks.0." + ("mlp_norm" if c["norm"] == "pre" else "attention_norm")
        reading = reading * w[name + ".gain"][0]
        reading = reading - reading.mean()
    through = reading @ w["blocks.0.output.weight"]
    inputs = []
    for position, symbol in ((0, x), (seen["weights", 0].shape[-1] - 2, y)):
        first = [int(np.flatnonzero(symbol == s)[0]) for s in range(p)]
        weight = np.repeat(seen["weights", 0].mean(0)[:, position], d_head)
        added = seen["values", 0][first, position] * weight @ through
        inputs.append(list(added - added.mean()))
    result["opened"] = {"neuron": neuron, "inputs": inputs,
                        "effects": list(each[:, neuron] * (1 / seen["deviation"]).mean())}
    save_file(weights, HERE / f"{title}.safetensors")
    (HERE / f"{title}.json").write_text(json.dumps(rounded(result)) + "\n")
    counts = [(layer, k, len(which)) for layer, k, which in clusters]
    print(f"{title}: clusters {counts}, keys {keys}, {len(result['ablations'])} ablations")


def rounded(value):
    """Nine digits of every number: float32 has seven."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


if __name__ == "__main__":
    for number, (title, differences) in enumerate(CASES.items()):
        compare(title, COMMON | differences, sys.argv[1], np.random.default_rng(number))
