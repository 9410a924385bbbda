"""What other programs import of Abeyance: `abeyance.bulk` screens Arrow record batches."""
