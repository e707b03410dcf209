package rounds.simulator

import java.io.File
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream

/** Writes a workbook of plain texts: sheets with their rows. As much of xlsx as a questionnaire needs. */
internal fun workbook(file: File, sheets: Map<String, List<List<String>>>) = ZipOutputStream(file.outputStream()).use { zip ->
    fun entry(name: String, text: String) {
        zip.putNextEntry(ZipEntry(name))
        zip.write("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>$text".toByteArray())
        zip.closeEntry()
    }
    val numbers = sheets.keys.withIndex().map { (index, name) -> index + 1 to name }
    entry(
        "[Content_Types].xml",
        "<Types xmlns=\"$PACKAGE/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>" +
            "<Override PartName=\"/xl/workbook.xml\" ContentType=\"$TYPE.sheet.main+xml\"/>" +
            numbers.joinToString("") { (n, _) -> "<Override PartName=\"/xl/worksheets/sheet$n.xml\" ContentType=\"$TYPE.worksheet+xml\"/>" } + "</Types>",
    )
    entry("_rels/.rels", "<Relationships xmlns=\"$PACKAGE/relationships\"><Relationship Id=\"r1\" Type=\"$OFFICE/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")
    entry(
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"$PACKAGE/relationships\">" +
            numbers.joinToString("") { (n, _) -> "<Relationship Id=\"r$n\" Type=\"$OFFICE/worksheet\" Target=\"worksheets/sheet$n.xml\"/>" } + "</Relationships>",
    )
    entry(
        "xl/workbook.xml",
        "<workbook xmlns=\"$MAIN\" xmlns:r=\"$OFFICE\"><sheets>" +
            numbers.joinToString("") { (n, name) -> "<sheet name=\"$name\" sheetId=\"$n\" r:id=\"r$n\"/>" } + "</sheets></workbook>",
    )
    sheets.values.forEachIndexed { index, rows ->
        val body = rows.joinToString("") { row -> "<row>${row.joinToString("") { "<c t=\"inlineStr\"><is><t>${escaped(it)}</t></is></c>" }}</row>" }
        entry("xl/worksheets/sheet${index + 1}.xml", "<worksheet xmlns=\"$MAIN\"><sheetData>$body</sheetData></worksheet>")
    }
}

private fun escaped(text: String) = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

private const val PACKAGE = "http://schemas.openxmlformats.org/package/2006"
private const val OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
private const val MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
private const val TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
