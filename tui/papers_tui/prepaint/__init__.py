"""The first screen, painted before Textual is loaded, which takes ten times as long as all of this.

Nothing of what is read in the papers is kept for it: only where the panes stand and in which colours. What they say is
looked up in the library and put into lines by the same functions that the panes use.
"""
