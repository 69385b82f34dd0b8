"""Hanweb's xxgk module: one address for each unit and year."""

from __future__ import annotations

from datetime import date

from foi_etl.practice.answers import Answer, Params, Site, page, report_page
from foi_etl.practice.places import unit_of

PATH = "/module/xxgk/xxgkAnnualReport.jsp"


def answer(site: Site, path: str, params: Params) -> Answer | None:
    """The report of a unit and a year; for a year it does not have, a template with nothing in it."""
    if path != PATH:
        return None
    agency_id = next(
        (site.country.agencies[i].id for i in site.indices if unit_of(i) == params.get("area")), None
    )
    if agency_id is None:
        return None
    published = site.country.published(agency_id)
    year = int(params["fbtime"]) if params.get("fbtime", "").isdecimal() else max(published, default=0)
    return report_page(site, agency_id, year) if year in published else _template(site, agency_id)


def _template(site: Site, agency_id: str) -> Answer:
    name = site.country.agency(agency_id).name
    options = "".join(f'<option value="{year}">{year}年</option>' for year in site.country.years)
    return page(
        '<!DOCTYPE html>\n<html><head><meta charset="UTF-8"><title>政府信息公开年报</title></head><body>\n'
        f'<div class="path">{name} &gt; 政府信息公开年报</div><select name="fbtime">{options}</select>\n'
        '<div id="zoom"></div>\n</body></html>\n',
        date(min(site.country.years), 1, 1),
    )
