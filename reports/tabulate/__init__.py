"""Counting: blocks of coded responses in, one- and two-way tables of counts out. Pure; memory does not grow with n."""

from reports.tabulate.count import CHUNK, InvalidBlock, count
from reports.tabulate.cube import Cube
from reports.tabulate.workload import Column, ScoreColumn, Workload, score_column, score_key, workload

__all__ = [
    "CHUNK",
    "Column",
    "Cube",
    "InvalidBlock",
    "ScoreColumn",
    "Workload",
    "count",
    "score_column",
    "score_key",
    "workload",
]
