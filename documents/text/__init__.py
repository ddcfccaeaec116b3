"""Text in any script: from characters to positioned glyphs, and into a PDF.

The steps, each a module: `bidi` (UAX 9 levels), `itemise` (runs of one script, face and
direction), `shape` (HarfBuzz), `lines` (line breaks and visual order), `pdf` (glyphs into
ReportLab so that what is copied out of the PDF is the text again). `faces` knows the fonts.

ReportLab's own shaping is not used: without a package that cannot be had it draws Arabic words
in the wrong order, and with it dates in Arabic-Indic digits backwards.
"""
