"""The place of the sample of denied persons, and CSV files of one made-up row."""

CSV = "us_bis_dpl/dpl_2026-04-14.csv"
HEADER = (
    "Name_and_Address,Effective_Date,Expiration_Date,"
    "Appropriate Federal Register Citations,Type of Denial\r\n"
)


def row_of(name_and_address: str, rest: str = "1/2/2003,,1 F.R. 23,Standard") -> bytes:
    return f'{HEADER}"{name_and_address}",{rest}\r\n'.encode()
