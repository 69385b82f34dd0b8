"""Documents that are pages of ink: what stands where on a sheet, and which tables its rules and gaps make."""
