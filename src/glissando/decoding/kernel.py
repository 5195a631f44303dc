"""The compiled searches: the same answers as `transducer.py` and `ctc.py`, faster."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, byref, c_double, c_int32, c_void_p
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glissando.decoding.pruning import Doubles
from glissando.decoding.scorer import CtcScorer, Floats, Ids, TransducerScorer
from glissando.decoding.scores import ScoreTable
from glissando.decoding.settings import BeamSettings
from glissando.decoding.space import SearchSpace

LIBRARY = "kernel.native"  # what the build puts beside this file where there is a C compiler

_Int32s, _Doubles = POINTER(c_int32), POINTER(c_double)


class _Space(Structure):
    _fields_ = (
        *((name, _Int32s) for name in ("letter", "first_child", "child_count")),
        ("look_ahead", _Doubles),
    )


class _Settings(Structure):
    _fields_ = (
        *((name, c_int32) for name in ("width", "max_symbols", "blank", "classes", "frames")),
        ("threshold", c_double),
    )


class _State(Structure):
    _fields_ = (
        *((name, c_int32) for name in ("frame", "round", "phase")),
        *((f"{name}_count", c_int32) for name in ("active", "front", "touched")),
        *(
            (name, _Int32s)
            for name in ("active", "front", "touched", "candidates", "missing", "owner")
        ),
        *(
            (name, _Doubles)
            for name in ("active_mass", "active_extra", "front_mass", "gains", "ranks")
        ),
        ("limit", c_double),
        ("mass", _Doubles),
        ("extra", _Doubles),
        ("row", _Int32s),
    )


def _load() -> ctypes.CDLL | None:
    try:
        with resources.as_file(resources.files("glissando.decoding") / LIBRARY) as path:
            library = ctypes.CDLL(str(path))
    except OSError:
        return None
    for search in (library.search_transducer, library.search_ctc):
        search.argtypes = [POINTER(_Space), POINTER(_Settings), POINTER(_State), c_void_p]
    library.search_transducer.restype, library.search_ctc.restype = c_int32, None
    return library


_library = _load()


def is_compiled() -> bool:
    """Whether the compiled searches are there; the numpy ones serve where they are not."""
    return _library is not None


class _Memory:
    """What one thread's searches write to, and the structures that point into it."""

    def __init__(self, space: SearchSpace, settings: BeamSettings, blank: int) -> None:
        self._arrays: list[NDArray[Any]] = []  # kept alive for the pointers
        look_ahead = settings.prior_weight * space.best_below.astype(np.float64)
        self.space = _Space(
            letter=self._ints(space.letter),
            first_child=self._ints(space.first_child),
            child_count=self._ints(space.child_count),
            look_ahead=self._doubles(look_ahead),
        )
        self.settings = _Settings(
            width=settings.width,
            max_symbols=settings.max_symbols,
            blank=blank,
            threshold=settings.threshold,
        )
        prefixes = max(settings.width, len(space.roots))
        children = prefixes * int(space.child_count.max(initial=1))
        reached = prefixes * (settings.max_symbols + 1) + children
        self.active = np.zeros(prefixes, np.int32)
        self.active_mass = np.zeros(prefixes)
        self.active_extra = np.zeros(prefixes)
        self.missing = np.zeros(prefixes, np.int32)
        self.state = _State(
            active=self._ints(self.active),
            active_mass=self._doubles(self.active_mass),
            active_extra=self._doubles(self.active_extra),
            missing=self._ints(self.missing),
            front=self._ints(np.zeros(prefixes, np.int32)),
            front_mass=self._doubles(np.zeros(prefixes)),
            candidates=self._ints(np.zeros(children, np.int32)),
            touched=self._ints(np.zeros(reached, np.int32)),
            owner=self._ints(np.zeros(reached, np.int32)),
            gains=self._doubles(np.zeros(reached)),
            ranks=self._doubles(np.zeros(reached)),
            mass=self._doubles(np.full(len(space), -np.inf)),
        )
        self._roots = space.roots

    def add_node_doubles(self, count: int) -> None:
        """Memory for a second probability of each of `count` nodes."""
        self.state.extra = self._doubles(np.full(count, -np.inf))

    def add_rows(self, row: Ids) -> None:
        """Let the search read which row of the score table each node has."""
        self.state.row = self._ints(row)

    def begin(self, frames: int, classes: int) -> None:
        """Start at the empty prefix, before the first of `frames` frames."""
        roots, state = self._roots, self.state
        self.settings.frames, self.settings.classes = frames, classes
        self.active[: len(roots)] = roots
        self.active_mass[: len(roots)] = 0.0
        self.active_extra[: len(roots)] = -np.inf
        state.active_count, state.frame, state.phase = len(roots), 0, 0

    def found(self) -> tuple[Ids, Doubles, Doubles]:
        """Nodes at which the search ended, and both their probabilities."""
        count = self.state.active_count
        return (
            self.active[:count].copy(),
            self.active_mass[:count].copy(),
            self.active_extra[:count].copy(),
        )

    def arguments(self) -> tuple[Any, Any, Any]:
        """The structures as the library takes them."""
        return byref(self.space), byref(self.settings), byref(self.state)

    def _ints(self, array: Ids) -> Any:
        return self._pointer(array, np.int32, _Int32s)

    def _doubles(self, array: Doubles) -> Any:
        return self._pointer(array, np.float64, _Doubles)

    def _pointer(self, array: NDArray[Any], dtype: type, kind: Any) -> Any:
        if array.dtype != dtype or not array.flags.c_contiguous:
            raise TypeError(f"expected a contiguous {dtype.__name__} array, found {array.dtype}")
        self._arrays.append(array)
        return array.ctypes.data_as(kind)


class CompiledTransducerSearch:
    """`TransducerSearch`, compiled; one object for each thread.

    Attributes:
        table: What the network said of the last swipe.
    """

    def __init__(
        self, scorer: TransducerScorer, space: SearchSpace, settings: BeamSettings
    ) -> None:
        self.table = ScoreTable(scorer, space.letter, space.parent)
        self._memory = _Memory(space, settings, scorer.blank)
        self._memory.add_rows(self.table.row)
        self._arguments = self._memory.arguments()
        self._roots = space.roots

    def __call__(self, frames: Floats) -> tuple[Ids, Doubles]:
        """Search all frames `(T, P)`: nodes and the log probability of ending at each."""
        assert _library is not None
        memory, table = self._memory, self.table
        table.begin(frames)
        table.add(self._roots)
        memory.begin(len(frames), table.log_probs.shape[2])
        while missing := _library.search_transducer(*self._arguments, table.log_probs.ctypes.data):
            table.add(memory.missing[:missing].copy())
        nodes, mass, _ = memory.found()
        return nodes, mass


class CompiledCtcSearch:
    """`CtcSearch`, compiled; one object for each thread."""

    table = None

    def __init__(self, scorer: CtcScorer, space: SearchSpace, settings: BeamSettings) -> None:
        self._memory = _Memory(space, settings, scorer.blank)
        self._memory.add_node_doubles(len(space))
        self._arguments = self._memory.arguments()

    def __call__(self, frames: Floats) -> tuple[Ids, Doubles]:
        """Search all frames `(T, V)`: nodes and the log probability of ending at each."""
        assert _library is not None
        frames = np.ascontiguousarray(frames, dtype=np.float32)
        self._memory.begin(*frames.shape)
        _library.search_ctc(*self._arguments, frames.ctypes.data)
        nodes, in_blank, in_letter = self._memory.found()
        return nodes, np.logaddexp(in_blank, in_letter)
