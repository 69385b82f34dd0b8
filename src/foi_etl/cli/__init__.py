"""The command line: one command for each thing a person does at night."""
