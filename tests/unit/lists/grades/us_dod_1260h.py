"""The 1260H list, whose sample is missing: its reader does not read in three grades yet."""

from tests.unit.lists.grades.mutations import Sample

SAMPLES: tuple[Sample, ...] = ()
