"""The networks in PyTorch on the CPU: as it is written, or with a second argument `compile`.

    python bench/pytorch.py [threads] [compile]
"""

import sys

import peer

THREADS = peer.threads()

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

torch.set_num_threads(THREADS)
COMPILED = "compile" in sys.argv[2:]


def linear(weights, name):
    w, bias = weights[name], weights.get(name + "_bias")
    out = torch.nn.Linear(*w.shape, bias=bias is not None)
    with torch.no_grad():
        out.weight.copy_(torch.from_numpy(w.T))
        if bias is not None:
            out.bias.copy_(torch.from_numpy(bias))
    return out


class Block(torch.nn.Module):
    def __init__(self, case, weights, name):
        super().__init__()
        self.heads, self.norm = case["heads"], case["norm"]
        self.qkv, self.output, self.up, self.down = (
            linear(weights, name + part) for part in ("qkv", "output", "up", "down")
        )
        # A fresh gain is 1 and a fresh bias 0, as in `peer.weights`.
        make = torch.nn.Identity if self.norm == "none" else torch.nn.LayerNorm
        self.norm_1, self.norm_2 = make(case["width"]), make(case["width"])

    def attention(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, d // self.heads).unbind(2)
        q, k, v = (part.transpose(1, 2) for part in (q, k, v))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.output(a.transpose(1, 2).reshape(b, t, d))

    def mlp(self, x):
        return self.down(F.relu(self.up(x)))

    def forward(self, x, last_only):
        if self.norm == "post":
            x = self.norm_1(x + self.attention(x))
            return self.norm_2(x + self.mlp(x))
        x = x + self.attention(self.norm_1(x))
        if last_only:
            x = x[:, -1:]
        return x + self.mlp(self.norm_2(x))


class Transformer(torch.nn.Module):
    def __init__(self, case):
        super().__init__()
        weights = peer.weights(case)
        self.tokens = torch.nn.Embedding.from_pretrained(
            torch.from_numpy(weights["tokens"]), freeze=False
        )
        positions = peer.sinusoids(case) if case["sinusoidal"] else weights["positions"]
        self.positions = torch.nn.Parameter(
            torch.from_numpy(positions), requires_grad=not case["sinusoidal"]
        )
        self.blocks = torch.nn.ModuleList(
            Block(case, weights, f"{layer}.") for layer in range(case["layers"])
        )
        has_norm = case["norm"] == "pre"
        self.norm = torch.nn.LayerNorm(case["width"]) if has_norm else torch.nn.Identity()
        self.unembed = linear(weights, "unembed")
        self.last_only = case["lastOnly"]

    def forward(self, tokens):
        x = self.tokens(tokens) + self.positions
        for index, block in enumerate(self.blocks):
            x = block(x, self.last_only and index == len(self.blocks) - 1)
        return self.unembed(self.norm(x[:, -1]))


def begin(case):
    model = Transformer(case)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    # What is written without a thought is what is compared with; the compiled one gets the best.
    optimizer = torch.optim.AdamW(
        learned, lr=peer.RATE, betas=peer.BETAS, eps=peer.EPSILON, weight_decay=peer.DECAY,
        fused=True if COMPILED else None,
    )
    tokens, answers = (torch.from_numpy(part) for part in peer.batch(case))

    def loss_of(tokens, answers):
        return F.cross_entropy(model(tokens), answers)

    if COMPILED:
        # A network of its own each, not a guess at what they have in common.
        torch._dynamo.reset()
        loss_of = torch.compile(loss_of, dynamic=False, fullgraph=True)

    def train(steps):
        for _ in range(steps):
            loss = loss_of(tokens, answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return loss.item()

    return train


A, B = torch.rand(1024, 1024), torch.rand(1024, 1024)


def multiply(times):
    for _ in range(times):
        A @ B


peer.serve(torch.__version__, multiply, begin)
