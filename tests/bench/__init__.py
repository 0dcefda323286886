"""The benchmark: `python -m tests.bench` measures the installed program against its budgets.

A library of made-up papers, the same ones at every run, is filled through the program's own store, and the program
that is installed beside this interpreter is driven at the end of a pseudo-terminal. What a key takes counts from the
byte that is written to the end of the frame that shows the rows which are expected: each paper's title begins with a
mark of its own, and which marks come first is asked of the library, past the program on the screen. Time for which a
thread of the program, or the driver, could have run and the machine had no processor for it is left out, where the
machine tells it (Linux): of several that waited, for as long as the one that waited longest. A start counts from the
beginning of the process, and is compared, in turns, with `import textual.app`, which no program of this kind can do
without.
"""
