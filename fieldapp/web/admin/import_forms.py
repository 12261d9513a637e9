"""The two forms that bring a file in: boundaries and figures."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, SelectField, StringField

from fieldapp.services.import_files import YEARS
from fieldapp.services.import_runs import (
    INDICATOR_SOURCES,
    RequestImport,
    StoredUpload,
    UploadStore,
    shipped_mappings,
)
from fieldapp.web.admin.forms import AdminForm, choice, text

OWN_MAPPING = "eigen"
SYSTEMS = (
    ("", _l("Staat in het bestand")),
    ("EPSG:28992", _l("Rijksdriehoek, meters (EPSG:28992)")),
    ("EPSG:4326", _l("Lengte en breedte, graden (EPSG:4326)")),
)
SOURCES = {
    "kwb": _l("CBS Kerncijfers wijken en buurten (Excel)"),
    "statline": _l("CBS StatLine (CSV)"),
    "rivm": _l("RIVM gezondheid per buurt (Excel)"),
    "leefbaarometer": _l("Leefbaarometer (GeoJSON)"),
    "csv": _l("Eigen bestand (CSV)"),
}


class UploadForm(AdminForm):
    """A file with its year. A file that arrived is kept while the rest is corrected."""

    kind = ""
    file = FileField(_l("Bestand"))
    kept_name = HiddenField()
    kept_sha256 = HiddenField()

    def upload(self, store: UploadStore, field: str = "file") -> StoredUpload | None:
        """The file sent now, else the one kept from before; empty files are refused."""
        sent = request.files.get(field)
        if sent is not None and sent.filename:
            kept = store.write(sent.stream, sent.filename)
            if store.path(kept).stat().st_size == 0:
                self.refuse(field, _("Het bestand is leeg. Haal het opnieuw op bij de bron."))
                return None
            return kept
        if field == "file":
            return store.kept(text(self.kept_name.data), text(self.kept_sha256.data))
        return None

    def read_year(self) -> int:
        """The year, or 0 when it is refused."""
        typed = text(self["year"].data)
        if typed.isascii() and typed.isdigit() and int(typed[:9]) in YEARS:
            return int(typed)
        words = _("Vul een jaar in van %(first)s tot en met %(last)s.", first=1995, last=2100)
        self.refuse("year", words)
        return 0

    def command(self, store: UploadStore) -> RequestImport | None:
        """What was asked; None when something is refused."""
        file = self.upload(store)
        if file is not None:
            self.kept_name.data, self.kept_sha256.data = file.name, file.sha256
        elif not self.file.errors:
            self.refuse("file", _("Kies een bestand."))
        year = self.read_year()
        asked = self.options(store)
        if file is None or not self.is_right:
            return None
        return RequestImport(self.kind, file, year, **asked)

    def options(self, store: UploadStore) -> dict[str, Any]:
        """The other fields, as RequestImport takes them."""
        raise NotImplementedError


class AreasForm(UploadForm):
    """Boundaries."""

    kind = "areas"
    year = StringField(
        _l("Jaar van de grenzen"),
        description=_l("Voor welk jaar gelden deze grenzen? Het staat vaak in de bestandsnaam."),
    )
    crs = SelectField(_l("Coördinatenstelsel"), validate_choice=False)
    mapping = SelectField(_l("Kolomindeling"), validate_choice=False)
    mapping_file = FileField(
        _l("Eigen kolomindeling"),
        description=_l(
            "Alleen nodig als je hierboven een eigen kolomindeling koos. Een YAML-bestand."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file.description = _("GeoJSON of GeoPackage, bijvoorbeeld van CBS of PDOK.")
        self.crs.choices = [choice(*item) for item in SYSTEMS]
        self.mapping.choices = [
            choice("", _("Geen: het is een bestand van CBS, PDOK of Leefbaarometer")),
            *(choice(name, title) for name, title in shipped_mappings()),
            choice(OWN_MAPPING, _("Een eigen kolomindeling")),
        ]

    def options(self, store: UploadStore) -> dict[str, Any]:
        """CRS and mapping."""
        if self.crs.data not in dict(SYSTEMS):
            self.refuse("crs", _("Kies een coördinatenstelsel uit de lijst."))
        mapping: StoredUpload | str | None = None
        if self.mapping.data == OWN_MAPPING:
            mapping = self.upload(store, "mapping_file")
            if mapping is None and not self.mapping_file.errors:
                self.refuse("mapping_file", _("Kies het YAML-bestand met de kolomindeling."))
        elif self.mapping.data:
            mapping = str(self.mapping.data)
            if mapping not in dict(shipped_mappings()):
                self.refuse("mapping", _("Kies een kolomindeling uit de lijst."))
        return {"crs": self.crs.data or "", "mapping": mapping}


class FiguresForm(UploadForm):
    """Figures."""

    kind = "indicators"
    source = SelectField(_l("Bron"), validate_choice=False)
    year = StringField(
        _l("Jaar van de cijfers"), description=_l("Over welk jaar gaan deze cijfers?")
    )
    edition = StringField(
        _l("Uitgave"),
        description=_l(
            "Mag leeg blijven. Een bron vult cijfers later aan: geef elke uitgave een eigen naam, "
            "met het jaar voorop. Bijvoorbeeld 2024-10."
        ),
    )
    mapping_file = FileField(
        _l("Kolomindeling"),
        description=_l("Alleen bij een eigen CSV-bestand. Een YAML- of JSON-bestand."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source.choices = [choice(name, SOURCES[name]) for name in INDICATOR_SOURCES]

    def options(self, store: UploadStore) -> dict[str, Any]:
        """Source, edition and mapping."""
        if self.source.data not in INDICATOR_SOURCES:
            self.refuse("source", _("Kies een bron uit de lijst."))
        if len(text(self.edition.data)) > 40:
            words = _("Deze naam is te lang. Er passen %(limit)s tekens.", limit=40)
            self.refuse("edition", words)
        mapping = self.upload(store, "mapping_file")
        if self.source.data == "csv" and mapping is None and not self.mapping_file.errors:
            self.refuse("mapping_file", _("Kies het bestand met de kolomindeling."))
        return {
            "source": self.source.data or "",
            "edition": text(self.edition.data),
            "mapping": mapping,
        }
