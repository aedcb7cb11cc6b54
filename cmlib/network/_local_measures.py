"""Measures read off the contacts of each person, by sparse products."""

from __future__ import annotations

import numpy as np

from cmlib.network._graph_view import View


def local_clustering(both: View) -> np.ndarray:
    """Share of each person's pairs of contacts who are linked; 0 below two contacts."""
    from scipy.sparse import csr_array

    ones = both.pattern
    degree = np.diff(ones.indptr).astype(float)
    rank = np.argsort(np.argsort(degree, kind="stable"))
    # A triangle has one link among a person's contacts that goes up in degree: counted there,
    # the contacts of the most linked people are never multiplied by one another.
    link = ones.tocoo()
    up = rank[link.row] < rank[link.col]
    upward = csr_array((link.data[up], (link.row[up], link.col[up])), shape=ones.shape)
    triangles = 2 * np.asarray((ones @ upward).multiply(ones).sum(axis=1)).ravel()
    pairs = degree * (degree - 1)
    return np.divide(triangles, pairs, out=np.zeros_like(degree), where=pairs > 0)


def effective_size(both: View) -> np.ndarray:
    """Burt's effective size: contacts, less those that repeat one another; 0 without any.

    NetworkX fills a dense table of n times n for it; the products here stay sparse.
    """
    matrix = both.matrix
    if not both.links:
        return np.zeros(len(both))
    total = np.asarray(matrix.sum(axis=1)).ravel()
    largest = np.asarray(matrix.max(axis=1).toarray()).ravel()
    rows = np.repeat(np.arange(len(both)), np.diff(matrix.indptr))
    share, relative = matrix.copy(), matrix.copy()
    share.data = matrix.data / total[rows]
    relative.data = matrix.data / largest[rows]
    repeated = (share @ relative.T).multiply(both.pattern).sum(axis=1)
    return np.diff(matrix.indptr) - np.asarray(repeated).ravel()
