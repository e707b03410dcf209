"""What an office sends in: uploads.py PACK FOLDER makes the next version of a pack as a zip, and a workbook of stores."""
import re
import sys
import zipfile
from pathlib import Path

pack, folder = Path(sys.argv[1]), Path(sys.argv[2])

with zipfile.ZipFile(folder / "pack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for file in sorted(path for path in pack.rglob("*") if path.is_file()):
        data = file.read_bytes()
        if file.name == "pack.toml":
            data = re.sub(rb"^version = (\d+)", lambda m: b"version = %d" % (int(m[1]) + 1), data, flags=re.M)
        archive.writestr(str(file.relative_to(pack)), data)

ROWS = [["code", "label", "store_type"], ["S9101", "新城店", "convenience"], ["S9102", "星海店", "supermarket"]]
WRONG = ROWS + [["S9103", "", "kiosk"]]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(path, rows):
    """A workbook with one sheet of texts."""
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'.format
    sheet = "".join("<row>" + "".join(map(cell, row)) + "</row>" for row in rows)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="stores" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)


workbook(folder / "stores.xlsx", ROWS)
workbook(folder / "stores-wrong.xlsx", WRONG)
