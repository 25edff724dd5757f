#!/bin/sh
# Makes the files here with independent programs, from article.md and ferry.html. See README.md.
set -eu
cd "$(dirname "$0")"
export SOURCE_DATE_EPOCH=1711000000
work=$(mktemp -d)

pandoc article.md -s -o pandoc.html
pandoc article.md -s -o pandoc.docx
pandoc article.md -s -o pandoc.epub

# LibreOffice: a document with a running header and page numbers.
pandoc --print-default-data-file reference.odt > "$work/reference.odt"
(
    cd "$work"
    unzip -q -o reference.odt styles.xml
    python3 - <<'PY'
import re

styles = open("styles.xml", encoding="utf-8").read()
header = "<style:header><text:p>Harbour Press · Tide tables</text:p></style:header>"
styles = re.sub(r"(<style:master-page\b[^>]*>)", rf"\1{header}", styles)
open("styles.xml", "w", encoding="utf-8").write(styles)
PY
    zip -q reference.odt styles.xml
)
pandoc article.md -s --reference-doc "$work/reference.odt" -o "$work/libreoffice.odt"
soffice --headless --convert-to docx --outdir . "$work/libreoffice.odt" > /dev/null 2>&1
soffice --headless --convert-to pdf --outdir . "$work/libreoffice.odt" > /dev/null 2>&1
soffice --headless --convert-to epub --outdir . "$work/libreoffice.odt" > /dev/null 2>&1

# A browser's print to PDF, with the date, the title, the address and page numbers it adds.
cp ferry.html /tmp/ferry.html  # its address is printed on the pages
chromium --headless --no-sandbox --disable-gpu --print-to-pdf=chromium.pdf \
    file:///tmp/ferry.html > /dev/null 2>&1

# groff: justified lines with words parted at their ends. Ghostscript keeps only the letters used.
pandoc article.md -s -t ms | groff -ms -Tpdf -k 2> /dev/null > "$work/groff.pdf"
gs -q -sDEVICE=pdfwrite -o groff.pdf "$work/groff.pdf"

qpdf --encrypt secret secret 256 -- groff.pdf encrypted.pdf
rm -r "$work" /tmp/ferry.html
