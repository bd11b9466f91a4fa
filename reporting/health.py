"""What the health pages of deputy reporting list, in this order and by these names (deputy-operations 2)."""

import typst

from foundation import health
from foundation.clients.notify import notify
from foundation.clients.scanner import scanner
from foundation.health import check
from foundation.typesetting import fonts
from reporting.casework import deliveries
from reporting.clients.case_system import case_system
from reporting.home import nightly_files

SMALLEST_PDF = 700

check("Api", kind="service", pingdom=True)(health.database)
check("Redis", kind="service", pingdom=True)(health.redis)


@check("ClamAV", kind="service")
def scanner_answers() -> None:
    scanner().ping()


@check("htmlToPdf", kind="service")
def a_pdf_can_be_made() -> None:
    """The old name of the part that makes PDFs (typesetting, with our fonts)."""
    pdf = typst.Compiler(b"test", font_paths=fonts()).compile(format="pdf")
    if not isinstance(pdf, bytes) or len(pdf) <= SMALLEST_PDF or b"%PDF-1." not in pdf[:16]:
        raise ValueError("not a PDF")


@check("Sirius", kind="dependency")
def case_system_answers() -> None:
    case_system().health()


@check("Notify", kind="dependency", pingdom=True)
def mail_service_answers() -> None:
    notify().health()


check("Worker", kind="jobs")(health.worker)
check("Overnight jobs", kind="jobs")(health.overnight)
check("Nightly files", kind="jobs")(nightly_files.health)
check("Deliveries", kind="jobs")(deliveries.health)
