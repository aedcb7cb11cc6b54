"""A community on one page: text, figures, reasons."""

from cmlib.report.figures import Audit, audit
from cmlib.report.page import audit_page, first_page

__all__ = ["Audit", "audit", "audit_page", "first_page"]
