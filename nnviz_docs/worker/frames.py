"""The Python functions that a call was made in, read off the interpreter's stack.

Between a module's ``forward`` and a torch call, the author's own functions give the code a structure that
modules alone do not show (``postprocess_detections()``). Frames inside torch and inside this package,
``forward`` itself, comprehensions, lambdas and what decorators put around a function are no part of it.
"""

from __future__ import annotations

import os
import sys
from inspect import CO_VARARGS, CO_VARKEYWORDS
from pathlib import Path
from types import CodeType, FrameType, FunctionType, MethodType

import torch

_TORCH = str(Path(torch.__file__).parent) + os.sep
_HERE = str(Path(__file__).parent)
_MODULE_CALL = torch.nn.Module.__call__.__code__.co_filename
_CALL_NAMES = {"_wrapped_call_impl", "_call_impl", "inner"}
_known: dict[CodeType, bool] = {}
_decorations: dict[CodeType, bool] = {}


def function_frames() -> list[FrameType]:
    """Return the author's function frames from the outermost in, down to the code that called torch.

    The walk goes up from the caller of this package, and ends at the call of the innermost module whose
    ``forward`` is running.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and (_is_of_package(frame.f_code) or _is_module_call(frame.f_code)):
        frame = frame.f_back
    frames = []
    while frame is not None and not _is_module_call(frame.f_code):
        frames.append(frame)
        frame = frame.f_back
    frames.reverse()  # the first one is what the module's call ran: forward, or what wraps it
    return [frame for frame in frames[1:] if _is_authors(frame.f_code) and not _is_decoration(frame)]


def function_full_name(frame: FrameType) -> str:
    """Return the qualified name of the frame's function with its module."""
    return f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_qualname}"


def _is_module_call(code: CodeType) -> bool:
    return code.co_name in _CALL_NAMES and code.co_filename == _MODULE_CALL


def _is_decoration(frame: FrameType) -> bool:
    """Tell whether a frame is of what a decorator put around a function.

    Such a function takes any number of arguments, and knows another one from where it was made.
    """
    code = frame.f_code
    known = _decorations.get(code)
    if known is None:
        takes_any = bool(code.co_flags & (CO_VARARGS | CO_VARKEYWORDS))
        around = [frame.f_locals.get(name) for name in code.co_freevars] if takes_any else []
        functions = [value for value in around if isinstance(value, (FunctionType, MethodType))]
        known = _decorations[code] = any(function.__code__ is not code for function in functions)
    return known


def _is_of_package(code: CodeType) -> bool:
    return code.co_filename.startswith(_HERE)


def _is_authors(code: CodeType) -> bool:
    known = _known.get(code)
    if known is None:
        inside = code.co_filename.startswith((_TORCH, _HERE, "<"))
        known = _known[code] = not inside and code.co_name != "forward" and not code.co_name.startswith("<")
    return known
