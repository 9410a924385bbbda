"""What needs a licence: the printed requirement, clause by clause."""

import re
from functools import lru_cache

from service.model.licence import REMEMBERED_TEXTS, LicenceRequirement, ReviewPolicy
from service.parse.licence_terms.policies import count_policies, read_policies
from service.parse.licence_terms.references import SECTIONS

_SUPPLEMENT = r"supplement no\. \d+ to part \d+(?: of the EAR)?"
_ITEMS = re.compile(
    r"(?:For )?(?P<items>"
    rf"(?:all|any) items? subject to the EAR listed in {_SUPPLEMENT}"
    rf"|items on the CCL and (?:EAR99 items )?listed in {_SUPPLEMENT}"
    # `subjects`: a slip
    r"|(?P<all>all items subjects? to the EAR))",
    re.IGNORECASE,
)
# Words up to the end of the sentence. `U.S. Government` would end it too early, and is then not
# understood. The one definition that follows an exception belongs to it.
_WORDS = r"(?:(?!(?-i:\. [A-Z](?!ussia does not include))).)+?"
_END = r"(?=\.? (?-i:\(See|See|This|The) |\.?$)"
_OVERCOME = "This license requirement may be overcome by License Exception"
_EXTEND = "The license requirements under this entry also extend to"
_CLAUSE = re.compile(
    "|".join(
        (
            # `. (See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR.)`, and a mark behind it
            rf"[.,;]? ?\(? ?See ?{SECTIONS}\.?\)?\.?(?: ?\d(?!\d))?",
            rf" when used in (?P<used_in>projects specified in{SECTIONS})",
            rf",? ?(?:except(?: for)?|apart from)[: -]+(?P<except_for>{_WORDS}){_END}",
            rf",? with (?P<policies>case-by-case basis for {_WORDS}){_END}",
            rf"\.? {_OVERCOME} (?P<overcome_by>{_WORDS})\.?$",
            rf"\.? {_EXTEND} (?P<extends_to>{_WORDS})\.?$",
            r"[ .,;)]",
        )
    ),
    re.IGNORECASE,
)
_Read = tuple[LicenceRequirement | None, tuple[ReviewPolicy, ...]]


@lru_cache(maxsize=REMEMBERED_TEXTS)
def read_requirement(text: str) -> _Read:
    """The requirement, and the review policies that a few print in the midst of it.

    None and no policies where any of its words are not understood.
    """
    line = " ".join(text.split())
    items = _ITEMS.match(line)
    said = None if items is None else _clauses(line, items.end())
    if items is None or said is None:
        return None, ()
    policies = read_policies(said.pop("policies", ""))
    if count_policies(line) != len(policies):
        return None, ()
    requirement = LicenceRequirement(
        scope="named_items" if items["all"] is None else "all_items",
        items=items["items"],
        **said,
    )
    return requirement, policies


def _clauses(line: str, at: int) -> dict[str, str] | None:
    """What each clause says, by its name; None where one is none that we know, or stands twice."""
    said = dict[str, str]()
    while at < len(line):
        clause = _CLAUSE.match(line, at)
        if clause is None or clause.lastgroup in said:
            return None
        if clause.lastgroup is not None:
            said[clause.lastgroup] = clause[clause.lastgroup].strip()
        at = clause.end()
    return said
