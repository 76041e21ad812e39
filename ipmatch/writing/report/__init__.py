"""Material -> a page, a workbook, Markdown, letters and sheets; nothing here computes a score."""
