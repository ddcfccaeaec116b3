"""How Waystation looks: tokens, palettes, the style sheet made from them, fonts and icons.

Nothing outside this package names a colour, a size or a font.
"""
