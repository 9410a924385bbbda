"""Words by which a document states what it does, and words of documents that do nothing."""

import re

from abeyance_screening.engine.measures.measure import EventKind


def _any_of(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


ASKS = _any_of(
    r"^(?:request for|proposed|public briefing|procedures for access|membership of|impact of)\b",
    r"^(?:effectiveness of|publication of a report)\b",
    r"^notice of (?:request|the opening|inquiry|report|reestablishment)\b",
    r"\binformation collection\b|\bcomment request\b|\bperformance review board|\brecruitment\b",
    r"\bmeetings?\b|\bvirtual forum\b|\bconference\b|\bsection 232\b",
)
"""In the title of a document that only asks, invites or reports."""

PROPOSES = _any_of(
    r"\bpropos(?:es|ing) (?:to|controls)\b|\bproposed rule\b|\bnotice of inquiry\b",
    r"\b(?:requesting|seeking|request for) (?:public )?comments?\b",
)
MOVES_COMMENTS = _any_of(
    r"\bthis (?:document|notification|notice) (?:extends|reopens) the (?:deadline|comment)\b"
)
CALLS_ITSELF_RULE = _any_of(
    r"\bthis (?:interim )?(?:final )?rule\b|\(IFR\)",
    r"\bamend(?:s|ing) the Export Administration Regulations\b",
)

# Suspending a licence exception tightens controls; it suspends no measure.
_NO_EASING = r"(?! (?:the use of )?(?:certain )?(?:the availability of )?licen[sc]e exception)"

CHANGES: dict[EventKind, re.Pattern[str]] = {
    "extend_suspension": _any_of(r"\bexten(?:ds?|ding|sion of)\b[^.;]*\b(?:suspension|stay)\b"),
    "suspend": _any_of(
        rf"\b(?:suspension of|suspends|is suspending)\b{_NO_EASING}",
        r"\b(?:is|are) (?:stayed|suspended)\b",
    ),
    "delay": _any_of(
        r"\bdelay(?:s|ing)? (?:of )?(?:the )?effective date\b",
        r"\beffective date\b[^.;]*\bis (?:delayed|postponed)\b",
        r"\bextend(?:s|ing)\b[^.;]*\b(?:triggering|compliance|effective) date\b",
    ),
    "extend_authorisation": _any_of(
        r"\bextend(?:s|ed)?\b[^.;]*\bgeneral licen[sc]e\b",
        r"\bgeneral licen[sc]e\b[^.;]*\bextension of validity\b",
    ),
    "revoke_authorisation": _any_of(
        r"\b(?:revocation of|revok(?:es|ing))\b[^.;]*\b(?:authori[sz]ations?|licen[sc]es?)\b",
        r"\bremov(?:es|ing)\b[^.;]*\bfrom the Validated End[- ]+User\b",
    ),
    "authorise": _any_of(
        r"\b(?:issu|establish|creat|add)(?:es|ing)\b[^.;]*\btemporary general licen[sc]e\b",
        r"\btemporary general licen[sc]e\b[^.;]{0,20}\bvalid|^authori[sz]ation of\b",
        r"\bpublication of\b[^.;]*\bgeneral licen[sc]es? \d",
    ),
    "revoke": _any_of(
        r"\brescission of\b|\b(?:rescinds|rescinding|be rescinded)\b|\brepeal(?:s|ing)\b",
        r"\b(?:removal|revocation) of\b[^.;]*\b(?:sanctions regulations|rule)\b",
    ),
    "is_informed": _any_of(r"\bis[- ]informed\b|\binforming the public that\b"),
    "narrow": _any_of(
        r"\b(?:relax(?:es|ing)|eas(?:es|ing))\b[^.;]*\b(?:controls|restrictions)\b",
        r"\bfavorable treatment\b|\bpresumption of denial to a case-by-case\b",
        r"\bexcluded from certain license requirements\b|\bno longer a Country Group D:5\b",
        r"\bremov(?:e|es|ing) license requirements\b",
    ),
    "renew": _any_of(r"\bextension of controls\b|\bextends (?:that status|these controls)\b"),
}
"""By kind of event: the words of a sentence that change an existing measure."""

COVERED_BY: dict[EventKind, EventKind] = {
    "suspend": "extend_suspension",
    "authorise": "extend_authorisation",
    "revoke": "revoke_authorisation",
}
"""A kind is not looked for where its value is found: an extension is no new suspension."""

CORRECTS = _any_of(
    r"(?:;|, and) corrections?(?: and clarifications?)?\.?$|; corrections?;",
    r"\bthis document corrects\b|\bis correcting\b|\bpublishes this document to correct\b",
)

NEW_BY_TITLE = _any_of(
    r"\b(?:expansion|imposition|implementation) of\b[^;]*"
    r"\b(?:controls?|sanctions|restrictions|requirements|measures)\b",
    r"^(?:export )?controls? (?:measures )?(?:on|under)\b",
)
NEW_BY_SUMMARY = _any_of(
    r"\b(?:impos|add|establish|implement|expand)(?:e|s|es|ing)?\b[^.;]{0,60}"
    r"\b(?:(?:new|additional|necessary)\b[^.;]{0,40}\b(?:controls?|measures|prohibition)"
    r"|licens(?:e|ing) requirements?)\b",
    r"\bmore restrictive (?:treatment|licen[sc]e)|\brequiring a licen[sc]e\b",
    r"\bsets forth regulations\b",
)
OF_ANOTHER_ACT: frozenset[EventKind] = frozenset(
    {"suspend", "extend_suspension", "delay", "revoke", "narrow", "renew"}
)
"""What moves, eases or ends another act is no new restriction, even if it repeats that one."""
