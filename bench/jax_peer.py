"""The networks in JAX on the CPU: loss, gradients and AdamW in one jitted step.

    python bench/jax_peer.py [threads]
"""

import os
import time

import peer

peer.threads()
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

# Of each way to write attention, whose least time counts.
TRIES = 4


def logits_of(case, w, tokens, by_sums):
    heads, t = case["heads"], case["positions"]
    mask = np.tril(np.ones((t, t), bool))

    def norm(name, x):
        if case["norm"] == "none":
            return x
        mean = x.mean(-1, keepdims=True)
        variance = jnp.square(x - mean).mean(-1, keepdims=True)
        return (x - mean) * jax.lax.rsqrt(variance + 1e-5) * w[name] + w[name + "_bias"]

    def linear(name, x):
        out = x @ w[name]
        return out + w[name + "_bias"] if name + "_bias" in w else out

    def attention(name, x):
        b, _, d = x.shape
        q, k, v = jnp.moveaxis(linear(name + "qkv", x).reshape(b, t, 3, heads, d // heads), 2, 0)
        if by_sums:
            scores = (q[:, :, None] * k[:, None]).sum(-1).transpose(0, 3, 1, 2)
        else:
            scores = jnp.einsum("bqhd,bkhd->bhqk", q, k)
        scores = scores * (d // heads) ** -0.5  # [B, H, T, T]
        shares = jax.nn.softmax(jnp.where(mask, scores, -jnp.inf), -1)
        if by_sums:
            mixed = (shares.transpose(0, 2, 3, 1)[..., None] * v[:, None]).sum(2)
        else:
            mixed = jnp.einsum("bhqk,bkhd->bqhd", shares, v)
        return linear(name + "output", mixed.reshape(b, t, d))

    def mlp(name, x):
        return linear(name + "down", jax.nn.relu(linear(name + "up", x)))

    x = w["tokens"][tokens] + (peer.sinusoids(case) if case["sinusoidal"] else w["positions"])
    for layer in range(case["layers"]):
        name = f"{layer}."
        if case["norm"] == "post":
            x = norm(name + "norm_1", x + attention(name, x))
            x = norm(name + "norm_2", x + mlp(name, x))
            continue
        x = x + attention(name, norm(name + "norm_1", x))
        if case["lastOnly"] and layer == case["layers"] - 1:
            x = x[:, -1:]
        x = x + mlp(name, norm(name + "norm_2", x))
    x = x[:, -1]
    return linear("unembed", norm("norm", x) if case["norm"] == "pre" else x)


def begin_with(case, by_sums):
    tokens, answers = (jnp.asarray(part, jnp.int32) for part in peer.batch(case))
    (beta_1, beta_2), rows = peer.BETAS, np.arange(case["batch"])

    def loss_of(w):
        return -jax.nn.log_softmax(logits_of(case, w, tokens, by_sums))[rows, answers].mean()

    def adamw(w, g, m, v, n):
        m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g * g
        update = m / (1 - beta_1**n) / (jnp.sqrt(v / (1 - beta_2**n)) + peer.EPSILON)
        return w * (1 - peer.RATE * peer.DECAY) - peer.RATE * update, m, v

    def step(state):
        w, m, v, n = state
        loss, g = jax.value_and_grad(loss_of)(w)
        n = n + 1
        new = {name: adamw(w[name], g[name], m[name], v[name], n) for name in w}
        w, m, v = ({name: parts[i] for name, parts in new.items()} for i in range(3))
        return (w, m, v, n), loss

    step = jax.jit(step, donate_argnums=0)
    w = {name: jnp.array(value) for name, value in peer.weights(case).items()}
    zeros = [{name: jnp.zeros_like(value) for name, value in w.items()} for _ in range(2)]
    state = (w, *zeros, jnp.float32(0))

    def train(steps):
        nonlocal state
        for _ in range(steps):
            state, loss = step(state)
        jax.block_until_ready(state)
        return float(loss)

    return train


def begin(case):
    """Whether four positions are worth a matrix product depends on the machine: the peer gets the
    faster of two ways to write attention."""

    def best(by_sums):
        train = begin_with(case, by_sums)
        train(2)
        times = []
        for _ in range(TRIES):
            start = time.perf_counter()
            train(3)
            times.append(time.perf_counter() - start)
        return min(times)

    return begin_with(case, min((True, False), key=best))


A, B = jax.random.uniform(jax.random.key(0), (2, 1024, 1024))
product = jax.jit(jnp.matmul)


def multiply(times):
    for _ in range(times):
        product(A, B).block_until_ready()


peer.serve(jax.__version__, multiply, begin)
