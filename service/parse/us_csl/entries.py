"""An entry of the Consolidated Screening List in trade.gov's own words, out of either format."""

import msgspec


class CslAddress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address; the CSV file prints it as one text, which then stands in `address` alone."""

    address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class CslId(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number, or a remark that OFAC files among the numbers (`Gender`, `Website`).

    `note` is ours: what the CSV file prints of a day without saying which one.
    """

    type: str | None
    number: str | int | None = None
    country: str | None = None
    issue_date: str | None = None
    expiration_date: str | None = None
    note: str | None = None


class CslEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of `consolidated.json`; a row of `consolidated.csv` is brought into this shape.

    Required are the keys by which an entry is found and judged. The publisher leaves others out
    where they do not apply (a vessel's flag, a birthday), so their absence says nothing; a key
    that is not here fails the load.
    """

    source: str
    name: str
    programs: list[str] | None
    alt_names: list[str] | None
    addresses: list[CslAddress] | None
    federal_register_notice: str | None = None
    license_requirement: str | None = None
    license_policy: str | None = None
    hex_id: str | int | None = msgspec.field(default=None, name="_id")
    id: str | int | None = None
    entity_number: str | int | None = None
    type: str | None = None
    title: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    date_of_listing: str | None = None
    standard_order: str | None = None
    call_sign: str | None = None
    vessel_type: str | None = None
    gross_tonnage: str | int | None = None
    gross_registered_tonnage: str | int | None = None
    vessel_flag: str | None = None
    vessel_owner: str | None = None
    remarks: str | None = None
    source_list_url: str | None = None
    source_information_url: str | None = None
    citizenships: list[str] | None = None
    dates_of_birth: list[str] | None = None
    nationalities: list[str] | None = None
    places_of_birth: list[str] | None = None
    ids: list[CslId] | None = None
    country: str | None = None
    score: float | int | str | None = None


class CslFile(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of `consolidated.json`.

    What stands beside `results` describes the export, not the lists, and may come and go.
    """

    results: list[CslEntry]
    total: int | None = None
    search_performed_at: str | None = None
