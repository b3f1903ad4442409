"""What a hook may answer, read once from its specification and checked cheaply at every call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


class WrongAnswer(TypeError):
    """A plugin answered with something that its hook's specification does not allow."""


@dataclass(frozen=True, slots=True)
class Expected:
    """`many`: a list or tuple of `kind`; otherwise one of `kind` or None.

    Without a kind, answers mean nothing.
    """

    many: bool
    kind: type | None

    def checked(self, answer: Any) -> Any:
        """Return the answer. Raise WrongAnswer if it is of another type."""
        kind = self.kind
        if kind is None:
            return None
        if not self.many:
            if answer is None or isinstance(answer, kind):
                return answer
            raise WrongAnswer(f"{type(answer).__name__} is not {kind.__name__} or None")
        if not isinstance(answer, list | tuple):
            raise WrongAnswer(f"{type(answer).__name__} is not a list or tuple of {kind.__name__}")
        for item in answer:
            if not isinstance(item, kind):
                raise WrongAnswer(f"{type(item).__name__} is not {kind.__name__}")
        return answer


def expected_of(spec: Callable[..., Any]) -> Expected:
    """Read what a specification's return type allows. Raise TypeError for a type that hooks do not use."""
    answer = get_type_hints(spec)["return"]
    if answer is NoneType:
        return Expected(many=False, kind=None)
    if get_origin(answer) in (Union, UnionType):
        kinds = [kind for kind in get_args(answer) if kind is not NoneType]
        if len(kinds) == 1 and isinstance(kinds[0], type):
            return Expected(many=False, kind=kinds[0])
    if get_origin(answer) is Sequence:
        item = get_args(answer)[0]
        return Expected(many=True, kind=get_origin(item) or item)
    raise TypeError(f"{spec.__name__} answers neither None, one value or None, nor a sequence")
