"""Profiles over HTTP: which there are, which count, and choosing others."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import Response, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation
from litestar.status_codes import HTTP_200_OK

from abeyance_screening.engine.lists.profile import ListProfile, profiles
from abeyance_screening.engine.screening.coverage import codes_of, required_codes
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.wording.titles import list_title, profile_title
from abeyance_screening.features.profiles.service import ProfileChoices
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import MAX_BODY_BYTES, LongText, TypedRequest
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    FORBIDDEN,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.http.security import SECURITY
from abeyance_screening.platform.questions.parameters import TheDesk
from abeyance_screening.platform.stores.profiles import ProfileChoice
from abeyance_screening.primitives.structs import copy_as

_MOST_LISTS = 200
ProfileName = Annotated[str, msgspec.Meta(min_length=1, max_length=50)]
ProfileNames = Annotated[tuple[ProfileName, ...], msgspec.Meta(max_length=20)]
ListCodes = Annotated[
    tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=100)], ...],
    msgspec.Meta(max_length=_MOST_LISTS),
]
TheProfiles = NamedDependency[SkipValidation[ProfileChoices]]


class ProfileList(msgspec.Struct, frozen=True, kw_only=True):
    """A list that a profile requires."""

    code: str
    """Code of the list."""
    title: str
    """Its title."""
    reason: str
    """Why the profile requires it."""


class ProfileShown(msgspec.Struct, frozen=True, kw_only=True):
    """A profile: whose lists must be fresh for an answer to be complete."""

    name: str
    """Its name in settings, questions and `coverage.profile`."""
    title: str
    """For whom it is."""
    lists: tuple[ProfileList, ...]
    """What it requires. The register's own list and lists of your own are required too."""


class ProfileChosen(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen, by whom and why."""

    profiles: tuple[str, ...]
    """Names of profiles, joined; empty where lists are named one by one or nothing was chosen."""
    required: tuple[str, ...]
    """Codes of lists that are required one by one."""
    because: str
    """The reason."""
    chosen_by: str
    """Who chose it."""
    chosen_at: datetime
    """When, in UTC."""


class ProfilesShown(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer is complete for here, and what else may be chosen."""

    name: str
    """What `coverage.profile` says of answers of the installation."""
    chosen_in: Literal["settings", "service", "nowhere"]
    """Where that was chosen: in the `settings`, which then cannot be changed here, in the
    `service`, or `nowhere`."""
    fixed_by: str | None
    """The setting that decides; null if none does."""
    required: tuple[str, ...]
    """Codes of the lists that the installation requires fresh."""
    choice: ProfileChosen | None
    """What was chosen last in the service for the installation; null if nothing ever was."""
    account_choice: ProfileChosen | None
    """What your account has chosen instead; null if it never chose."""
    profiles: tuple[ProfileShown, ...]
    """Every profile there is."""


class ProfilesAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the installation requires from now on."""

    profiles: ProfileNames = ()
    """Names of profiles; several are joined."""
    required: ListCodes = ()
    """Codes of lists, in place of profiles; all others are then advisory. With neither, the
    installation requires what it does without a choice."""
    because: LongText
    """The reason, which stays on record."""


class AccountProfilesAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What answers of an account must be complete for."""

    profiles: ProfileNames = ()
    """Names of profiles; several are joined. Empty for those of the installation."""
    because: LongText
    """The reason, which stays on record."""


@get(
    "/v1/profiles",
    opt=needs("read"),
    operation_id="getProfiles",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Whose law an answer must be complete for",
    tags=["Lists"],
)
async def get_profiles(
    request: TypedRequest, desk: TheDesk, profile_choices: TheProfiles
) -> ProfilesShown:
    """Return every profile with what it requires, and which counts for the installation."""
    return await profiles_shown(desk, profile_choices, caller_of(request).account)


@put(
    "/v1/profiles/installation",
    opt=needs("operator", change="profile.chosen"),
    operation_id="chooseProfiles",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, FORBIDDEN, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Choose whose law counts for the installation",
    tags=["Lists"],
    status_code=HTTP_200_OK,
)
async def choose_profiles(
    request: TypedRequest,
    data: JSONBody[ProfilesAsked],
    desk: TheDesk,
    profile_choices: TheProfiles,
) -> Response[ProfileChosen]:
    """Choose what an answer must be complete for; refused where a setting says so already.

    Every process of the service answers by it within half a minute, and each answer says by which
    profile it is complete.
    """
    wanted = data.profiles, data.required
    known, by = codes_of(desk.current.get().lists), caller_of(request).owner
    return Response(_chosen(await profile_choices.choose(None, wanted, data.because, by, known)))


@put(
    "/v1/profiles/account",
    opt=needs("admin", change="profile.chosen"),
    operation_id="chooseAccountProfiles",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, FORBIDDEN, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Choose whose law counts for your account",
    tags=["Lists"],
    status_code=HTTP_200_OK,
)
async def choose_account_profiles(
    request: TypedRequest, data: JSONBody[AccountProfilesAsked], profile_choices: TheProfiles
) -> Response[ProfileChosen]:
    """Choose what the answers of your account must be complete for, in place of the installation.

    A question that names lists or a profile itself comes before it, and so do the lists of a key.
    """
    caller = caller_of(request)
    choice = await profile_choices.choose(
        caller.account, (data.profiles, ()), data.because, caller.owner
    )
    return Response(_chosen(choice))


async def profiles_shown(desk: Desk, choices: ProfileChoices, account: str) -> ProfilesShown:
    """Return every profile, and which counts for the installation and an account."""
    lists = desk.current.get().lists
    chosen, required = lists.profile, required_codes(lists)
    last, of_account = await choices.last(None), await choices.last(account)
    return ProfilesShown(
        name=chosen.name,
        chosen_in=_where(chosen),
        fixed_by=choices.fixed_by,
        required=tuple(code for code in codes_of(lists) if code in required),
        choice=None if last is None else _chosen(last),
        account_choice=None if of_account is None else _chosen(of_account),
        profiles=tuple(map(_shown, profiles())),
    )


def _where(chosen: ListProfile) -> Literal["settings", "service", "nowhere"]:
    return chosen.chosen_in if chosen.is_set else "nowhere"


def _shown(name: str) -> ProfileShown:
    return ProfileShown(
        name=name,
        title=profile_title(name),
        lists=tuple(
            ProfileList(code=code, title=list_title(code), reason=reason)
            for code, reason in profiles()[name].items()
        ),
    )


def _chosen(choice: ProfileChoice) -> ProfileChosen:
    return copy_as(ProfileChosen, choice)


ROUTES = (get_profiles, choose_profiles, choose_account_profiles)
