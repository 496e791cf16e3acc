"""A form that could not be taken: what was typed in it comes back, to be sent again.

Sessions end and databases pause while somebody writes, and a browser shows no page of the desk
again with what was typed in it, as none is stored. What a form held goes along through signing in.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

from contextlib_news_server.desk.access import FORM_FIELD, OPEN, ROLES, bp, holds_form_token

__all__ = ["Unsent", "is_inside", "unsent"]

FORM = "application/x-www-form-urlencoded"
PREFIX, PATH = "unsent-", "unsent_path"

# Forms with one of these are typed again; a password goes into no page.
SECRET = frozenset({"password", "again", "current", "code"})


@dataclass(frozen=True, slots=True)
class Unsent:
    """Where a form was to go, and its fields in their order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def typed(self) -> list[str]:
        """What a person wrote there, as far as it is more than a mark."""
        return [value for _, value in self.fields if " " in value.strip() or len(value) > 20]


@bp.app_template_global()
def unsent() -> Unsent | None:
    """Return the form of this request, or the one that a form of signing in carries along.

    Only a form that one of our own pages sent: by its token, or by what the browser says of it.
    A form of somebody else is never offered to be sent again.
    """
    endpoint = request.endpoint or ""
    if request.method != "POST" or endpoint not in {*OPEN, *ROLES}:
        return None
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:  # too large to be read
        return None
    if endpoint in OPEN:
        path = request.form.get(PATH, "")
        if not is_inside(path) or not holds_form_token(request.form.get(FORM_FIELD, "")):
            return None
        carried = [(n.removeprefix(PREFIX), v) for n, v in fields if n.startswith(PREFIX)]
        return Unsent(path, tuple(carried))
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if not (ours or holds_form_token(request.form.get(FORM_FIELD, ""))):
        return None
    held = tuple((name, value) for name, value in fields if name != FORM_FIELD)
    if request.mimetype != FORM or not held or SECRET & {name for name, _ in held}:
        return None
    return Unsent(request.full_path.rstrip("?"), held)


def is_inside(path: str) -> bool:
    """Say whether this leads to a page of the desk and nowhere else."""
    return path.startswith("/admin/") and "\\" not in path and path.isprintable()
