"""What both references know of a network: its parameters, its positions, the split of its run."""

import subprocess

import numpy as np


def shapes(c, p):
    """Rows and columns of every parameter by name, for `p` symbols."""
    d, hidden = c["width"], c["width"] * c["mlpRatio"]
    marks = 2 if c["prompt"] == "x-op-y-eq" else 1
    out = {"tokens": (p + marks, d)}
    if c["positions"] == "learned":
        out["positions"] = (2 + marks, d)
    for layer in range(c["layers"]):
        name = f"blocks.{layer}."
        for part, rows, columns, is_mlp in [("query", d, d, False), ("key", d, d, False),
                                            ("value", d, d, False), ("output", d, d, False),
                                            ("up", hidden, d, True), ("down", d, hidden, True)]:
            out[name + part + ".weight"] = (rows, columns)
            if c["bias"] == "all" or (c["bias"] == "mlp" and is_mlp):
                out[name + part + ".bias"] = (1, rows)
        if c["norm"] != "none":
            for part in ("attention_norm", "mlp_norm"):
                out[name + part + ".gain"] = (1, d)
                out[name + part + ".bias"] = (1, d)
    if c["norm"] == "pre":
        out["final_norm.gain"] = (1, d)
        out["final_norm.bias"] = (1, d)
    out["unembed.weight"] = (p, d)
    if c["bias"] == "all":
        out["unembed.bias"] = (1, p)
    return out


def sinusoids(n, d):
    """Positions as in Vaswani et al. 2017, [n, d]."""
    position = np.arange(n)[:, None]
    rate = 1 / 10000 ** (np.arange(0, d, 2) / d)
    table = np.zeros((n, d))
    table[:, 0::2] = np.sin(position * rate)
    table[:, 1::2] = np.cos(position * rate)
    return table


def flag(name):
    return "--" + "".join("-" + ch.lower() if ch.isupper() else ch for ch in name)


def split_of(grok, c):
    """Rows of `grok split`: x, y, answer, the answer that is trained on, and the set."""
    arguments = [text for name, value in c.items() for text in (flag(name), str(value))]
    # What a case does not set is that of the preset which the tests compare with.
    csv = subprocess.run([grok, "split", "--preset", "quick", *arguments], check=True,
                         capture_output=True, text=True).stdout
    return [line.split(",") for line in csv.splitlines()[1:]]
