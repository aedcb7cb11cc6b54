"""Eigenvector centrality, hubs and authorities, where they are defined.

A leading eigenvector is unique only inside one piece of the graph. The pieces are looked at
one by one, and the strongest tells: no result depends on where an iteration started.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cmlib.network._graph_view import View

_DENSE_UP_TO = 200
_TIE = 1e-9


def leading_eigenvector(look: View) -> np.ndarray:
    """Return x with x = A'x / radius and sum of squares 1; missing where it is not unique."""
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    n = len(look)
    undefined = np.full(n, np.nan)
    if not look.links:
        return undefined
    labels = connected_components(look.matrix, directed=True, connection="strong")[1]
    best, leader, tied = 0.0, None, False
    for members, _columns, block in _blocks(look.matrix, labels, labels):
        bound = min(block.sum(axis=0).max(), block.sum(axis=1).max())
        if bound < best * (1 - _TIE):
            continue
        radius, _vector = _perron(block)
        if radius > best * (1 + _TIE):
            best, leader, tied = radius, members, False
        elif radius >= best * (1 - _TIE):
            tied = True
    if leader is None or tied:
        return undefined
    below = np.sort(breadth_first_order(look.matrix, leader[0], return_predecessors=False))
    _radius, vector = _perron(look.matrix[below][:, below])
    result = np.zeros(n)
    result[below] = np.abs(vector)
    return result / np.linalg.norm(result)


def hubs_and_authorities(look: View) -> tuple[np.ndarray, np.ndarray]:
    """Return Kleinberg's scores, each summing to 1; missing without links.

    Kleinberg's iteration starts from equal scores. What it converges to is computed here: the
    hubs are the projection of equal scores on the leading eigenspace of AA', the authorities
    are A' times the hubs. No score is negative.
    """
    from scipy.sparse import block_array
    from scipy.sparse.csgraph import connected_components

    n = len(look)
    if not look.links:
        return np.full(n, np.nan), np.full(n, np.nan)
    cover = block_array([[None, look.matrix], [look.matrix.T, None]])
    labels = connected_components(cover, directed=False)[1]
    best = 0.0
    leaders: list[tuple[np.ndarray, np.ndarray]] = []
    for members, _columns, block in _blocks(look.matrix, labels[:n], labels[n:]):
        bound = np.sqrt(block.sum(axis=0).max() * block.sum(axis=1).max())
        if bound < best * (1 - _TIE):
            continue
        value, vector = _singular(block)
        if value > best * (1 + _TIE):
            best, leaders = value, []
        if value >= best * (1 - _TIE):
            leaders.append((members, vector))
    hub = np.zeros(n)
    for members, vector in leaders:
        hub[members] = vector * vector.sum()
    authority = look.matrix.T @ hub
    return hub / hub.sum(), authority / authority.sum()


def _blocks(matrix: Any, row_labels: Any, column_labels: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Yield the blocks of links within one label, likely leaders first: rows, columns, links."""
    rows, columns = matrix.nonzero()
    inside = row_labels[rows] == column_labels[columns]
    strength = np.bincount(
        row_labels[rows[inside]],
        weights=matrix.data[inside],
        minlength=max(row_labels.max(), column_labels.max()) + 1,
    )
    by_row, by_column = np.argsort(row_labels), np.argsort(column_labels)
    for label in np.argsort(-strength, kind="stable"):
        if not strength[label]:
            return
        one = by_row[slice(*np.searchsorted(row_labels, [label, label + 1], sorter=by_row))]
        other = by_column[
            slice(*np.searchsorted(column_labels, [label, label + 1], sorter=by_column))
        ]
        one, other = np.sort(one), np.sort(other)
        yield one, other, matrix[one][:, other]


def _perron(block: Any) -> tuple[float, np.ndarray]:
    """Return the spectral radius of a nonnegative matrix and its left eigenvector."""
    from scipy.sparse.linalg import ArpackNoConvergence, eigs

    if block.shape[0] > _DENSE_UP_TO:
        try:
            values, vectors = eigs(
                block.T.astype(float), k=1, which="LR", v0=np.ones(block.shape[0])
            )
            return float(values[0].real), np.abs(vectors[:, 0])
        except ArpackNoConvergence:
            pass
    values, vectors = np.linalg.eig(block.T.toarray())
    lead = int(np.argmax(values.real))
    return float(values[lead].real), np.abs(vectors[:, lead])


def _singular(block: Any) -> tuple[float, np.ndarray]:
    """Return the largest singular value of a nonnegative matrix and its left vector."""
    from scipy.sparse.linalg import svds

    if min(block.shape) > _DENSE_UP_TO:
        left, values, _right = svds(block.astype(float), k=1, v0=np.ones(min(block.shape)))
        return float(values[0]), np.abs(left[:, 0])
    if block.shape[0] <= block.shape[1]:
        values, vectors = np.linalg.eigh((block @ block.T).toarray())
        return float(np.sqrt(values[-1])), np.abs(vectors[:, -1])
    values, vectors = np.linalg.eigh((block.T @ block).toarray())
    left = np.abs(block @ vectors[:, -1])
    return float(np.sqrt(values[-1])), left / np.linalg.norm(left)
