"""The fields that a table's columns are read as: chosen by the user, or guessed by the header."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, cast, get_args

import msgspec

from abeyance_screening.primitives.errors import BadInputError

ColumnField = Literal[
    "name",
    "alias",
    "id",
    "country",
    "entity_type",
    "birth_date",
    "identifier",
    "address",
    "owner",
    "share",
]
FIELDS: tuple[ColumnField, ...] = get_args(ColumnField)
FIELD_LABELS: Mapping[ColumnField, str] = MappingProxyType(
    {
        "name": "Name (needed)",
        "alias": "Other names",
        "id": "Your own id",
        "country": "Country",
        "entity_type": "Person or company",
        "birth_date": "Date of birth",
        "identifier": "Number (tax, LEI, IMO …)",
        "address": "Address",
        "owner": "Owner",
        "share": "Owner's share in %",
    }
)
"""The fields as a person chooses them."""

# Headers of a party's name; they take precedence over a mere `Name`, which may be a contact's.
_TELLING_NAMES = """
counterparty|counterparty name|company|company name|legal name|legal entity name|entity name
business name|organisation|organization|organisation name|organization name|full legal name
customer|customer name|client|client name|supplier|supplier name|vendor|vendor name
partner name|business partner|account name|name of company|name of entity|party name
party|consignee|consignee name|beneficiary|beneficiary name|registered name|firm|firm name
firma|firmenname|firmierung|unternehmen|unternehmensname|name der firma|geschaftspartner|kunde
kundenname|lieferant|lieferantenname|name 1|name1|debitor|kreditor
raison sociale|denomination|denomination sociale|nom de la societe|nom de l entreprise|societe
entreprise|client nom|nom du client|fournisseur|nom du fournisseur
razon social|denominacion|denominacion social|empresa|nombre de la empresa|cliente|proveedor
ragione sociale|denominazione|denominazione sociale|azienda|societa|fornitore|nome azienda
razao social|denominacao|denominacao social|nome da empresa|fornecedor
bedrijf|bedrijfsnaam|handelspartner|klant|klantnaam|leverancier|statutaire naam
nazwa firmy|firma nazwa|nazwa kontrahenta|kontrahent|klient|dostawca
nazev firmy|nazev spolecnosti|obchodni firma|odberatel|dodavatel
наименование|наименование организации|полное наименование|контрагент|наименование контрагента
организация|компания|название компании|название организации|клиент|поставщик|покупатель
назва|назва компанії|найменування|контрагент назва|повне найменування
firma adi|sirket|sirket adi|unvan|ticaret unvani|musteri|tedarikci
公司|公司名称|企业名称|客户名称|供应商名称|交易对手|单位名称|名称|公司名稱|企業名稱|客戶名稱|供應商名稱
会社名|企業名|取引先|取引先名|法人名|商号
회사명|업체명|거래처|거래처명|법인명|상호
اسم الشركة|الشركة
"""
_WORDS: dict[ColumnField, str] = {
    "name": """
name|full name|nom|nombre|nome|naam|nazwa|nazev|имя|название|ім я|ad|isim|名前|名字|이름|성명
الاسم|nimi|namn|navn
""",
    "alias": """
alias|aliases|aka|a k a|also known as|other name|other names|trade name|trading name|trading as
dba|d b a|doing business as|former name|former names|previous name|short name|english name
local name|native name|name local|name in english|name in original language|brand name
weitere namen|andere namen|handelsname|kurzname|fruherer name|aliasname
autres noms|nom commercial|ancien nom|sigle|otros nombres|nombre comercial|nombre anterior
altri nomi|nome commerciale|outros nomes|nome fantasia|nome comercial|handelsnaam
inne nazwy|nazwa skrocona|сокращенное наименование|краткое наименование|другие названия
прежнее наименование|английское наименование|наименование на английском|скорочена назва
别名|简称|英文名称|曾用名|別名|英文名|略称|英語名|별칭|영문명|اسماء اخرى
""",
    "id": """
id|counterparty id|customer id|customer number|customer no|client id|client number|supplier id
supplier number|vendor id|vendor number|vendor no|account id|account number|partner id|party id
internal id|reference|ref|record id|row id|bp number|business partner number|code
customer code|supplier code|vendor code
kundennummer|kunden nr|kundennr|lieferantennummer
debitorennummer|kreditorennummer|geschaftspartnernummer|nr|numero client|code client
code fournisseur|numero de cliente|codigo|codigo cliente|codice|codice cliente|klantnummer
numer klienta|код|код контрагента|номер клиента|客户编号|供应商编号|编号
客戶編號|取引先コード|거래처코드
""",
    "country": """
country|country code|countries|country of incorporation|country of registration|jurisdiction
country of residence|nationality|domicile|iso country|country iso|land
landercode|landerschlussel|landesschlussel
landerkennzeichen|sitzland|staat|pays|code pays|pays d immatriculation|pais|codigo pais|paese
nazione|codice paese|landcode|kraj|kod kraju|zeme|stat|страна|код страны|страна регистрации
юрисдикция|країна|ulke|ulke kodu|国家|国别|所在国家|国家代码|國家|国名|국가|국가코드|البلد|الدولة
""",
    "entity_type": """
entity type|party type|type of entity|legal entity type|counterparty type|person or organisation
rechtstrager|type d entite|tipo de entidad|тип лица|тип контрагента|主体类型|实体类型
""",
    "birth_date": """
birth date|birthdate|date of birth|dob|d o b|year of birth|birth year|born|born on
geburtsdatum|geburtstag|geburtsjahr|date de naissance|ne le|fecha de nacimiento|data di nascita
data de nascimento|geboortedatum|data urodzenia|datum narozeni|дата рождения|год рождения
дата народження|dogum tarihi|出生日期|出生年月日|生年月日|생년월일|تاريخ الميلاد
""",
    "identifier": """
identifier|identifiers|registration number|registration no|reg no|company number|company no
company registration number|business registration number|register number|tax id|tax id no
tax number|tin|vat|vat number|vat no|vat id|ein|lei|lei code|legal entity identifier|imo
imo number|imo no|duns|d u n s|duns number|bic|swift|swift code|bic swift|crn|uen|cin
handelsregisternummer|registernummer|hrb|ust idnr|ust id nr|ust id|umsatzsteuer id|steuernummer
siren|siret|numero d immatriculation|numero siren|numero siret|tva|numero de tva|cif|nif|rfc|ruc
numero de registro|codice fiscale|partita iva|p iva|cnpj|kvk|kvk nummer|btw|btw nummer|nip|regon
krs|ico|dic|инн|огрн|кпп|окпо|регистрационный номер|єдрпоу|код єдрпоу|vergi no|vergi numarasi
统一社会信用代码|注册号|工商注册号|組織機構代碼|统一编号|統一編號|法人番号|사업자등록번호|inn|ogrn|uscc
identification number|passport|passport number
""",
    "address": """
address|full address|addresses|registered address|business address|street address|street
address line|address line 1|address line 2|address line 3|city|town|postal code|postcode|zip
zip code|state|province|region|adresse|anschrift|strasse|hausnummer|plz|ort|stadt|postleitzahl
rue|ville|code postal|direccion|calle|ciudad|codigo postal|provincia|indirizzo|via|citta|cap
endereco|cidade|cep|adres|straat|plaats|postcode|ulica|miasto|kod pocztowy|adresa|ulice|mesto|psc
адрес|юридический адрес|город|улица|почтовый индекс|індекс|адреса|місто|adres satiri|sehir|il
地址|注册地址|城市|住所|所在地|住所地|주소|العنوان
""",
    "owner": """
owner|owners|owner name|shareholder|shareholders|shareholder name|parent|parent company|parent name
ultimate parent|ultimate beneficial owner|beneficial owner|beneficial owners|ubo|holder
eigentumer|gesellschafter|muttergesellschaft|anteilseigner|wirtschaftlich berechtigter
proprietaire|actionnaire|actionnaires|societe mere|beneficiaire effectif|propietario|accionista
accionistas|sociedad matriz|titular real|proprietario|azionista|azionisti|socio|soci
societa madre|acionista|acionistas|eigenaar|aandeelhouder|moedermaatschappij|wlasciciel
udzialowiec|akcjonariusz|vlastnik|владелец|собственник|учредитель|учредители|акционер|акционеры
участник|бенефициар|власник|засновник|ortak|hissedar
股东|股東|股东名称|母公司|所有者|株主|親会社|주주|모회사
""",
    "share": """
share|shares|share percent|percent|percentage|ownership percent|ownership percentage|ownership
owner share|shareholding|shareholding percent|stake|holding|percent owned|percent held|owned
anteil|anteile|anteil in percent|beteiligung|beteiligungsquote|part|parts|participation
pourcentage|quote part|participacion|porcentaje|quota|percentuale|partecipazione|participacao
percentagem|aandeel|percentage belang|udzial|podil|доля|доля percent|доля владения
процент|частка|hisse|hisse orani|pay orani|持股比例|持股|出资比例|股权比例|持股percent|持株比率
持分比率|출자비율|지분율
""",
}
_SEPARATOR = re.compile(r"[|\n]")
_NO_WORD = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBER_AT_END = re.compile(r"\s(\d{1,3})$")
# The header row is searched in this many first rows; only titles of one cell each may precede it.
_TITLES = 20

ONE_COLUMN: tuple[ColumnField, ...] = ("name", "id", "entity_type", "birth_date")
"""The fields of which a table has one column at most."""

FIELD_BY_NAME: Mapping[str, ColumnField] = MappingProxyType({field: field for field in FIELDS})
# How many columns an error message lists.
_MOST_LISTED = 20


class ColumnMap(msgspec.Struct, frozen=True, kw_only=True):
    """The columns to read for each field; `guessed` are the fields that the user did not choose.

    `name`, `id`, `entity_type` and `birth_date` have one column at most, the others any number, in
    the order of the table. `unread` are the columns that are not read.
    """

    name: str
    id: str | None = None
    entity_type: str | None = None
    birth_date: str | None = None
    alias: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    identifier: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    share: tuple[str, ...] = ()
    guessed: tuple[ColumnField, ...] = ()
    unread: tuple[str, ...] = ()

    def columns_of(self, field: ColumnField) -> tuple[str, ...]:
        """Return the columns of one field."""
        columns = cast("Mapping[str, str | tuple[str, ...] | None]", msgspec.structs.asdict(self))
        found = columns[field]
        return (found,) if isinstance(found, str) else found or ()


class FieldChoice(msgspec.Struct, frozen=True):
    """The user's choice for one field: its column, or None for no column at all."""

    field: ColumnField
    column: str | None


def map_columns(columns: Sequence[str], choices: Iterable[FieldChoice] = ()) -> ColumnMap:
    """Return the columns of each field: as chosen, and for the other fields by the header words.

    A field that the user chose is not guessed, and a chosen column is used for no other field.

    Raises:
        BadInputError: A chosen column does not exist or is chosen twice, a field of one column
            has several, no column could be the name, or several could be.
    """
    chosen_fields = tuple(choices)
    taken = _as_chosen(columns, chosen_fields)
    skipped = {each.field for each in chosen_fields}
    used = {column for named in taken.values() for column in named}
    guessed: list[ColumnField] = []
    for field in FIELDS:
        if field in skipped:
            continue
        found = [each for each in columns if each not in used and field_of(each) == field]
        picked = _picked(field, found)
        if picked:
            taken[field] = picked
            guessed.append(field)
    return _map(columns, taken, tuple(guessed))


def read_said(text: str) -> FieldChoice:
    """Read a choice such as `name=Company name`; `country=` means that no column is a country.

    Raises:
        BadInputError: The text has another form, or there is no such field.
    """
    printed, equals, column = text.partition("=")
    field = FIELD_BY_NAME.get(printed.strip())
    if not equals or field is None:
        known = ", ".join(FIELDS)
        raise BadInputError("map", f"{text!r} is not FIELD=COLUMN; the fields are {known}")
    return FieldChoice(field, " ".join(column.split()) or None)


def header_at(
    first: Sequence[tuple[int, Sequence[object]]], columns: Collection[str]
) -> tuple[int, list[str]]:
    """Return the number and the cells of the header row, without blank cells at its end.

    The header row is the first row with several cells, else the first row. A row of one cell
    above the former counts instead if it names one of `columns` or a name.

    Raises:
        BadInputError: There are no rows.
    """
    if not first:
        raise BadInputError("file", "has no rows")
    wide = [each for each in first if len(_filled(each[1])) > 1]
    for number, cells in first[:_TITLES] if wide else ():
        named = _filled(cells)
        if names_a_party(named, columns):
            return number, _texts(cells)
        if len(named) > 1:
            break
    number, cells = (wide or first)[0]
    return number, _texts(cells)


def plain(header: str) -> str:
    """Return a header's words, in lower case and without accents or signs: `company name`."""
    text = unicodedata.normalize("NFKD", _CAMEL.sub(" ", header).replace("%", " percent "))
    letters = "".join(each for each in text if not unicodedata.combining(each)).casefold()
    return " ".join(_NO_WORD.sub(" ", letters.replace("ß", "ss").replace("ł", "l")).split())


def field_of(header: str) -> ColumnField | None:
    """Return the field of a column by its header, None where the words are unknown.

    A number at the end is ignored: `Owner 2` is an owner.
    """
    word = plain(header)
    if word in _TELLING:
        return "name"
    found = _FIELD_BY_WORD.get(word)
    return found or _FIELD_BY_WORD.get(_NUMBER_AT_END.sub("", word))


def number_of(header: str) -> str:
    """Return the number in a header, "" where there is none: `2` of `Owner 2 %`."""
    found = re.search(r"\d+", plain(header))
    return "" if found is None else found.group()


def is_telling(header: str) -> bool:
    """Return whether the header of a name says that the name is a party's, not a contact's."""
    return plain(header) in _TELLING


def names_a_party(header: Iterable[str], columns: Collection[str]) -> bool:
    """Return whether a header has one of these columns, or one that could be a name."""
    return any(each in columns or field_of(each) == "name" for each in header)


def _as_chosen(
    columns: Sequence[str], choices: Sequence[FieldChoice]
) -> dict[ColumnField, tuple[str, ...]]:
    taken: dict[ColumnField, tuple[str, ...]] = {}
    used: dict[str, ColumnField] = {}
    for each in choices:
        if each.column is None:
            continue
        column = _known(columns, each.column)
        if column in used:
            raise BadInputError("map", f"column {column!r} is mapped to two fields")
        used[column] = each.field
        taken[each.field] = (*taken.get(each.field, ()), column)
    for field, named in taken.items():
        if field in ONE_COLUMN and len(named) > 1:
            reason = f"{field} is mapped to {len(named)} columns; only one is allowed"
            raise BadInputError("map", reason)
    return taken


def _known(columns: Sequence[str], column: str) -> str:
    """Return the column with this name, ignoring case where only one matches that way."""
    if column in columns:
        return column
    alike = [each for each in columns if each.casefold() == column.casefold()]
    if len(alike) == 1:
        return alike[0]
    raise BadInputError("map", f"no column is called {column!r}; there are {_listed(columns)}")


def _listed(columns: Sequence[str]) -> str:
    shown, more = ", ".join(map(repr, columns[:_MOST_LISTED])), len(columns) - _MOST_LISTED
    return shown if more <= 0 else f"{shown} and {more} more"


def _picked(field: ColumnField, found: list[str]) -> tuple[str, ...]:
    """Return the columns of those found for a field: the first for an id or a type, else all.

    Raises:
        BadInputError: Several could be the name.
    """
    if field == "name":
        return _name(found)
    return tuple(found[:1] if field in ONE_COLUMN else found)


def _name(found: list[str]) -> tuple[str, ...]:
    telling = [each for each in found if is_telling(each)] or found
    if len(telling) <= 1:
        return tuple(telling)
    first, second = map(_quoted, telling[:2])
    raise BadInputError(
        "map",
        f"{len(telling)} columns could be the name: {_listed(telling)}; say which, as "
        f"--map name={first}, and use another one for more names, as --map alias={second}",
    )


def _quoted(column: str) -> str:
    return f'"{column}"' if " " in column else column


def _map(
    columns: Sequence[str],
    taken: dict[ColumnField, tuple[str, ...]],
    guessed: tuple[ColumnField, ...],
) -> ColumnMap:
    if not taken.get("name"):
        raise BadInputError(
            "map", f"no column could be the name; say which, as --map name=…: {_listed(columns)}"
        )
    if taken.get("share") and not taken.get("owner"):
        # shares without owners: a column of another kind that happens to have this header
        taken = {field: named for field, named in taken.items() if field != "share"}
    used = {column for named in taken.values() for column in named}

    read: dict[str, object] = {
        field: named[0] if field in ONE_COLUMN else named
        for field, named in taken.items()
        if named
    }
    unread = tuple(each for each in columns if each not in used)
    return msgspec.convert({**read, "guessed": guessed, "unread": unread}, ColumnMap)


def _filled(cells: Sequence[object]) -> list[str]:
    return [each for each in _texts(cells) if each]


def _texts(cells: Sequence[object]) -> list[str]:
    texts = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _words(text: str) -> frozenset[str]:
    return frozenset(plain(each) for each in _SEPARATOR.split(text.strip()) if each.strip())


_TELLING = _words(_TELLING_NAMES)
_FIELD_BY_WORD: dict[str, ColumnField] = {
    word: field for field in reversed(FIELDS) for word in _words(_WORDS[field])
}
