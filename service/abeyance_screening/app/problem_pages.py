"""`/problems`: the kinds of problem, each at the address that its problems have as `type`."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.params import PathParameter
from litestar.response import Template

from abeyance_screening.platform.access.callers import public
from abeyance_screening.platform.http.problem_kinds import KINDS, PROBLEMS_PATH, ProblemKind
from abeyance_screening.platform.pages.frame import Frame, page
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import NotFoundError


class ProblemsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The kinds of problem that a page explains: all of them, or one."""

    heading: str
    kinds: tuple[ProblemKind, ...]


@get(PROBLEMS_PATH, opt=public(), include_in_schema=False)
async def problems() -> Template:
    """Show every kind of problem, by status and then by name."""
    return _shown("Problems", tuple(KINDS.values()), PROBLEMS_PATH)


@get(f"{PROBLEMS_PATH}/{{slug:str}}", opt=public(), include_in_schema=False)
async def problem(slug: Annotated[str, PathParameter(max_length=100)]) -> Template:
    """Show what one kind of problem means, when it comes, and what to do.

    Raises:
        NotFoundError: There is no such kind.
    """
    if slug not in KINDS:
        raise NotFoundError("problem", slug)
    kind = KINDS[slug]
    return _shown(kind.title, (kind,), kind.address)


def _shown(heading: str, kinds: tuple[ProblemKind, ...], path: str) -> Template:
    frame = Frame(title=heading, path=path, section="", now=utc_now())
    return page("problems.html", frame, ProblemsPage(heading=heading, kinds=kinds))


PAGES = (problems, problem)
