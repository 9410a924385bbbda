"""Convert a derived copy of the UK Sanctions List back to the official CSV file.

python -m tools.quality.remake_uk_sl --derived FOLDER --report-date 29-Apr-2026 --out FILE.csv

The folder has `subjects.csv`, `subject_names.csv` and `subject_identifiers.csv`: subjects, names
and numbers as the FCDO prints them, in separate tables. Fields that the copy lacks (addresses,
reasons, nationalities) stay blank. The name of the regime comes from the first letters of the
Unique ID, which identify one set of regulations.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

_HEADER = (
    "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,"
    "Name 5,Name type,Alias strength,Title,Name non-latin script,Non-latin script type,"
    "Non-latin script language,Regime Name,Designation Type,Designation source,Sanctions Imposed,"
    "Other Information,UK Statement of Reasons,Address Line 1,Address Line 2,Address Line 3,"
    "Address Line 4,Address Line 5,Address Line 6,Address Postal Code,Address Country,"
    "Phone number,Website,Email address,Date Designated,D.O.B,Nationality(/ies),"
    "National Identifier number,National Identifier additional information,Passport number,"
    "Passport additional information,Position,Gender,Town of birth,Country of birth,"
    "Type of entity,Subsidiaries,Parent company,Business registration number (s),IMO number,"
    "Current owner/operator (s),Previous owner/operator (s),Current believed flag of ship,"
    "Previous flags,Type of ship,Tonnage of ship,Length of ship,Year Built,"
    "Hull identification number (HIN)"
)
# Source: the titles of the regulations, https://www.legislation.gov.uk
_REGIMES = {
    "AFG": "The Afghanistan (Sanctions) (EU Exit) Regulations 2020",
    "AQD": "The ISIL (Da'esh) and Al-Qaida (United Nations Sanctions) (EU Exit) Regulations 2019",
    "BEL": "The Republic of Belarus (Sanctions) (EU Exit) Regulations 2019",
    "BIH": "The Bosnia and Herzegovina (Sanctions) (EU Exit) Regulations 2020",
    "CAF": "The Central African Republic (Sanctions) (EU Exit) Regulations 2020",
    "CHW": "The Chemical Weapons (Sanctions) (EU Exit) Regulations 2019",
    "CTD": "The Counter-Terrorism (Sanctions) (EU Exit) Regulations 2019",
    "CTI": "The Counter-Terrorism (International Sanctions) (EU Exit) Regulations 2019",
    "CYB": "The Cyber (Sanctions) (EU Exit) Regulations 2020",
    "DPR": "The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019",
    "DRC": "The Democratic Republic of the Congo (Sanctions) (EU Exit) Regulations 2019",
    "GAC": "The Global Anti-Corruption Sanctions Regulations 2021",
    "GHR": "The Global Human Rights Sanctions Regulations 2020",
    "GIM": (
        "The Global Irregular Migration and Trafficking in Persons Sanctions Regulations 2025"
    ),
    "GUB": "The Republic of Guinea-Bissau (Sanctions) (EU Exit) Regulations 2019",
    "GUC": "The Guinea (Sanctions) (EU Exit) Regulations 2019",
    "HAI": "The Haiti (Sanctions) Regulations 2022",
    "INU": "The Iran (Sanctions) (Nuclear) (EU Exit) Regulations 2019",
    "IRN": "The Iran (Sanctions) Regulations 2023",
    "IRQ": "The Iraq (Sanctions) (EU Exit) Regulations 2020",
    "LIB": "The Libya (Sanctions) (EU Exit) Regulations 2020",
    "MAL": "The Mali (Sanctions) (EU Exit) Regulations 2020",
    "MYA": "The Myanmar (Sanctions) Regulations 2021",
    "NIC": "The Nicaragua (Sanctions) (EU Exit) Regulations 2020",
    "RUS": "The Russia (Sanctions) (EU Exit) Regulations 2019",
    "SOM": "The Somalia (Sanctions) (EU Exit) Regulations 2020",
    "SSU": "The South Sudan (Sanctions) (EU Exit) Regulations 2019",
    "SUD": "The Sudan (Sanctions) (EU Exit) Regulations 2020",
    "SYR": "The Syria (Sanctions) (EU Exit) Regulations 2019",
    "VEN": "The Venezuela (Sanctions) (EU Exit) Regulations 2019",
    "YEM": "The Yemen (Sanctions) (EU Exit) Regulations 2020",
}
_NAME_TYPES = {
    "primary": "Primary Name",
    "primary_variation": "Primary name variation",
    "alias": "Alias",
}
_STRENGTHS = {
    "": "",
    "good_quality_aka": "Good quality a.k.a",
    "low_quality_aka": "Low quality a.k.a",
}
_TYPES = {"individual": "Individual", "entity": "Entity", "ship": "Ship"}
_NUMBERS = {
    "passport": ("Passport number", "Passport additional information"),
    "national": ("National Identifier number", "National Identifier additional information"),
    "business_registration_numbers": ("Business registration number (s)", None),
    "imo": ("IMO number", None),
}

type _Record = dict[str, str]


def main() -> None:
    """Read the three tables, and write one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--derived", type=Path, required=True)
    parser.add_argument("--report-date", required=True, help="DD-Mon-YYYY")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    header = next(csv.reader([_HEADER]))
    with given.out.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.write(f"Report Date: {given.report_date}\r\n")
        table = csv.DictWriter(stream, header, restval="")
        table.writeheader()
        table.writerows(_rows(given.derived))


def _rows(derived: Path) -> Iterator[_Record]:
    """Yield a row for each name of a subject, with its numbers on the first rows.

    The official file prints every name with every number, which adds no information.
    """
    names, numbers = defaultdict[str, list[_Record]](list), defaultdict[str, list[_Record]](list)
    for record in _records(derived / "subject_names.csv"):
        names[record["unique_id"]].append(_name(record))
    for record in _records(derived / "subject_identifiers.csv"):
        number = _number(record)
        if number not in numbers[record["unique_id"]]:
            numbers[record["unique_id"]].append(number)
    for subject in _records(derived / "subjects.csv"):
        unique_id = subject["unique_id"]
        fields = _subject(subject)
        named, numbered = names[unique_id], numbers[unique_id]
        for place in range(max(len(named), len(numbered))):
            name = named[min(place, len(named) - 1)]
            number = numbered[place] if place < len(numbered) else {}
            yield {**fields, **name, **number}


def _records(path: Path) -> Iterator[_Record]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _subject(record: _Record) -> _Record:
    return {
        "Last Updated": record["last_updated"],
        "Unique ID": record["unique_id"],
        "OFSI Group ID": record["ofsi_group_id"],
        "UN Reference Number": record["un_reference_number"],
        "Regime Name": _REGIMES[record["unique_id"][:3]],
        "Designation Type": _TYPES[record["subject_type"]],
        "Date Designated": record["date_designated"],
    }


def _name(record: _Record) -> _Record:
    parts = {f"Name {number}": record[f"name_{number}"] for number in range(1, 7)}
    return {
        **parts,
        "Name type": _NAME_TYPES[record["name_type"]],
        "Alias strength": _STRENGTHS[record["alias_strength"]],
    }


def _number(record: _Record) -> _Record:
    column, note = _NUMBERS[record["identifier_type"]]
    number = {column: record["raw_value"]}
    return number if note is None else {**number, note: record["additional_info"]}


if __name__ == "__main__":
    main()
