"""The register of measures: YAML files that are read, checked and recorded."""
