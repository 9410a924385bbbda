"""The EU's list, mutated: as XML, and as CSV in both formats."""

from tests.unit.lists.grades.mutations import (
    Sample,
    attribute_added,
    cell_put,
    column_added,
    element_added,
    replaced,
)

_OLD, _NEW = "eu_fsf/csv_2018_format_1_0.csv", "eu_fsf/csv_2020_format_1_1.csv"
_MARKED = "utf-8-sig"

SAMPLES = (
    Sample(
        word="eu_xml",
        source="eu_fsf",
        files=("eu_fsf/export_2022.xml",),
        unknown=element_added("sanctionEntity"),
        blank=replaced('logicalId="13"', 'logicalId=""'),
        code=replaced('code="person"', 'code="network"'),
    ),
    Sample(
        word="eu_xml",
        source="eu_fsf",
        files=("eu_fsf/export_2020.xml",),
        unknown=attribute_added("nameAlias"),
        blank=replaced(' programme="', ' programme="" number="'),
        code=replaced('strong="true"', 'strong="rather"'),
    ),
    Sample(
        word="eu_csv",
        source="eu_fsf",
        files=(_OLD,),
        unknown=column_added(delimiter=";", encoding=_MARKED),
        blank=cell_put("Entity_logical_id", "", delimiter=";", encoding=_MARKED),
        code=cell_put("Subject_type", "N", delimiter=";", encoding=_MARKED),
        header=0,
        cut_is_seen=False,
    ),
    Sample(
        word="eu_csv",
        source="eu_fsf",
        files=(_NEW,),
        unknown=column_added(delimiter=";", encoding=_MARKED),
        blank=cell_put("Entity_LogicalId", "", delimiter=";", encoding=_MARKED),
        code=cell_put("BirthDate_Circa", "maybe", delimiter=";", encoding=_MARKED),
        header=0,
        cut_is_seen=False,
    ),
)
