"""R's random numbers once more: set.seed and sample with replacement (Mersenne Twister, rejection; R 3.6 and later)."""

from __future__ import annotations

import numpy as np


def r_sample(n: int, seed: int) -> np.ndarray:
    """Return what ``set.seed(seed); sample.int(n, replace = TRUE)`` gives, less 1."""
    twister = _twister(seed)
    bits = int(np.ceil(np.log2(n)))
    drawn: list[int] = []
    while len(drawn) < n:
        value = 0
        for _ in range((bits + 16) // 16):  # R draws 16 bits at a time, up to and including the bit count
            value = 65536 * value + int(np.floor(65536 * _uniform(twister)))
        value &= (1 << bits) - 1
        if value < n:
            drawn.append(value)
    return np.array(drawn)


def r_counts(n: int, seeds: range) -> np.ndarray:
    """How often each of n respondents is drawn under each seed, shape (seeds, n)."""
    return np.array([np.bincount(r_sample(n, seed), minlength=n) for seed in seeds])


def _twister(seed: int) -> np.random.MT19937:
    word = seed
    for _ in range(50):
        word = (69069 * word + 1) % 2**32
    words = []
    for _ in range(625):
        word = (69069 * word + 1) % 2**32
        words.append(word)
    twister = np.random.MT19937()
    twister.state = {"bit_generator": "MT19937", "state": {"key": np.array(words[1:], dtype=np.uint32), "pos": 624}}
    return twister


def _uniform(twister: np.random.MT19937) -> float:
    value = int(twister.random_raw()) * 2.3283064365386963e-10
    return min(max(value, 0.5 * 2.328306437080797e-10), 1 - 0.5 * 2.328306437080797e-10)
