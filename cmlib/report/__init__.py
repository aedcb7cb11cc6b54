"""A community on one page: text, figures, reasons."""

from cmlib.report.auditing import Audit, audit, first_page
from cmlib.report.page import audit_page

__all__ = ["Audit", "audit", "audit_page", "first_page"]
