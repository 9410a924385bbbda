"""The register of measures: YAML that is read, checked and recorded."""
