"""What is asked: form definitions, code lists, drafts, and the rules that judge one form.

``forms.catalogue()`` gives the forms shipped with the program. The modules are imported by name;
none of them imports openpyxl or Babel before a list or a translated name is asked for.
"""

from forms.library import Catalogue, catalogue

__all__ = ["Catalogue", "catalogue"]
