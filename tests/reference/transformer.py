#!/usr/bin/env python3
"""An independent transformer, in JAX and float64, to compare ours with.

It computes every position of every equation with a full causal mask, and lets JAX differentiate.
For each case it draws weights, trains 50 full-batch steps on what `grok split` prints, and writes
the weights and what it got. Run from the repository's root, after `cargo build --release`:

    pip install jax==0.10.2 safetensors==0.8.0
    python3 tests/reference/transformer.py <path to grok>
"""

import json
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save_file

from network import shapes, sinusoids, split_of

jax.config.update("jax_enable_x64", True)

STEPS = 50
HERE = Path(__file__).parent

COMMON = dict(operation="sub", modulus=11, trainFraction=0.6, width=16, heads=4, mlpRatio=4,
              batch="full", learningRate=0.003, weightDecay=1.0, warmup=10, momentum=0.9, seed=3)

CASES = {
    # The one-layer network of Nanda et al.
    "one-layer": dict(layers=1, activation="relu", norm="none", positions="learned",
                      bias="mlp", optimizer="adamw", prompt="x-op-y-eq"),
    # The paper's network.
    "paper": dict(layers=2, activation="relu", norm="post", positions="sinusoidal",
                  bias="none", optimizer="adamw", prompt="x-op-y-eq"),
    # Everything else that can be chosen.
    "pre-norm": dict(layers=2, activation="gelu", norm="pre", positions="learned",
                     bias="all", optimizer="adam", prompt="x-y-eq"),
    "sgd": dict(layers=3, activation="gelu", norm="post", positions="learned",
                bias="all", optimizer="sgd", weightDecay=0.01, learningRate=0.02,
                prompt="x-op-y-eq"),
}
# The interventions, each on the one-layer network.
CASES |= {title: CASES["one-layer"] | differences for title, differences in {
    "to-init": dict(decay="to-init"),
    "honest": dict(decay="honest", weightDecay=0.1),
    "grokfast-ema": dict(grokfast="ema", grokfastAlpha=0.9, grokfastLambda=2),
    "grokfast-ma": dict(grokfast="ma", grokfastWindow=7, grokfastLambda=5),
    "orthogonal": dict(orthogonal="on"),
    "constant-norm": dict(constantNorm="on", optimizer="adam"),
    "stablemax": dict(loss="stablemax"),
    "zero-sum": dict(zeroSum="on"),
    "muon": dict(optimizer="muon", muonRate=0.02, muonDecay=0.1, weightDecay=0.5),
    "uniform-attention": dict(attentionRate=0),
}.items()}
CASES["attention-rate"] = CASES["pre-norm"] | dict(attentionRate=0.3)


def draw(c, rng):
    weights = {}
    for name, shape in shapes(c, c["modulus"]).items():
        noise = rng.normal(size=shape)
        if name.endswith(".gain"):
            weights[name] = 1 + 0.1 * noise
        elif name.endswith(".bias"):
            weights[name] = 0.1 * noise
        else:
            weights[name] = noise / np.sqrt(c["width"])
    return {name: value.astype(np.float32) for name, value in weights.items()}


def forward(c, w, x, y):
    p, heads = c["modulus"], c["heads"]

    def linear(name, h):
        out = h @ w[name + ".weight"].T
        return out + w[name + ".bias"][0] if name + ".bias" in w else out

    def norm(name, h):
        mean = h.mean(-1, keepdims=True)
        variance = ((h - mean) ** 2).mean(-1, keepdims=True)
        return (h - mean) / jnp.sqrt(variance + 1e-5) * w[name + ".gain"][0] + w[name + ".bias"][0]

    if c["prompt"] == "x-op-y-eq":
        tokens = jnp.stack([x, jnp.full_like(x, p), y, jnp.full_like(x, p + 1)], 1)
    else:
        tokens = jnp.stack([x, y, jnp.full_like(x, p)], 1)
    n = tokens.shape[1]
    positions = w["positions"] if c["positions"] == "learned" else sinusoids(n, c["width"])
    h = w["tokens"][tokens] + positions  # [B, T, D]
    mask = np.tril(np.ones((n, n), bool))
    for layer in range(c["layers"]):
        name = f"blocks.{layer}."

        def attention(h):
            split = lambda a: a.reshape(*a.shape[:2], heads, -1).transpose(0, 2, 1, 3)
            q, k, v = (split(linear(name + part, h)) for part in ("query", "key", "value"))
            scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1])
            weights = jax.nn.softmax(jnp.where(mask, scores, -1e30), -1)
            rate = c.get("attentionRate", 1)
            weights = rate * weights + (1 - rate) * mask  # Zhong et al. 2023
            merged = (weights @ v).transpose(0, 2, 1, 3).reshape(h.shape)
            return linear(name + "output", merged)

        def mlp(h):
            up = linear(name + "up", h)
            act = jax.nn.relu(up) if c["activation"] == "relu" else jax.nn.gelu(up, False)
            return linear(name + "down", act)

        for sublayer, part in ((attention, "attention_norm"), (mlp, "mlp_norm")):
            if c["norm"] == "pre":
                h = h + sublayer(norm(name + part, h))
            elif c["norm"] == "post":
                h = norm(name + part, h + sublayer(h))
            else:
                h = h + sublayer(h)
    last = h[:, -1]
    if c["norm"] == "pre":
        last = norm("final_norm", last)
    return linear("unembed", last)


def train(c, w, equations):
    x, y, answer = (jnp.array(column) for column in zip(*equations))

    def loss_of(w):
        logits = forward(c, w, x, y)
        if c.get("loss") == "stablemax":
            s = jnp.where(logits >= 0, logits + 1, 1 / (1 - jnp.minimum(logits, 0)))
            log_p = jnp.log(s / s.sum(-1, keepdims=True))
        else:
            log_p = jax.nn.log_softmax(logits)
        return -log_p[jnp.arange(len(answer)), answer].mean()

    gradient_of = jax.jit(jax.value_and_grad(loss_of))
    zeros = {name: jnp.zeros_like(value) for name, value in w.items()}
    m, v = dict(zeros), dict(zeros)
    first = dict(w)
    length = lambda tensors: jnp.sqrt(sum((t ** 2).sum() for t in tensors))
    slow, window = None, []
    losses = []
    for step in range(STEPS):
        loss, gradient = gradient_of(w)
        losses.append(float(loss))
        rate = c["learningRate"] * min(step / c["warmup"], 1)
        if c.get("grokfast") == "ema":
            alpha = c["grokfastAlpha"]
            slow = slow or dict(gradient)
            slow = {name: alpha * slow[name] + (1 - alpha) * g for name, g in gradient.items()}
            gradient = {n: g + c["grokfastLambda"] * slow[n] for n, g in gradient.items()}
        if c.get("grokfast") == "ma":
            window = (window + [gradient])[-c["grokfastWindow"]:]
            if len(window) == c["grokfastWindow"]:
                mean = {n: sum(past[n] for past in window) / len(window) for n in gradient}
                gradient = {n: g + c["grokfastLambda"] * mean[n] for n, g in gradient.items()}
        for name in w:
            g = gradient[name]
            if c.get("orthogonal") == "on":
                flat = w[name].ravel()
                along = (flat @ g.ravel()) / (flat @ flat + 1e-30)
                across = g - along * w[name]
                g = across * (length([g]) / (length([across]) + 1e-30))
            if c.get("decay") == "to-init":
                w[name] = w[name] + (first[name] - w[name]) * rate * c["weightDecay"]
            if c.get("decay") == "honest":
                g = g + c["weightDecay"] * w[name]
            if c["optimizer"] == "muon" and name.startswith("blocks.") and w[name].shape[0] > 1:
                m[name] = 0.95 * m[name] + 0.05 * g
                u = 0.05 * g + 0.95 * m[name]
                X = u / (jnp.linalg.norm(u) + 1e-7)
                X = X.T if u.shape[0] > u.shape[1] else X
                for _ in range(5):
                    A = X @ X.T
                    X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
                X = X.T if u.shape[0] > u.shape[1] else X
                muon = c["muonRate"] * min(step / c["warmup"], 1)
                scale = max(1, u.shape[0] / u.shape[1]) ** 0.5
                w[name] = w[name] * (1 - muon * c["muonDecay"]) - muon * scale * X
                continue
            if c["optimizer"] == "sgd":
                m[name] = c["momentum"] * m[name] + g + c["weightDecay"] * w[name]
                w[name] = w[name] - rate * m[name]
                continue
            m[name] = 0.9 * m[name] + 0.1 * g
            v[name] = 0.98 * v[name] + 0.02 * g * g
            m_hat = m[name] / (1 - 0.9 ** (step + 1))
            v_hat = v[name] / (1 - 0.98 ** (step + 1))
            own = rate / 4 if c["optimizer"] == "muon" and name == "unembed.weight" else rate
            to_zero = c["optimizer"] == "adamw" and c.get("decay", "to-zero") == "to-zero"
            if to_zero or c["optimizer"] == "muon":
                w[name] = w[name] * (1 - own * c["weightDecay"])
            w[name] = w[name] - own * m_hat / (jnp.sqrt(v_hat) + 1e-8)
        if c.get("constantNorm") == "on":
            ratio = length(first.values()) / length(w.values())
            w = {name: value * ratio for name, value in w.items()}
    return losses, forward(c, w, x, y)


def main(grok):
    for number, (title, differences) in enumerate(CASES.items()):
        c = COMMON | differences
        equations = [[int(s) for s in row[:3]] for row in split_of(grok, c) if row[4] == "train"]
        weights = draw(c, np.random.default_rng(number))
        save_file(weights, HERE / f"{title}.safetensors")
        start = {name: jnp.array(value, jnp.float64) for name, value in weights.items()}
        x, y, _ = (jnp.array(column) for column in zip(*equations))
        first = forward(c, start, x, y)[0]
        losses, _ = train(c, dict(start), equations)
        result = {"settings": {name: str(value) for name, value in c.items()},
                  "train": equations, "logits": [float(value) for value in first],
                  "losses": losses}
        (HERE / f"{title}.json").write_text(json.dumps(result) + "\n")
        print(f"{title}: loss {losses[0]:.6f} to {losses[-1]:.6f}")


if __name__ == "__main__":
    main(sys.argv[1])
