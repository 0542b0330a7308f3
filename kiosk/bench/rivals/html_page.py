"""WeasyPrint's turn: the document (kiosk/bench/same_document.py) as JSON on stdin, the PDF on stdout."""

import html
import json
import sys
from typing import Any


def page_of(document: dict[str, Any]) -> str:
    """The document as HTML and CSS for print."""
    tables = "".join(_table(table) for table in document["tables"])
    notices = "".join(f"<li>{html.escape(text)}</li>" for text in document["notices"])
    title, band = html.escape(document["title"]), document["band"]
    return f"""<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title}</title>
<style>{_css(document)}</style></head><body>
<img class="band" style="top:-7mm;height:11pt" src="{band}" alt="">
<img class="band" style="bottom:-6mm;height:9pt" src="{band}" alt="">
<div class="micro">{document["micro"]}</div><h1>{title}</h1>{tables}
<div class="end"><p class="says">{html.escape(document["certifies"])}</p><p class="date">{document["date"]}</p>
<p class="office">{html.escape(document["office"])} <img class="stamp" src="{document["stamp"]}" alt=""></p>
<div class="foot"><img class="qr" src="{document["qr"]}" alt=""><ul>{notices}</ul></div></div></body></html>"""


def _table(table: dict[str, Any]) -> str:
    columns = "".join(f'<col style="width:{width}mm">' if width else "<col>" for width in table["widths_mm"])
    name = f'<tr><th class="name" colspan="{len(table["widths_mm"])}">{html.escape(table["name"])}</th></tr>'
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in table["head"])
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in table["rows"]
    )
    head = f"<tr>{head}</tr>" if table["head"] else ""
    return f"<table><colgroup>{columns}</colgroup><thead>{name}{head}</thead><tbody>{rows}</tbody></table>"


def _css(document: dict[str, Any]) -> str:
    number, check = (json.dumps(document[name], ensure_ascii=False) for name in ("number", "check"))
    gothic, serif = document["gothic"], document["serif"]
    count = "counter(page) ' / ' counter(pages)"
    return f"""
@page {{ size: 210mm 297mm; margin: 24mm 15mm 20mm;
  @top-left {{ content: {number}; font: bold 9.6pt '{gothic}'; }}
  @top-right {{ content: {count}; font: 8.4pt '{gothic}'; }}
  @bottom-left {{ content: {check}; font: 7.2pt '{gothic}'; }}
  @bottom-center {{ content: {count}; font: 7.2pt '{gothic}'; }} }}
body {{ line-height: 1.3; font-size: 8.8pt; font-family: '{gothic}'; margin: 0; }}
.band {{ position: fixed; left: 0; width: 100%; object-fit: fill; }}
.micro {{ position: fixed; left: 0; bottom: -13mm; font-size: 1.7pt; white-space: nowrap; }}
h1 {{ margin: 8pt; font: bold 23pt '{serif}'; text-align: center; }}
table {{ border-collapse: collapse; width: 100%; margin-bottom: 5pt; border: 1.2pt solid; table-layout: fixed; }}
td, th {{ border: .36pt solid; padding: 2.6pt 3.6pt; text-align: center; font-weight: normal; }}
th.name {{ text-align: left; font-weight: bold; }} tr {{ break-inside: avoid; }}
.end {{ break-inside: avoid; text-align: center; }} .says {{ font: 12.5pt '{serif}'; }}
.date {{ font: 12pt '{serif}'; }} .office {{ font: bold 19pt '{serif}'; }}
.stamp {{ width: 74pt; vertical-align: middle; }} .foot {{ display: flex; text-align: left; border-top: .6pt solid; }}
.qr {{ width: 97pt; height: 97pt; }} li {{ font-size: 7.8pt; }}"""


if __name__ == "__main__":
    import weasyprint

    # Tagged, for the archive and for screen readers, as ours.
    weasyprint.HTML(string=page_of(json.load(sys.stdin))).write_pdf(sys.stdout.buffer, pdf_variant="pdf/a-2a")
