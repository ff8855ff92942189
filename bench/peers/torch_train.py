"""Steps of training in PyTorch: the models of bench/training, as bench/rows/train.mjs has them.

python3 torch_train.py [threads...]; prints the minimum and the median of a step and steps/s.
"""

import ctypes
import sys
import time

import torch
from torch import nn
from torch.nn import functional


def mlp():
    net = nn.Sequential(
        nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)
    )
    return net, torch.rand(128, 784), torch.randint(0, 10, (128,))


def cnn():
    net = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Dropout(0.4), nn.Linear(128, 10),
    )
    return net, torch.rand(64, 1, 28, 28), torch.randint(0, 10, (64,))


class Transformer(nn.Module):
    def __init__(self, size=256, tokens=64, width=256, heads=4, layers=4):
        super().__init__()
        self.words = nn.Embedding(size, width)
        self.positions = nn.Parameter(torch.randn(tokens, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True,
            norm_first=True,
        )
        self.blocks = nn.TransformerEncoder(layer, layers, nn.LayerNorm(width))
        self.last = nn.Linear(width, size)
        mask = nn.Transformer.generate_square_subsequent_mask(tokens)
        self.register_buffer("mask", mask)

    def forward(self, ids):
        logits = self.last(self.blocks(self.words(ids) + self.positions, self.mask))
        return logits.flatten(0, 1)


def transformer():
    ids = torch.randint(0, 256, (16, 64))
    return Transformer(), ids, torch.randint(0, 256, (16 * 64,))


def use_threads(count):
    torch.set_num_threads(count)
    # Debian builds PyTorch with a generic BLAS, whose threads it does not set: without this, "one
    # thread" would compute its products on all of OpenBLAS's.
    try:
        ctypes.CDLL("libopenblas.so.0").openblas_set_num_threads(count)
    except (OSError, AttributeError):
        print("OpenBLAS was not found: set OPENBLAS_NUM_THREADS by hand", file=sys.stderr)


def measure(make, seconds=6):
    torch.manual_seed(0)
    net, x, y = make()
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)

    def step():
        optimizer.zero_grad()
        loss = functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    for _ in range(3):
        step()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        step()
        times.append(time.perf_counter() - began)
    times.sort()
    return times[0], times[len(times) // 2]


for threads in map(int, sys.argv[1:] or ["1", "2"]):
    use_threads(threads)
    for make in (mlp, cnn, transformer):
        least, median = measure(make)
        print(
            f"{make.__name__}, {threads} threads: {least * 1e3:.2f} / {median * 1e3:.2f} ms,"
            f" {1 / least:.1f} / {1 / median:.1f} steps/s"
        )
