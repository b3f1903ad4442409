"""Documents to download: statements, invoices and credit notes as PDF, tables as XLSX; any script that Noto Sans has."""
