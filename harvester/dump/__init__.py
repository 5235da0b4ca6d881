"""Files of records: where they lie, what they are packed in, what each of them states."""
