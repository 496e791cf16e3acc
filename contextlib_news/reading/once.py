"""A property worked out once an object, without the lock of ``functools.cached_property``.

Up to Python 3.11 that lock costs more than many of the small findings kept here, some thirty a
pair; two threads that meet work one out twice, to the same value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

__all__ = ["once"]

Value = TypeVar("Value")


class once(Generic[Value]):  # noqa: N801  # used as a decorator, like property
    """Keep what a method returns in the object's ``__dict__``, where it is read from then on."""

    def __init__(self, work_out: Callable[[Any], Value]) -> None:
        self._work_out = work_out
        self._name = work_out.__name__
        self.__doc__ = work_out.__doc__

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> once[Value]: ...

    @overload
    def __get__(self, instance: object, owner: type[Any]) -> Value: ...

    def __get__(self, instance: object | None, owner: type[Any]) -> once[Value] | Value:
        """Return the value, worked out at the first look."""
        if instance is None:
            return self
        value = self._work_out(instance)
        instance.__dict__[self._name] = value
        return value
