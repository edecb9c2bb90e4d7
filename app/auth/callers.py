"""Callers: a name, a role and the controllers that it is for."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

from fastapi import Depends, Request

from app.platform.problems import Forbidden, Item

Role = Literal["reader", "auditor", "editor", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
CALLER: Final = "envanter.caller"


@dataclass(frozen=True)
class Caller:
    """Who calls: the author of what is written; each role may do what those before it may."""

    name: str
    role: Role
    controllers: frozenset[int] | None
    key_id: int | None = None

    def has(self, role: Role) -> bool:
        """Tell whether this role is one's own or below it."""
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def is_unlimited(self) -> bool:
        """Tell whether this is an administrator of all controllers."""
        return self.role == "admin" and self.controllers is None

    @property
    def identity(self) -> str:
        """Tell callers apart, of whatever name: two keys may have one."""
        return f"name:{self.name}" if self.key_id is None else f"key:{self.key_id}"

    def require(self, role: Role) -> None:
        """Refuse a caller of a lower role."""
        if not self.has(role):
            raise Forbidden(Item("needs_role", {"needed": role, "role": self.role}))

    def claim(self, owner: int | None) -> None:
        """Refuse to change what belongs to nobody (unless an administrator of all) or to somebody else."""
        self.require("editor")
        if owner is None and not self.is_unlimited:
            raise Forbidden(Item("needs_all_controllers"))
        if owner is not None and self.controllers is not None and owner not in self.controllers:
            raise Forbidden(Item("not_your_controller"))


LOCAL: Final = Caller("local", "admin", None)


def current_caller(request: Request) -> Caller:
    """Return who calls: the door has found out, and lets nobody in without."""
    caller: Caller = request.scope[CALLER]
    return caller


CallerDep = Annotated[Caller, Depends(current_caller)]
