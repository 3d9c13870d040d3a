"""The gates, in the order in which they run.

A gate is a module with NAME, SUMMARY, SLOW (left out unless it is named) and `check(tree)`, which yields findings.
"""
from lib.gates import (
    documents, explicit_imports, formatting, foundation, imports, leftovers, memory_safety, size, unsafe_count)

ALL = [formatting, size, imports, foundation, memory_safety, unsafe_count, leftovers, documents, explicit_imports]
