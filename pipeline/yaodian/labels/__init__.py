"""The annotation scheme as code: entity types with their attributes, functions and instruments.

A new entity type is a module beside these and one line in `ENTITY_TYPES`.
"""

from yaodian.labels.base import Attributes, EntityType
from yaodian.labels.hazard import HAZARD, HazardAttributes
from yaodian.labels.institution import INSTITUTION, InstitutionAttributes
from yaodian.labels.quantity import QUANTITY, QuantityAttributes
from yaodian.labels.regulation import REGULATION, RegulationAttributes
from yaodian.labels.taxonomy import MeasureClass, functions, instruments, phase_of

SCHEME_VERSION = "1.1"
ENTITY_TYPES = {t.name: t for t in (INSTITUTION, REGULATION, HAZARD, QUANTITY)}

__all__ = [
    "ENTITY_TYPES",
    "SCHEME_VERSION",
    "Attributes",
    "EntityType",
    "HazardAttributes",
    "InstitutionAttributes",
    "MeasureClass",
    "QuantityAttributes",
    "RegulationAttributes",
    "functions",
    "instruments",
    "phase_of",
]
