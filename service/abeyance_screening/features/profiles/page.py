"""The page on which whoever may chooses whose lists are required."""

import msgspec
from litestar import get
from litestar.response import Template

from abeyance_screening.engine.screening.coverage import codes_of
from abeyance_screening.engine.wording.answers import profile_in_words
from abeyance_screening.engine.wording.shapes import day
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.features.profiles.api import (
    ProfileChosen,
    ProfileShown,
    TheProfiles,
    profiles_shown,
)
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.pages.frame import AnyRequest, Frame, TheDesk, page, read_clocks


class ListToRequire(msgspec.Struct, frozen=True, kw_only=True):
    """A list that can be required by itself."""

    code: str
    title: str
    is_required: bool


class ProfilePage(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page.

    `now` says what is required, `last` who chose it and why. `names` are the profiles that count,
    and `fixed_by` is the setting that leaves nothing to choose, if one does.
    """

    now: str
    last: str | None
    fixed_by: str | None
    names: tuple[str, ...]
    is_by_hand: bool
    profiles: tuple[ProfileShown, ...]
    lists: tuple[ListToRequire, ...]


@get("/profile", opt=needs("read"), include_in_schema=False)
async def profile_page(
    request: AnyRequest, desk: TheDesk, profile_choices: TheProfiles
) -> Template:
    """Show every profile and what it requires, with a form to choose others."""
    clocks, _ = read_clocks(request.query_params)
    frame = Frame(
        title="Required lists", path="/profile", section="/lists", now=desk.now(), clocks=clocks
    )
    shown = await profiles_shown(desk, profile_choices, caller_of(request).account)
    lists = desk.current.get().lists
    content = ProfilePage(
        now=profile_in_words(lists.profile),
        last=None if shown.choice is None else _in_words(shown.choice),
        fixed_by=shown.fixed_by,
        names=lists.profile.names,
        is_by_hand=bool(lists.profile.required),
        profiles=shown.profiles,
        lists=tuple(
            ListToRequire(code=code, title=list_title(code), is_required=code in shown.required)
            for code in codes_of(lists)
        ),
    )
    return page("profile.html", frame, content)


def _in_words(choice: ProfileChosen) -> str:
    what = ", ".join(choice.profiles) or ("lists by hand" if choice.required else "no profile")
    return f"{choice.chosen_by} chose {what} on {day(choice.chosen_at.date())}: {choice.because}"


PAGES = (profile_page,)
