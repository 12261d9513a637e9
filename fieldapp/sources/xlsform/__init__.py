"""XLSForm: workbooks and Markdown of ODK, KoboToolbox and Survey123, in and out."""
