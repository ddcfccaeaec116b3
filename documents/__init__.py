"""Documents: the signed credential, its verification, and the pages that carry it.

No Qt and no SQL: this room must run on a server. What it offers is in

* ``documents.credential``: claims, signing, the text of the QR code;
* ``documents.verify``: what a checkpoint, a clerk or a script asks of a document;
* ``documents.pages``: one PDF from declarative page data;
* ``documents.photo``: a photograph taken in, and the portrait small enough for the QR code;
* ``documents.raster``: a page of a PDF as a picture;
* ``documents.text``: text in any script, shaped and laid out.

Nothing is imported here: ReportLab, pdfium and the fonts are loaded by the first act
that needs them.
"""
