#!/usr/bin/env python3
"""Loads a network that `grok train --save` or the page wrote, in PyTorch, and answers its table.

    pip install torch safetensors
    grok train --preset quick --save network.safetensors
    grok evaluate network.safetensors --cells cells.csv
    python3 examples/weights.py network.safetensors cells.csv

It prints the accuracy on the cells that were trained on and on those that were held out, as `grok evaluate`
does: two programs that share nothing but the file.
"""

import csv
import json
import sys

import torch
import torch.nn.functional as F
from safetensors import safe_open


def load(path):
    """Settings, names of the symbols, and tensors: weights [out, in], biases and gains [1, out]."""
    with safe_open(path, "pt") as file:
        config, symbols = (json.loads(file.metadata()[key]) for key in ("config", "symbols"))
        return config, symbols, {name: file.get_tensor(name) for name in file.keys()}


def sinusoids(n, d):
    rate = 10_000 ** (-torch.arange(0, d, 2) / d)
    angle = torch.arange(n)[:, None] * rate
    return torch.stack([angle.sin(), angle.cos()], 2).reshape(n, d)


def forward(config, w, x, y):
    """Scores of every symbol, [cells, symbols], read at `=`."""

    def linear(name, h):
        bias = w.get(name + ".bias")
        return F.linear(h, w[name + ".weight"], None if bias is None else bias[0])

    def norm(name, h):
        return F.layer_norm(h, h.shape[-1:], w[name + ".gain"][0], w[name + ".bias"][0])

    def attention(name, h):
        def heads(part):
            return linear(f"{name}.{part}", h).unflatten(2, (config["heads"], -1)).transpose(1, 2)

        query, key, value = map(heads, ("query", "key", "value"))
        rate = config.get("attentionRate", 1)
        mixed = rate * F.scaled_dot_product_attention(query, key, value, is_causal=True)
        # What is not the softmax's is the same for every position up to its own.
        mixed = mixed + (1 - rate) * value.cumsum(2)
        return linear(f"{name}.output", mixed.transpose(1, 2).flatten(2))

    def mlp(name, h):
        return linear(f"{name}.down", getattr(F, config["activation"])(linear(f"{name}.up", h)))

    # Tokens are the symbols in the order of the table, then the operation, if it is read, and `=`.
    symbols = len(w["unembed.weight"])
    marks = [torch.full_like(x, symbols + at) for at in range(len(w["tokens"]) - symbols)]
    tokens = torch.stack([x, *marks[:-1], y, marks[-1]], 1)
    positions = w.get("positions")
    if positions is None:
        positions = sinusoids(tokens.shape[1], config["width"])
    h = w["tokens"][tokens] + positions
    for layer in range(config["layers"]):
        block = f"blocks.{layer}"
        for sublayer, name in ((attention, "attention_norm"), (mlp, "mlp_norm")):
            if config["norm"] == "pre":
                h = h + sublayer(block, norm(f"{block}.{name}", h))
            else:
                h = h + sublayer(block, h)
                h = norm(f"{block}.{name}", h) if config["norm"] == "post" else h
    last = h[:, -1]
    if config["norm"] == "pre":
        last = norm("final_norm", last)
    return linear("unembed", last)


def main(weights, cells):
    config, symbols, w = load(weights)
    place = {name: at for at, name in enumerate(symbols)}
    rows = list(csv.DictReader(open(cells, encoding="utf-8")))
    column = {key: torch.tensor([place[row[key]] for row in rows]) for key in ("x", "y", "answer")}
    with torch.no_grad():
        predicted = forward(config, w, column["x"], column["y"]).argmax(1)
    right = predicted == column["answer"]
    for side, key in (("train", "trainAccuracy"), ("held out", "heldOutAccuracy")):
        of = torch.tensor([row["set"] == side for row in rows])
        print(f"{key} {right[of].double().mean().item()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
