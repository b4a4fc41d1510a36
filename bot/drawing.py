"""The chart library without its import hook: whoever draws takes it from here.

The hook is for the library's plugins, of which we use none. It speaks a protocol that Python 3.12
dropped, and of which 3.11 warns at every later import of anything.
"""

import sys

import pygal as pygal
from pygal.style import Style as Style

sys.meta_path[:] = [f for f in sys.meta_path if type(f).__name__ != "PluginImportFixer"]
