"""The same networks, batches and optimiser in PyTorch on the CPU.

Reads lines of JSON {name, symbols, positions, layers, width, heads, norm, batch, lastOnly, steps}
and answers each with {name, stepMillis, stepGflop}; the first line that it prints is
{peakGflops}. `lastOnly` computes the last layer's MLP at the last position alone.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else torch.get_num_threads())


class Block(torch.nn.Module):
    def __init__(self, width, heads, norm):
        super().__init__()
        self.heads = heads
        self.qkv = torch.nn.Linear(width, 3 * width, bias=False)
        self.output = torch.nn.Linear(width, width, bias=False)
        self.up = torch.nn.Linear(width, 4 * width)
        self.down = torch.nn.Linear(4 * width, width)
        normalise = torch.nn.LayerNorm if norm == "pre" else lambda _: torch.nn.Identity()
        self.norm_1, self.norm_2 = normalise(width), normalise(width)

    def forward(self, x, last_only):
        b, t, d = x.shape
        q, k, v = self.qkv(self.norm_1(x)).view(b, t, 3, self.heads, d // self.heads).unbind(2)
        q, k, v = (part.transpose(1, 2) for part in (q, k, v))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.output(a.transpose(1, 2).reshape(b, t, d))
        if last_only:
            x = x[:, -1:]
        return x + self.down(F.relu(self.up(self.norm_2(x))))


class Transformer(torch.nn.Module):
    def __init__(self, symbols, positions, layers, width, heads, norm):
        super().__init__()
        self.tokens = torch.nn.Embedding(symbols + positions - 2, width)
        self.positions = torch.nn.Parameter(torch.randn(positions, width) * width**-0.5)
        self.blocks = torch.nn.ModuleList(Block(width, heads, norm) for _ in range(layers))
        self.norm = torch.nn.LayerNorm(width) if norm == "pre" else torch.nn.Identity()
        self.unembed = torch.nn.Linear(width, symbols, bias=False)

    def forward(self, tokens, last_only):
        x = self.tokens(tokens) + self.positions
        for index, block in enumerate(self.blocks):
            x = block(x, last_only and index == len(self.blocks) - 1)
        return self.unembed(self.norm(x[:, -1]))


def peak():
    side = 1024
    a, b = torch.rand(side, side), torch.rand(side, side)
    best = 0.0
    for _ in range(8):
        start = time.perf_counter()
        for _ in range(4):
            a @ b
        best = max(best, 4 * 2 * side**3 / (time.perf_counter() - start) / 1e9)
    return best


def gflop(case):
    """Of the matrix products of a step, as in `ModelConfig::step_flop`."""
    d, rows = case["width"], case["batch"] * case["positions"]
    attention, mlp = 4 * d * d, 8 * d * d
    mlp_rows = [rows] * case["layers"]
    if case["lastOnly"]:
        mlp_rows[-1] = case["batch"]
    blocks = case["layers"] * attention * rows + sum(mlp * n for n in mlp_rows)
    return 6 * (blocks + case["symbols"] * d * case["batch"]) / 1e9


networks = {}


def run(case):
    if case["name"] not in networks:
        torch.manual_seed(0)
        shape = [case[key] for key in ("symbols", "positions", "layers", "width", "heads", "norm")]
        model = Transformer(*shape)
        optimizer = torch.optim.AdamW(
            model.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=1.0
        )
        marks = list(range(case["symbols"], case["symbols"] + case["positions"] - 2))
        x, y = torch.randint(case["symbols"], (2, case["batch"]))
        columns = [x, y] + [torch.full_like(x, mark) for mark in marks]
        if len(marks) == 2:
            columns = [x, columns[2], y, columns[3]]
        tokens, answer = torch.stack(columns, 1), (x + y) % case["symbols"]
        networks[case["name"]] = (model, optimizer, tokens, answer)
    model, optimizer, tokens, answer = networks[case["name"]]

    def step():
        loss = F.cross_entropy(model(tokens, case["lastOnly"]), answer)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    for _ in range(3):
        step()
    start = time.perf_counter()
    for _ in range(case["steps"]):
        step()
    millis = (time.perf_counter() - start) * 1e3 / case["steps"]
    return {"name": case["name"], "stepMillis": millis, "stepGflop": gflop(case)}


print(json.dumps({"version": torch.__version__, "peakGflops": peak()}), flush=True)
for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
