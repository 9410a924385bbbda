"""The fields that several structs on measures share, each with what it means."""

from datetime import date

IdOfMeasure = str
"""Id of the measure in the register, such as `us-bis-affiliates-rule`; it never changes."""
IdOfEvent = str
"""Id of the event, unique within its measure and never used again."""
MeasureTitle = str
"""Title of the measure, in English."""
MeasureKind = str
"""What sort of measure it is, in a word: `programme`, `general_licence`, `ownership_rule` …"""
AuthorityName = str
"""Who issued it, by the name in the register: `BIS`, `OFAC`, `MOFCOM`."""
JurisdictionCode = str
"""Whose law it is, by the code in the register: `US`, `CN`, `EU`, `UK`, `UN` …"""
ConditionAsked = str | None
"""A question to the reader: only if the answer is yes does the measure reach the counterparty.

Null if it reaches without a condition.
"""
FromAuthority = bool
"""False if the statement comes from somebody other than the measure's own authority; it then never
loosens the measure."""
IsConfirmed = bool
"""False if the status rests on silence, or on a fact that could not be read."""
NextChangeOn = date | None
"""First later day on which the status changes unless something new is recorded; null if none."""
ResidualDuty = str | None
"""A duty that remains beside the measure's own, or after its end; null if there is none."""
CheckedUntil = date | None
"""Last day on which the register's sources for the measure were read, or until which a person has
confirmed that the places that decide it were read; null if no such day is recorded."""
PlainWords = str | None
"""What it does, in plain English; null if nobody has written it."""
MeasureCitation = str
"""The legal act, as lawyers cite it: `90 FR 50857`."""
ActCitation = str | None
"""The act that states the event, as lawyers cite it; null if none is recorded."""
ActLink = str | None
"""Where the act can be read; null if no address is recorded."""
ActQuote = str | None
"""The act's own words, in its own language; null if nobody has read them."""
ActForm = str | None
"""The form of the act: `legal_instrument`, `official_statement`, `general_licence`, `court_order`,
`private_letter` …; null if not recorded. A renewal known from the `press` keeps a measure in
force, and never confirmed."""
PRESS_REPORT = "press"
AnnouncedOn = date | None
"""The day on which it was announced; null if not announced, or not recorded."""
PublishedOn = date | None
"""The day on which the act was published; it is public from this day or, if earlier, the day of
its announcement. Null if not published, or not recorded."""
EffectiveOn = date | None
"""First day of its effect, which publication is not; null if not recorded."""
StatedEnd = date | None
"""Its end, as the act states it; null if it states none or none is recorded."""
AffectedSlice = str | None
"""The part of the measure that it is about, in words; null for the whole."""
