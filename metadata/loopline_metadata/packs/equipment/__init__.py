"""The pack of an industrial-equipment supplier, with a demo of twelve months."""
