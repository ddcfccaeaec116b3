"""The pages: a sheet to draw on, the blocks that pages share, one module per document."""
