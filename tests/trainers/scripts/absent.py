"""Stands in for packages that a trainer imports, of which its logging takes nothing: engines, their kernels, paid services."""
import importlib
import importlib.machinery
import sys
import types


class Absent(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def leave_out(*names):
    for name in names:
        if name not in sys.modules:
            sys.modules[name] = Absent(name)
            sys.modules[name].__spec__ = importlib.machinery.ModuleSpec(name, None)
            sys.modules[name].__path__ = []
            parent, _, child = name.rpartition(".")
            if parent:
                setattr(importlib.import_module(parent), child, sys.modules[name])
