"""The benchmark: `python -m tests.bench` measures the installed program against its budgets."""
